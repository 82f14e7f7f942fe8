"""nginx in its two roles: the backend that everybody gets, and the proxy to compare with.

Each runs in the foreground as a single process in a folder of its own, on a free port of loopback.
"""

from collections.abc import Sequence
from pathlib import Path

from rig.load import BODY_BYTES, Target
from rig.tools import find
from support.pki import Pki
from support.process import Server, accepts, free_port
from support.wait import until

COMMON = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 100000000;
    access_log {access_log};
    {server}
}}
"""

# A login as legacy applications have it, and a page that tells what reached the backend.
BACKEND = """
    default_type text/html;
    server {{
        listen 127.0.0.1:{port};
        location = /login {{
            add_header Set-Cookie "APPSESSION=0123456789abcdef; Path=/";
            return 302 /page;
        }}
        location = /whoami {{ return 200 "$http_x_forwarded_user $http_cookie"; }}
        location / {{ return 200 "{body}"; }}
    }}
"""

PROXY = """
    upstream backend {{
        server 127.0.0.1:{backend};
        keepalive 64;
        keepalive_requests 100000000;
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {pki.certificate};
        ssl_certificate_key {pki.key};
        ssl_protocols TLSv1.2 TLSv1.3;
        location / {{
            proxy_pass http://backend;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
"""


class Nginx:
    """One running nginx. `prefix` is put before the command, for a tool that runs it."""

    def __init__(
        self, folder: Path, port: int, server: str, logs: bool = False, prefix: Sequence[str] = ()
    ) -> None:
        folder.mkdir()
        self._access_log = folder / "access.log" if logs else None
        self._seen, self._logged, self._expected = 0, 0, 0  # Bytes, lines, requests.
        config = folder / "nginx.conf"
        access_log = self._access_log or "off"
        config.write_text(COMMON.format(folder=folder, server=server, access_log=access_log))
        program = find("nginx")
        assert program is not None
        log = folder / "output.log"
        self.port = port
        self.target = Target(port)
        self._server = Server([*prefix, program, "-p", folder, "-c", config], log)
        self.pid = self._server.process.pid
        try:
            until(lambda: accepts(port) or not self._server.is_running(), "nginx to listen")
            assert self._server.is_running(), f"nginx did not start:\n{log.read_text()}"
        except BaseException:
            self.stop()
            raise

    def after(self, requests: int) -> None:
        """Waits for its log to tell of them; without one nothing is pending after the answers."""
        self._expected += requests
        wanted = self._expected
        if self._access_log:
            until(lambda: self._logged_lines() >= wanted, f"{wanted} lines in nginx's log")

    def stop(self) -> None:
        self._server.stop()

    def _logged_lines(self) -> int:
        assert self._access_log is not None
        with self._access_log.open("rb") as file:
            file.seek(self._seen)
            text = file.read()
        self._seen += len(text)
        self._logged += text.count(b"\n")
        return self._logged


def start_backend(folder: Path) -> Nginx:
    port = free_port()
    server = BACKEND.format(port=port, body="x" * BODY_BYTES)
    return Nginx(folder, port, server)


def start_proxy(
    folder: Path, backend: Nginx, pki: Pki, logs: bool, prefix: Sequence[str] = ()
) -> Nginx:
    port = free_port()
    server = PROXY.format(port=port, backend=backend.port, pki=pki)
    return Nginx(folder, port, server, logs, prefix)
