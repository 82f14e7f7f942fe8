"""`sallyport learn` as a person uses it: answers on standard input, a browser at its proxy."""

import re
import subprocess
import threading
from pathlib import Path
from types import TracebackType

from support.client import Client, connect_tcp
from support.gateway import binary
from support.wait import PATIENCE, until


class Learner:
    """One running `sallyport learn --backend URL --listen 127.0.0.1:0 OPTION...`.

    The constructor returns when the proxy listens.
    """

    def __init__(self, backend_url: str, *options: str | Path) -> None:
        command = [binary(), "learn", "--backend", backend_url, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            [*command, *map(str, options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.stdout = b""
        self.stderr = b""
        self._readers = [
            threading.Thread(target=self._read, args=[name], daemon=True)
            for name in ("stdout", "stderr")
        ]
        for reader in self._readers:
            reader.start()
        until(lambda: b"user name" in self.stderr or self.process.poll() is not None, "the proxy")
        address = re.search(rb"http://127\.0\.0\.1:(\d+)/", self.stderr)
        assert address, self.stderr.decode()
        self.port = int(address[1])

    def connect(self) -> Client:
        return connect_tcp(self.port)

    def wait_for(self, words: str) -> None:
        """Until `words` stand on standard error behind what was waited for before."""
        behind = getattr(self, "_behind", 0)
        until(lambda: self.stderr.find(words.encode(), behind) >= 0, f"`{words}`: {self.stderr!r}")
        self._behind = self.stderr.find(words.encode(), behind) + len(words)

    def answer(self, line: str = "") -> None:
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def end_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def wait_until_ended(self) -> int:
        """Its exit code; then `stdout` and `stderr` are complete."""
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def __enter__(self) -> "Learner":
        return self

    def __exit__(self, kind: type | None, error: object, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _read(self, name: str) -> None:
        stream = getattr(self.process, name)
        while piece := stream.read1(4096):
            setattr(self, name, getattr(self, name) + piece)
