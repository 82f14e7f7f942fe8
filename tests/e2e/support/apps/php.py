"""Serves a tree of PHP files as `php -S` does, with folders of its own for sessions and other files."""

from pathlib import Path

from support.process import Server, start_on_free_port


def serve_php(folder: Path, tree: Path, settings: dict[str, str | Path]) -> tuple[int, Server]:
    """The port and the server; its log is php0.log in `folder`."""
    own = {"session.save_path": folder / "sessions", "sys_temp_dir": folder / "tmp", **settings}
    for name in ("sessions", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    options = [part for name, value in own.items() for part in ("-d", f"{name}={value}")]
    return start_on_free_port(
        lambda port: [
            *("env", "PHP_CLI_SERVER_WORKERS=4", "php"),
            *(*options, "-S", f"127.0.0.1:{port}", "-t", tree),
        ],
        folder / "php.log",
        ") started",
    )
