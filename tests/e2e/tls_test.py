"""The outer door: which TLS is spoken and which is not (TLS-001, TLS-002, TLS-006), and how long a client
may take for it (HTP-007). Each refusal is told by the alert that the gateway sent, so that a client which
could not even ask fails its test."""

import re
import ssl
import subprocess
import warnings
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend
from support.client import Client, trusting
from support.gateway import Gateway
from support.pki import ECDSA, RSA, Pki, make_pki
from support.policy import basic_policy
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]

TLS12 = ssl.TLSVersion.TLSv1_2
TLS13 = ssl.TLSVersion.TLSv1_3

SUITES = {
    "ecdsa": [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
    ],
    "rsa": [
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-CHACHA20-POLY1305",
    ],
}


@pytest.fixture(scope="module", params=["ecdsa", "rsa"])
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Gateway]]:
    """A gateway with a certificate of each kind, and which kind it is."""
    kind = {"ecdsa": ECDSA, "rsa": RSA}[request.param]
    pki = make_pki(tmp_path_factory.mktemp("pki"), kind)
    with FakeBackend() as backend:
        folder = tmp_path_factory.mktemp(request.param)
        with Gateway(folder, pki, basic_policy(backend.url)) as gateway:
            yield request.param, gateway


def speaking(pki: Pki, version: ssl.TLSVersion, suites: str = "ALL:COMPLEMENTOFALL") -> ssl.SSLContext:
    """A client that knows this one version, and everything that its OpenSSL still knows."""
    context = trusting(pki.authority)
    context.set_ciphers(f"{suites}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Old versions are what is tried.
        context.minimum_version = context.maximum_version = version
    return context


def alert_of(gateway: Gateway, context: ssl.SSLContext) -> str | None:
    """The alert that ended the handshake, in OpenSSL's words; None when the handshake succeeded."""
    try:
        gateway.connect(context=context).close()
    except ssl.SSLError as error:
        found = re.search(r"alert ([a-z ]+)", str(error).lower().replace("_", " "))
        assert found, f"the client itself gave up: {error}"
        return found[1].strip()
    return None


@pytest.mark.parametrize("version, name", [(TLS12, "TLSv1.2"), (TLS13, "TLSv1.3")])
def test_tls_1_2_and_1_3_are_accepted(gateway: Gateway, version: ssl.TLSVersion, name: str) -> None:
    with gateway.connect(context=speaking(gateway.pki, version)) as client:
        assert client.stream.version() == name  # type: ignore[attr-defined]
        assert client.get("/").status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=["1.0", "1.1"])
def test_older_versions_are_refused(gateway: Gateway, version: ssl.TLSVersion) -> None:
    assert alert_of(gateway, speaking(gateway.pki, version)) == "protocol version"


def test_six_suites_of_tls_1_2_work(door: tuple[str, Gateway]) -> None:
    """Three with each kind of certificate."""
    kind, gateway = door

    for suite in SUITES[kind]:
        with gateway.connect(context=speaking(gateway.pki, TLS12, suite)) as client:
            assert client.stream.cipher()[0] == suite  # type: ignore[attr-defined]
            assert client.get("/").status == 200


def test_all_other_suites_of_tls_1_2_are_refused(door: tuple[str, Gateway]) -> None:
    """Those that a client can offer without a secret shared before; CBC, RSA and DHE are among them."""
    kind, gateway = door
    every = {each["name"] for each in speaking(gateway.pki, TLS12).get_ciphers()}
    others = {name for name in every - set(SUITES[kind]) if not name.startswith("TLS_")}
    offered = sorted(name for name in others if "PSK" not in name and "SRP" not in name)
    assert {"AES128-SHA", "AES256-GCM-SHA384", "DHE-RSA-AES256-GCM-SHA384"} <= set(offered)
    assert {"ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-CCM", "NULL-SHA256"} <= set(offered)

    accepted = []
    for suite in offered:
        alert = alert_of(gateway, speaking(gateway.pki, TLS12, suite))
        if alert != "handshake failure":
            accepted.append((suite, alert))

    assert accepted == []


def s_client(gateway: Gateway, *options: str, ask: bytes = b"") -> str:
    """What `openssl s_client` tells about one connection, on which it sends `ask`."""
    done = subprocess.run(
        ["openssl", "s_client", *s_client_options(gateway), *options],
        input=ask,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return (done.stdout + done.stderr).decode(errors="replace")


def s_client_options(gateway: Gateway) -> list[str]:
    server = ["-connect", f"127.0.0.1:{gateway.port}", "-servername", "localhost"]
    return [*server, "-CAfile", str(gateway.pki.authority)]


@pytest.mark.parametrize(
    "suite", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
)
def test_three_suites_of_tls_1_3_work(gateway: Gateway, suite: str) -> None:
    assert f"New, TLSv1.3, Cipher is {suite}" in s_client(gateway, "-tls1_3", "-ciphersuites", suite)


@pytest.mark.parametrize("suite", ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"])
def test_all_other_suites_of_tls_1_3_are_refused(gateway: Gateway, suite: str) -> None:
    told = s_client(gateway, "-tls1_3", "-ciphersuites", suite)

    assert "handshake failure" in told and "Cipher is (NONE)" in told


@pytest.mark.parametrize(
    "group, key", [("X25519", "X25519"), ("P-256", "ECDH, prime256v1"), ("P-384", "ECDH, secp384r1")]
)
def test_three_groups_are_agreed_on(gateway: Gateway, group: str, key: str) -> None:
    """TLS-002, without the hybrid one that OpenSSL 3.0 does not have."""
    assert f"Server Temp Key: {key}, " in s_client(gateway, "-tls1_3", "-groups", group)


@pytest.mark.parametrize("group", ["P-521", "X448", "ffdhe2048"])
def test_all_other_groups_are_refused(gateway: Gateway, group: str) -> None:
    told = s_client(gateway, "-tls1_3", "-groups", group)

    assert "handshake failure" in told and "Cipher is (NONE)" in told


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["1.2", "1.3"])
@pytest.mark.parametrize(
    "offered, chosen",
    [(["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), (["http/1.1", "h2"], "http/1.1"), ([], None)],
)
def test_http_1_1_is_chosen_of_what_is_offered(
    gateway: Gateway, version: ssl.TLSVersion, offered: list[str], chosen: str | None
) -> None:
    """RFC 7301; a client that offers nothing is served all the same."""
    context = speaking(gateway.pki, version)
    if offered:
        context.set_alpn_protocols(offered)

    with gateway.connect(context=context) as client:
        assert client.stream.selected_alpn_protocol() == chosen  # type: ignore[attr-defined]
        assert client.get("/").status == 200


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["1.2", "1.3"])
@pytest.mark.parametrize("offered", [["h2"], ["http/1.0"], ["http/1.10"], ["HTTP/1.1"], ["acme-tls/1", "h2"]])
def test_a_client_that_does_not_offer_http_1_1_is_refused(
    gateway: Gateway, version: ssl.TLSVersion, offered: list[str]
) -> None:
    context = speaking(gateway.pki, version)
    context.set_alpn_protocols(offered)

    assert alert_of(gateway, context) == "no application protocol"


def test_nobody_renegotiates(gateway: Gateway) -> None:
    """s_client begins anew at the letter R, and ends when it is told no."""
    command = ["openssl", "s_client", *s_client_options(gateway), "-tls1_2"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as client:
        try:
            client.stdin.write(b"R\n")  # type: ignore[union-attr]
            client.stdin.flush()  # type: ignore[union-attr]
            client.wait(PATIENCE)
        finally:
            client.kill()
        told = client.stdout.read().decode(errors="replace")  # type: ignore[union-attr]

    assert "RENEGOTIATING" in told
    assert "no renegotiation" in told


def test_early_data_is_not_accepted(gateway: Gateway, backend: FakeBackend) -> None:
    """TLS-006: a session is resumed, and its ticket grants nothing that could be replayed."""
    ask = http.request("GET", "/first", [("Connection", "close")])
    early = gateway.folder / "early"
    early.write_bytes(http.request("GET", "/early"))
    kept = str(gateway.folder / "session.pem")

    first = s_client(gateway, "-tls1_3", "-ign_eof", "-sess_out", kept, ask=ask)
    again = s_client(
        gateway, "-tls1_3", "-ign_eof", "-sess_in", kept, "-early_data", str(early), ask=ask
    )

    assert "Max Early Data: 0" in first
    assert "Reused, TLSv1.3" in again and "Early data was not sent" in again
    assert [request.target for request in backend.requests] == ["/first", "/first"]


def hello(pki: Pki) -> bytes:
    """The first record of a handshake."""
    outgoing = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        trusting(pki.authority).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
    return outgoing.read()


@pytest.fixture
def hurried(start_gateway: StartGateway, backend: FakeBackend) -> Gateway:
    """One worker, which gives nobody more than half a second for the handshake."""
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    policy["limits"] = {"handshake_timeout": "500ms"}
    return start_gateway(policy)


@pytest.mark.parametrize("share", [0, 1, 5, 100, -1], ids=["nothing", "a byte", "a header", "half", "all"])
def test_a_client_that_falls_silent_in_the_handshake_is_closed(hurried: Gateway, share: int) -> None:
    """HTP-007: 0 bytes of the hello, some of it, or all of it and then nothing more."""
    sent = hello(hurried.pki)
    with hurried.connect_tcp() as client:
        client.send(sent if share < 0 else sent[:share])

        while client.read():  # The server's part of the handshake may come before the end.
            pass


def test_one_byte_at_a_time_does_not_stretch_the_time_for_a_handshake(hurried: Gateway) -> None:
    """HTP-007: the limit is for the whole handshake, not for each of its bytes."""
    sent = hello(hurried.pki)
    with hurried.connect_tcp() as client:
        dripped = drip_until_closed(client, sent)

    assert dripped < len(sent)


def drip_until_closed(client: Client, data: bytes) -> int:
    """Sends a byte about every 100 ms until the peer ends the connection; how many it took."""
    dripped = 0
    client.stream.settimeout(0.1)

    def is_closed() -> bool:
        nonlocal dripped
        try:
            client.send(data[dripped : dripped + 1])
            dripped += 1
            return client.stream.recv(65536) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    until(is_closed, f"the end of a handshake of which {len(data)} bytes come one by one")
    return dripped


def test_a_handshake_in_single_bytes_is_fine_when_it_is_quick(gateway: Gateway) -> None:
    """Nothing depends on how the bytes arrive."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(gateway.pki.authority).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with gateway.connect_tcp() as client:
        while not shakes_hands(tls):
            client.send_split(outgoing.read())
            incoming.write(client.read())
        tls.write(http.request("GET", "/", [("Connection", "close")]))
        client.send_split(outgoing.read())
        while piece := client.read():
            incoming.write(piece)

    answer = tls.read(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")


def shakes_hands(tls: ssl.SSLObject) -> bool:
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def test_clients_in_the_handshake_do_not_keep_others_waiting(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    gateway = start_gateway(policy)
    silent = [gateway.connect_tcp() for _ in range(50)]
    for client in silent[::2]:
        client.send(hello(gateway.pki)[:50])

    with gateway.connect() as client:
        assert client.get("/").status == 200

    for client in silent:
        client.close()


NO_TLS = {
    "a request": http.request("GET", "/"),
    "a tunnel": b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "zeros": bytes(100),
    "a record of another type": b"\x17\x03\x03\x00\x20" + bytes(32),
    "a record too long": b"\x16\x03\x01\xff\xff" + bytes(70_000),
}


@pytest.mark.parametrize("sent", NO_TLS.values(), ids=NO_TLS)
def test_what_is_no_tls_is_closed(gateway: Gateway, backend: FakeBackend, sent: bytes) -> None:
    """Plain HTTP gets no answer in plain HTTP, and leaves no record."""
    with gateway.connect_tcp() as client:
        came = b""
        try:
            client.send(sent)
        except ConnectionError:
            pass  # It was closed before we had said all.
        while piece := client.read():
            came += piece
    with gateway.connect() as client:
        assert client.get("/after").status == 200

    gateway.stop()
    assert b"HTTP/" not in came
    assert [record["path"] for record in gateway.audit.exchanges()] == ["/after"]
    assert [request.target for request in backend.requests] == ["/after"]
