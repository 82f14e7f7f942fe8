"""What crosses the gateway in heads (IDF-001 to IDF-006, HTP-005, HTP-013, CKI-008): nobody speaks in its
name to the backend, in no spelling and on no route; what it says itself is there once, and right."""

from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.client import Client
from support.gateway import Gateway
from support.policy import Policy, basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]
Header = tuple[str, str]

LIE = "l1e"
IDENTITY = {"X-Forwarded-User": "user", "X-Session-Handle": "session", "X-Login-Time": "authenticated_at"}
FORWARDING = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Request-Id"]
RESERVED = [
    *IDENTITY, *FORWARDING, "X-Other-User", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP",
    "CF-Connecting-IP", "X-Cluster-Client-IP", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server",
    "X-Forwarded-Uri", "X-Forwarded-Method", "X-Forwarded-Groups", "X-Forwarded-Email", "X-Forwarded-Ssl",
    "X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-HTTP-Method", "X-HTTP-Method-Override",
    "X-Method-Override", "X-Remote-User", "Remote-User", "X-Authenticated-User", "X-Auth-Request-User",
    "X-Auth-Request-Email", "SSL-Client-Cert", "X-SSL-Client-S-DN", "Client-Cert", "Client-Cert-Chain", "Proxy",
]  # fmt: skip


def mixed(name: str) -> str:
    """Every other letter in the other case, every other dash an underscore."""
    swapped = "".join(c.upper() if at % 2 else c.lower() for at, c in enumerate(name))
    return swapped.replace("-", "_", 1)


SPELLINGS: dict[str, Callable[[str], list[Header]]] = {
    "as it is": lambda name: [(name, LIE)],
    "lower case": lambda name: [(name.lower(), LIE)],
    "upper case": lambda name: [(name.upper(), LIE)],
    "underscores": lambda name: [(name.replace("-", "_"), LIE)],
    "one underscore": lambda name: [(name[::-1].replace("-", "_", 1)[::-1], LIE)],
    "mixed": lambda name: [(mixed(name), LIE)],
    "empty first": lambda name: [(name, ""), (name.upper(), LIE)],
    "twice": lambda name: [(name, LIE), (name, LIE + "2")],
    "twice in two spellings": lambda name: [(name.lower(), LIE), (name.replace("-", "_"), LIE)],
    "as a list": lambda name: [(name, f"{LIE}, {LIE}")],
    "nominated": lambda name: [("Connection", name), (name, LIE)],
    "nominated in lower case": lambda name: [("Connection", f"x, {name.lower()}"), (name, LIE)],
    "nominated with an underscore": lambda name: [("Connection", mixed(name)), (mixed(name), LIE)],
    "with dots": lambda name: [(name.replace("-", ".") + ".x", LIE)],
    "with tildes": lambda name: [("~" + name, LIE)],
}


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """Everything under /app is guarded, all else open; app.test has an identity header of its own."""
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["routes"][0]["identity"] = {"headers": IDENTITY}
    policy["routes"].append({**policy["routes"][0], "host": "app.test", "identity": {"headers": {"X-Other-User": "user"}}})
    return policy


@pytest.fixture
def speakers(start_gateway: StartGateway, policy: Policy) -> Iterator[list[tuple[Client, str, list[Header]]]]:
    """A stranger on an open path, and alice on an open and on a guarded one: connection, path, cookie."""
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    cookie = [("Cookie", f"{SESSION_COOKIE}={alice.session}")]
    with gateway.connect() as client:
        yield [(client, "/open", []), (client, "/open", cookie), (client, "/app", cookie)]


def canonical(name: str) -> str:
    """How CGI, WSGI and PHP tell names apart."""
    return name.lower().replace("-", "_")


def said(received: Received, name: str) -> list[str]:
    return [value for key, value in received.fields if canonical(key) == canonical(name)]


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_name_of_ours_is_nobody_elses(
    speakers: list[tuple[Client, str, list[Header]]], backend: FakeBackend, spell: Callable[[str], list[Header]]
) -> None:
    """IDF-001, IDF-002, IDF-003: with and without a session, where it matters and where it does not."""
    wrong = []

    for client, path, cookie in speakers:
        for name in RESERVED:
            assert client.get(path, *spell(name), *cookie).status == 200
            received = backend.requests[-1]
            ours = said(received, name)
            is_added = name in FORWARDING or (name in IDENTITY and bool(cookie))
            if LIE.encode() in received.head or len(ours) != is_added or "" in ours:
                wrong.append((path, bool(cookie), name, ours))

    assert wrong == []


def test_what_the_gateway_says_is_right(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """IDF-004, IDF-005: each exactly once, whatever the client said of it, and whatever it nominated."""
    gateway = start_gateway(policy)
    alice = Visitor(gateway, source="127.0.0.5")
    alice.log_in()
    nominated = ", ".join([*IDENTITY, *FORWARDING, "Host", "Cookie", "keep-alive"])
    lies = [(name, LIE) for name in (*IDENTITY, *FORWARDING)]

    alice.get("/app/x?y", *lies, ("Connection", nominated))

    received, record = backend.requests[-1], gateway.audit.wait_for("http_exchange", path="/app/x")
    created = gateway.audit.records("session_created")[0]
    values = {name: said(received, name) for name in (*IDENTITY, *FORWARDING, "Host", "Cookie")}
    [login_time] = values.pop("X-Login-Time")
    assert values == {
        "X-Forwarded-User": ["alice"],
        "X-Session-Handle": [created["session"]],
        "X-Forwarded-For": ["127.0.0.5"],
        "X-Forwarded-Proto": ["https"],
        "X-Forwarded-Host": [alice.host],
        "Forwarded": [f'for=127.0.0.5;host="{alice.host}";proto=https'],
        "X-Request-Id": [record["request_id"]],
        "Host": [alice.host],
        "Cookie": ["APP=1"],
    }
    assert login_time.isdigit() and len(login_time) == 10
    assert received.target == "/app/x?y" and not received.has("Connection")


def test_request_ids_are_those_of_the_audit(gateway: Gateway, backend: FakeBackend) -> None:
    """Each exchange has one of its own, and a refusal tells it to the client."""
    with gateway.connect() as client:
        for turn in range(20):
            client.get(f"/{turn}", ("X-Request-Id", "mine"))
        refused = client.request("GET", "/refused", host="nobody.test")
    gateway.stop()

    records = {record["path"]: record["request_id"] for record in gateway.audit.exchanges()}
    assert {r.path: r.get("X-Request-Id") for r in backend.requests} == {f"/{n}": records[f"/{n}"] for n in range(20)}
    assert refused.get("X-Request-Id") == records["/refused"]
    assert len(set(records.values())) == 21


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:1234"])
def test_the_host_is_the_one_that_was_routed(gateway: Gateway, backend: FakeBackend, host: str) -> None:
    """IDF-006; X-Forwarded-Host and Forwarded say the same as Host."""
    with gateway.connect() as client:
        client.request("GET", "/", [("X-Forwarded-Host", "evil.test")], host=host)

    received = backend.last_request()
    assert received.get("Host") == host.lower() == received.get("X-Forwarded-Host")
    assert f'host="{host.lower()}"' in (received.get("Forwarded") or "")


def test_what_is_nobodys_passes_as_it_was_said(gateway: Gateway, backend: FakeBackend) -> None:
    """In its order, with its case, its repetitions and its odd but lawful values."""
    passing = [
        ("User-Agent", "Mozilla/5.0 (X11; Linux)"), ("accept", "text/html;q=0.9, */*"), ("X-Odd", "  a  b\t"),
        ("Authorization", "Basic YTpi"), ("ORIGIN", "https://localhost"), ("x-odd", "caf\xe9"), ("X-Empty", ""),
        ("If-None-Match", '"a", W/"b"'), ("Range", "bytes=0-9"), ("X-Forward", "1"), ("X-Requested-With", "XMLHttpRequest"),
    ]  # fmt: skip
    with gateway.connect() as client:
        assert client.get("/", *passing).status == 200

    ours = {"Host", *FORWARDING}
    fields = [(name, value) for name, value in backend.last_request().fields if name not in ours]
    assert fields == [(name, value.strip()) for name, value in passing]


HOP_BY_HOP = [
    ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"), ("Upgrade", "websocket"),
    ("Proxy-Authorization", "Basic YTpi"), ("Proxy-Authenticate", "Basic"), ("Trailer", "X-End"), ("TE", "gzip"),
    ("X-Private", "1"), ("x-other-private", "2"),
]  # fmt: skip
NOMINATED = ("Connection", "keep-alive, X-Private,X-OTHER-Private , Upgrade")


def test_hop_by_hop_fields_of_requests_end_here(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-005: those that are so always, and those that Connection nominates."""
    with gateway.connect() as client:
        assert client.get("/", ("X-Stays", "a"), *HOP_BY_HOP, NOMINATED, ("X-Stays", "b")).status == 200
        assert client.get("/", ("X-Private", "1")).status == 200  # Only where it was nominated.

    names = {name.lower() for name, _ in backend.requests[0].fields}
    assert names == {"host", "x-stays", *(name.lower() for name in FORWARDING)}
    assert backend.requests[0].all("X-Stays") == ["a", "b"]
    assert backend.requests[1].get("X-Private") == "1"


def test_several_connection_fields_count_together(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        client.get("/", ("Connection", "keep-alive"), ("X-A", "1"), ("connection", "x-a"), ("X-B", "2"))

    assert not backend.last_request().has("X-A") and backend.last_request().get("X-B") == "2"


def test_hop_by_hop_fields_of_answers_end_here(gateway: Gateway, backend: FakeBackend) -> None:
    """HTP-005, the other way."""
    lines = [("X-Stays", "a"), *HOP_BY_HOP, NOMINATED, ("X-Stays", "b")]
    backend.on("GET", "/", http.response(200, b"page", lines))
    with gateway.connect() as client:
        answer = client.get("/")

    assert answer.body == b"page"
    assert {name.lower() for name, _ in answer.fields} == {"x-stays", "content-length"}
    assert answer.all("X-Stays") == ["a", "b"]


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_banners_of_the_backend_are_taken_down(gateway: Gateway, backend: FakeBackend, status: int) -> None:
    """HTP-013; and no banner of ours takes their place."""
    banners = [
        ("Server", "Apache/2.2.3 (CentOS)"), ("X-Powered-By", "PHP/5.1.6"), ("x-powered-by", "ASP.NET"),
        ("X-AspNet-Version", "2.0.50727"), ("X-AspNetMvc-Version", "4.0"),
    ]  # fmt: skip
    kept = [("Content-Type", "text/html"), ("X-Frame-Options", "DENY"), ("Vary", "Accept"), ("Location", "/x")]
    backend.on("GET", "/", http.response(status, b"page", [*banners, *kept]))
    with gateway.connect() as client:
        answer = client.get("/")

    assert answer.status == status
    assert answer.fields == [*kept, ("Content-Length", "4")]


def test_own_pages_have_no_banner_either(gateway: Gateway) -> None:
    with gateway.connect() as client:
        answer = client.request("GET", "/", host="nobody.test")

    names = {name.lower() for name, _ in answer.fields}
    assert not names & {"server", "x-powered-by", "via"}
    assert answer.get("Cache-Control") == "no-store" and answer.get("X-Content-Type-Options") == "nosniff"


OWN = f"{SESSION_COOKIE}={{}}"
COOKIE_LINES = {
    "alone": [OWN],
    "first": [OWN + "; a=1; b=2"],
    "in the middle": ["a=1; " + OWN + "; b=2"],
    "last": ["a=1; b=2; " + OWN],
    "without blanks": ["a=1;" + OWN + ";b=2"],
    "on a line of its own": ["a=1", OWN, "b=2"],
}


@pytest.mark.parametrize("valid", [True, False], ids=["valid", "forged"])
@pytest.mark.parametrize("lines", COOKIE_LINES.values(), ids=COOKIE_LINES)
def test_our_cookie_never_reaches_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, lines: list[str], valid: bool
) -> None:
    """CKI-008: also where every other cookie passes."""
    policy["backends"]["app"]["cookies"] = {"default": "pass"}
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    value = str(alice.session) if valid else "v1.k1.forged"

    with gateway.connect() as client:
        assert client.get("/open", *(("Cookie", line.format(value)) for line in lines)).status == 200

    received = backend.last_request()
    assert received.get("Cookie") == (None if lines == [OWN] else "a=1; b=2")
    assert said(received, "X-Forwarded-User") == (["alice"] if valid else [])
    everything = b"".join(connection.received for connection in backend.connections)
    assert value.encode() not in everything and SESSION_COOKIE.lower().encode() not in everything.lower()


def test_names_that_are_free_are_free(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """Only what some route of the policy calls an identity header is one."""
    gateway = start_gateway(basic_policy(backend.url))
    with gateway.connect() as client:
        client.get("/", ("X-Session-Handle", "1"), ("X-Other-User", "2"))

    received = backend.last_request()
    assert (received.get("X-Session-Handle"), received.get("X-Other-User")) == ("1", "2")
