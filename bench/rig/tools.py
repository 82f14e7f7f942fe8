"""The programs that a measurement needs, and one clear sentence when one is missing."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = ROOT / "build/release/sallyport"

sys.path.insert(0, str(ROOT / "tests/e2e"))  # Certificates, policies and clients are those of the tests.

PACKAGES = {
    "nginx": "nginx-core",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
    "strace": "strace",
    "valgrind": "valgrind",
    "callgrind_control": "valgrind",
}


class Unusable(Exception):
    """Why nothing can be measured, as a sentence for whoever sits at the terminal."""


def require(*names: str) -> None:
    """Raises Unusable, naming the packages, when one of the programs is not there."""
    missing = [name for name in names if find(name) is None]
    if missing:
        packages = " ".join(sorted({PACKAGES[name] for name in missing}))
        raise Unusable(f"{', '.join(missing)} not found: apt-get install {packages}")


def find(name: str) -> str | None:
    """Where the program is; nginx lives in a folder that is not on everybody's path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def require_binary(binary: Path) -> None:
    if not binary.is_file():
        raise Unusable(f"{binary} is not there: cmake --workflow --preset release builds it")


def say(text: str) -> None:
    print(text, flush=True)


def exit_code_of(measure: Callable[[], None]) -> int:
    """Runs `measure`; what goes wrong becomes a sentence instead of a stack trace."""
    try:
        measure()
    except (Unusable, AssertionError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: interrupted", file=sys.stderr)
        return 130
    return 0
