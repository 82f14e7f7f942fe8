"""Where a request comes from (BND-002, IDF-005): the peer, or whom a listed proxy speaks for."""

import socket
import ssl
from collections.abc import Callable

import pytest

from support.backend import FakeBackend
from support.client import Client
from support.gateway import Gateway, run_sallyport, write_policy
from support.policy import Policy, basic_policy
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

PROXY, STRANGER = "127.0.0.1", "127.0.1.1"


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    return basic_policy(backend.url)


def seen(gateway: Gateway, backend: FakeBackend, *fields: tuple[str, str], source: str = PROXY) -> str | int:
    """The address that the backend is told, or the status of a refusal."""
    with gateway.connect(source=source) as client:
        answer = client.get("/", *fields)
    return backend.last_request().get("X-Forwarded-For") or "" if answer.status == 200 else answer.status


@pytest.mark.parametrize(
    "value, client",
    [
        ("203.0.113.5", "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, 127.0.0.9", "203.0.113.5"),
        ("junk, 203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("2001:db8::5", "2001:db8::5"),
        ("[2001:db8::5]:443", "2001:db8::5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, junk", 400),
        ("", 400),
        ("203.0.113.5,", 400),
        ("203.0.113.5:99999", 400),
        (", ".join(["127.0.0.9"] * 33), 400),
    ],
)
def test_a_listed_proxy_is_believed_from_the_right(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, value: str, client: str | int
) -> None:
    policy["trusted_proxies"] = ["127.0.0.0/24"]
    gateway = start_gateway(policy)

    assert seen(gateway, backend, ("X-Forwarded-For", value)) == client
    if client == 400:
        gateway.audit.wait_for("http_malformed", reason="bad_forwarded")
    else:
        record = gateway.audit.wait_for("http_exchange")
        assert (record["client"], record["peer"]) == (client, PROXY)


def test_nobody_else_is_believed(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """By default nobody; and with a list only who is in it, in the one header that is named."""
    gateway = start_gateway(policy)
    assert seen(gateway, backend, ("X-Forwarded-For", "203.0.113.5")) == PROXY
    policy["trusted_proxies"] = ["127.0.0.0/24"]
    gateway = start_gateway(policy)
    assert seen(gateway, backend, ("X-Forwarded-For", "203.0.113.5"), source=STRANGER) == STRANGER
    assert seen(gateway, backend, ("Forwarded", "for=203.0.113.5")) == PROXY
    assert seen(gateway, backend) == PROXY


@pytest.mark.parametrize(
    "value, client",
    [
        ("for=203.0.113.5", "203.0.113.5"),
        ('for="[2001:db8::5]:4711";proto=https;by=_x', "2001:db8::5"),
        ("For=6.6.6.6, for=203.0.113.5;host=\"a,b;c\"", "203.0.113.5"),
        ("for=unknown", 400),
        ("for=_hidden", 400),
        ("by=203.0.113.5", 400),
        ("for=203.0.113.5;for=6.6.6.6", 400),
        ('for="203.0.113.5', 400),
    ],
)
def test_the_standard_header_is_read_as_it_is_written(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, value: str, client: str | int
) -> None:
    policy["trusted_proxies"] = {"networks": ["127.0.0.0/24"], "header": "forwarded"}
    gateway = start_gateway(policy)

    assert seen(gateway, backend, ("Forwarded", value)) == client


def introduced(gateway: Gateway, *pieces: bytes, source: str = PROXY) -> Client | None:
    """A TLS connection behind these bytes; None when the gateway ends it."""
    stream = socket.socket()
    stream.bind((source, 0))
    stream.settimeout(PATIENCE)
    stream.connect(("127.0.0.1", gateway.port))
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    context = ssl.create_default_context(cafile=str(gateway.pki.authority))
    try:
        for piece in pieces:
            stream.sendall(piece)
        secured = context.wrap_socket(stream, server_hostname="localhost", do_handshake_on_connect=False)
        secured.do_handshake()
        return Client(secured)
    except (ssl.SSLError, ConnectionError, OSError):
        stream.close()
        return None


SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
V4 = bytes([203, 0, 113, 5, 127, 0, 0, 1, 0x12, 0x34, 0x01, 0xBB])
V6 = bytes.fromhex("20010db8000000000000000000000005") * 2 + b"\x12\x34\x01\xbb"


def binary(command: int, family: int, payload: bytes) -> bytes:
    return SIGNATURE + bytes([0x20 | command, family]) + len(payload).to_bytes(2, "big") + payload


@pytest.fixture
def behind(start_gateway: StartGateway, policy: Policy) -> Gateway:
    policy["trusted_proxies"] = [PROXY]
    policy["listeners"][0]["proxy_protocol"] = "required"
    policy["limits"] = {"handshake_timeout": "2s"}
    return start_gateway(policy)


@pytest.mark.parametrize(
    "header, client",
    [
        (b"PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\r\n", "203.0.113.5"),
        (b"PROXY TCP6 2001:db8::5 ::1 4711 443\r\n", "2001:db8::5"),
        (b"PROXY UNKNOWN\r\n", PROXY),
        (b"PROXY UNKNOWN whatever it says\r\n", PROXY),
        (binary(1, 0x11, V4), "203.0.113.5"),
        (binary(1, 0x11, V4 + b"\x04\x00\x01x"), "203.0.113.5"),
        (binary(1, 0x21, V6), "2001:db8::5"),
        (binary(0, 0x00, b""), PROXY),
    ],
)
def test_the_proxy_protocol_says_who_it_is(
    behind: Gateway, backend: FakeBackend, header: bytes, client: str
) -> None:
    for pieces in ([header], [header[at : at + 1] for at in range(len(header))]):
        connection = introduced(behind, *pieces)
        assert connection
        with connection:
            assert connection.get("/").status == 200
        assert backend.last_request().get("X-Forwarded-For") == client


@pytest.mark.parametrize(
    "header",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"PROXY TCP4 203.0.113.5 127.0.0.1 4711\r\n",
        b"PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\n",
        b"PROXY TCP4 2001:db8::5 ::1 4711 443\r\n",
        b"PROXY TCP4 203.0.113.5 127.0.0.1 4711 65536\r\n",
        b"PROXY TCP4 203.0.113.5  127.0.0.1 4711 443\r\n",
        b"PROXY TCP5 203.0.113.5 127.0.0.1 4711 443\r\n",
        b"PROXY UNKNOWN" + b"x" * 108,
        SIGNATURE + b"\x31\x11\x00\x0c" + V4,
        binary(2, 0x11, V4),
        binary(1, 0x11, V4[:8]),
        binary(1, 0x31, b"x" * 216),
        SIGNATURE + b"\x21\x11\x02\x01",
    ],
)
def test_what_is_no_proxy_header_ends_the_connection(behind: Gateway, header: bytes) -> None:
    assert introduced(behind, header) is None
    behind.audit.wait_for("http_malformed", reason="bad_proxy_header")


def test_only_a_listed_proxy_may_speak_it(behind: Gateway) -> None:
    header = b"PROXY TCP4 203.0.113.5 127.0.0.1 4711 443\r\n"

    assert introduced(behind, header, source=STRANGER) is None

    assert behind.audit.wait_for("http_malformed", reason="bad_proxy_header")["client"] == STRANGER


def test_who_dawdles_over_the_header_is_let_go(behind: Gateway) -> None:
    with behind.connect_tcp() as slow:
        slow.send(b"PROXY TCP4 ")
        assert slow.is_closed_by_peer()


def test_a_policy_that_believes_everybody_is_refused(policy: Policy, tmp_path, pki) -> None:
    for proxies in (["0.0.0.0/0"], ["::/0"], ["10.0.0.1/8"], ["10.0.0.0/7"], ["proxy"], ["10.0.0.0/33"]):
        policy["trusted_proxies"] = proxies
        done = run_sallyport("check", write_policy(tmp_path / "p", pki, policy))
        assert done.returncode == 1 and "trusted_proxies[0]" in done.stderr, proxies
    del policy["trusted_proxies"]
    policy["listeners"][0]["proxy_protocol"] = "required"
    done = run_sallyport("check", write_policy(tmp_path / "p", pki, policy))
    assert done.returncode == 1 and "PROXY" in done.stderr
