"""HTTP/1.1 messages as values: building requests and responses, and reading them strictly.

Strictly means that what a careless reader would repair is an error here: a bare line feed, a folded
line, two framings in one head. A gateway that emits such a thing fails its test.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

Fields = list[tuple[str, str]]
ReadMore = Callable[[], bytes]
"""Returns the next bytes of a connection, b"" at its end."""

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
STATUS_LINE = re.compile(r"HTTP/1\.1 ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)")
REQUEST_LINE = re.compile(rf"({TOKEN}) (\S+) HTTP/1\.1")
FIELD_LINE = re.compile(rf"({TOKEN}):([\t\x20-\x7e\x80-\xff]*)")


class Malformed(AssertionError):
    """A message that no strict reader accepts."""


class ConnectionEnded(AssertionError):
    """The peer closed in the middle of a message; `received` holds what had come until then."""

    def __init__(self, what: str, received: bytes = b"") -> None:
        super().__init__(f"{what}; received so far: {received[:400]!r}")
        self.received = received


@dataclass
class Message:
    """What requests and responses share. `head` holds the exact bytes up to the empty line."""

    head: bytes
    fields: Fields
    body: bytes = b""
    trailers: Fields = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        """The values of every line of that name, in order."""
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        """The one value of that name, None if absent; two lines of it fail the test."""
        values = self.all(name)
        assert len(values) < 2, f"{name} stands {len(values)} times: {values}"
        return values[0] if values else None

    def has(self, name: str) -> bool:
        return bool(self.all(name))


@dataclass
class Request(Message):
    method: str = ""
    target: str = ""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def cookies(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for line in self.all("Cookie") for pair in line.split("; "))


@dataclass
class Response(Message):
    status: int = 0
    reason: str = ""
    interim: list["Response"] = field(default_factory=list)
    """The 1xx responses that came before this one."""

    def set_cookies(self) -> dict[str, str]:
        """Cookie name → value of each Set-Cookie line (attributes: see `all("Set-Cookie")`)."""
        pairs = [line.partition(";")[0] for line in self.all("Set-Cookie")]
        return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def request(
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    host: str | None = "localhost",
) -> bytes:
    """The bytes of a request. Content-Length is added when there is a body and no framing given."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"Host: {host}"] if host is not None else []
    return _with_body(lines, list(headers), body, always_length=False)


def form_request(
    method: str,
    target: str,
    form: dict[str, str],
    headers: Iterable[tuple[str, str]] = (),
    host: str | None = "localhost",
) -> bytes:
    """A request whose body is the urlencoded `form`."""
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    return request(method, target, [kind, *headers], urlencode(form).encode(), host)


def response(
    status: int = 200,
    body: bytes = b"",
    headers: Iterable[tuple[str, str]] = (),
    reason: str = "Whatever",
) -> bytes:
    """The bytes of a response. Content-Length is added unless a framing is given (or 1xx/204/304)."""
    bodiless = status < 200 or status in (204, 304)
    lines = [f"HTTP/1.1 {status} {reason}"]
    return _with_body(lines, list(headers), body, always_length=not bodiless)


def redirect(location: str, *cookies: str, status: int = 302) -> bytes:
    """A redirect that sets `cookies`, each the whole value of a Set-Cookie line."""
    headers = [("Location", location), *(("Set-Cookie", cookie) for cookie in cookies)]
    return response(status, headers=headers)


def chunked(*chunks: bytes, trailers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The bytes of a chunked body, last chunk and trailers included."""
    parts = [f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks]
    lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
    return b"".join(parts) + b"0\r\n" + lines.encode("latin-1") + b"\r\n"


def _with_body(lines: list[str], fields: Fields, body: bytes, always_length: bool) -> bytes:
    framed = any(name.lower() in ("content-length", "transfer-encoding") for name, _ in fields)
    if (body or always_length) and not framed:
        fields.append(("Content-Length", str(len(body))))
    lines += [f"{name}: {value}" for name, value in fields]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class Reader:
    """Takes messages one after the other from a stream of bytes; what follows stays buffered."""

    def __init__(self, read_more: ReadMore) -> None:
        self._read_more = read_more
        self.buffer = b""

    def at_end(self) -> bool:
        """Waits for the next byte or the end of the stream; True when nothing is left to read."""
        if not self.buffer:
            self.buffer = self._read_more()
        return not self.buffer

    def response(self, method: str = "GET") -> Response:
        """The next final response to a `method` request, with its body and the 1xx before it."""
        interim = []
        while True:
            found = self.response_head()
            if found.status >= 200 or found.status == 101:
                break
            interim.append(found)
        found.interim = interim
        if method != "HEAD" and found.status not in (101, 204, 304):
            self.body_of(found, until_close=True)
        return found

    def response_head(self) -> Response:
        head, first, fields = self._head(STATUS_LINE)
        return Response(head, fields, status=int(first[1]), reason=first[2])

    def request_head(self) -> Request:
        head, first, fields = self._head(REQUEST_LINE)
        return Request(head, fields, method=first[1], target=first[2])

    def body_of(self, message: Message, until_close: bool = False) -> None:
        """Reads the body as the head frames it; a response without framing lasts until close."""
        length, coding = message.get("Content-Length"), message.get("Transfer-Encoding")
        if length is not None and coding is not None:
            raise Malformed(f"both framings in {message.head!r}")
        if coding is not None:
            self._chunks(message, coding)
        elif length is not None:
            message.body = self.exactly(_decimal(length))
        elif until_close:
            message.body = self.rest()

    def exactly(self, count: int) -> bytes:
        parts, missing = [self.buffer], count - len(self.buffer)
        while missing > 0:
            parts.append(self._more(f"{missing} bytes before the end of a body", b"".join(parts)))
            missing -= len(parts[-1])
        everything = b"".join(parts)
        self.buffer = everything[count:]
        return everything[:count]

    def rest(self) -> bytes:
        """Everything until the peer closes."""
        parts = [self.buffer]
        self.buffer = b""
        while piece := self._read_more():
            parts.append(piece)
        return b"".join(parts)

    def until(self, mark: bytes) -> bytes:
        """The bytes up to and including `mark`."""
        while mark not in self.buffer:
            self.buffer += self._more(f"before {mark!r}", self.buffer)
        taken, _, self.buffer = self.buffer.partition(mark)
        return taken + mark

    def _head(self, first_line: re.Pattern[str]) -> tuple[bytes, re.Match[str], Fields]:
        head = self.until(b"\r\n\r\n")
        lines = head.decode("latin-1")[:-4].split("\r\n")
        first = first_line.fullmatch(lines[0])
        if not first:
            raise Malformed(f"first line {lines[0]!r}")
        return head, first, [_field(line) for line in lines[1:]]

    def _chunks(self, message: Message, coding: str) -> None:
        if coding.lower() != "chunked":
            raise Malformed(f"Transfer-Encoding: {coding}")
        parts = []
        while size := self._chunk_size():
            parts.append(self.exactly(size))
            if self.exactly(2) != b"\r\n":
                raise Malformed("a chunk is not followed by CRLF")
        message.body = b"".join(parts)
        while (line := self.until(b"\r\n")) != b"\r\n":
            message.trailers.append(_field(line[:-2].decode("latin-1")))

    def _chunk_size(self) -> int:
        line = self.until(b"\r\n")[:-2].partition(b";")[0]
        if not re.fullmatch(rb"[0-9a-fA-F]{1,16}", line):
            raise Malformed(f"chunk size {line!r}")
        return int(line, 16)

    def _more(self, what: str, received: bytes) -> bytes:
        piece = self._read_more()
        if not piece:
            raise ConnectionEnded(f"the peer closed {what}", received)
        return piece


def _field(line: str) -> tuple[str, str]:
    match = FIELD_LINE.fullmatch(line)
    if not match:
        raise Malformed(f"field line {line!r}")
    return match[1], match[2].strip(" \t")


def _decimal(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise Malformed(f"Content-Length: {text}")
    return int(text)
