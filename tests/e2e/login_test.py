"""The backend's own login, observed (LGN-009, ROT-001). Doubt never logs anybody in."""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]

FORM = ("Content-Type", "application/x-www-form-urlencoded")


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    return guarded_policy(backend.url)


def post(gateway: Gateway, body: bytes, *headers: tuple[str, str]) -> http.Response:
    with gateway.connect() as client:
        return client.request("POST", "/login", [*(headers or [FORM])], body)


def user_at_backend(gateway: Gateway, backend: FakeBackend, answer: http.Response) -> str | None:
    """Whom the backend sees when the cookie of a login's answer comes back."""
    thief = Visitor(gateway)
    thief.cookies = answer.set_cookies()
    thief.get("/somewhere")
    return backend.requests[-1].get("X-Forwarded-User")


def test_a_login_is_seen_and_told(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)

    answer = alice.log_in()
    alice.get("/app")

    gateway.stop()
    assert (answer.status, answer.get("Location")) == (302, "/home")
    assert backend.requests[0].body == b"user=alice&password=secret"
    assert backend.requests[-1].get("X-Forwarded-User") == "alice"
    assert gateway.audit.story() == ["authn_login_success", "session_created"]
    assert gateway.audit.records("authn_login_success")[0]["user"] == "alice"
    exchange = gateway.audit.wait_for("http_exchange", path="/app")
    assert (exchange["user"], exchange["status"]) == ("alice", 200)


def test_a_failed_login_is_seen_and_told(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)

    answer = alice.log_in(password="guess")

    assert answer.status == 200 and not answer.has("Set-Cookie")
    record = gateway.audit.wait_for("authn_login_fail", attempted_user="alice")
    assert "user" not in record
    assert alice.get("/app").status == 401


def test_a_failed_login_keeps_the_session_of_whoever_tried(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    before = alice.session

    alice.log_in("root", "guess")

    assert alice.session == before
    alice.get("/app")
    assert backend.requests[-1].get("X-Forwarded-User") == "alice"


SUCCESS = {"status": [302, 303], "location": "/home*", "set_cookie": "DW*"}
FAILURE = {"deleted_cookie": "DW*"}


@pytest.mark.parametrize(
    "answer, event",
    [
        (http.redirect("/home?x", "DW1=a"), "authn_login_success"),
        (http.redirect("/home", "DW1=a", status=303), "authn_login_success"),
        (http.redirect("/login", "DW1=a"), "authn_login_unclassified"),
        (http.redirect("/home", "XDW=a"), "authn_login_unclassified"),
        (http.redirect("/home", "DW1=a; Max-Age=0"), "authn_login_fail"),
        (http.redirect("/home", "DW1=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), "authn_login_fail"),
        (http.redirect("/home", "DW1=a", "DW2=; Max-Age=0"), "authn_login_unclassified"),
        (http.response(200, b"", [("Set-Cookie", "DW1=a")]), "authn_login_unclassified"),
        (http.response(500), "authn_login_unclassified"),
    ],
)
def test_the_answer_says_how_a_login_ended(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, answer: bytes, event: str
) -> None:
    """By status, Location, cookies set and deleted; what fits neither or both logs nobody in."""
    policy["logins"]["form"] |= {"success": SUCCESS, "failure": FAILURE}
    backend.on("POST", "/login", answer)
    gateway = start_gateway(policy)
    alice = Visitor(gateway)

    alice.log_in()
    status = alice.get("/app").status

    gateway.stop()
    assert [name for name in gateway.audit.story() if name.startswith("authn")] == [event]
    assert status == (200 if event == "authn_login_success" else 401)


NAMES = {
    "plain": (b"user=alice", "alice"),
    "blanks at its ends": (b"user=+alice+", "%20alice%20"),
    "plus is a blank": (b"user=al+ice", "al%20ice"),
    "an encoded plus": (b"user=a%2Bb", "a+b"),
    "UTF-8": (b"user=J%C3%BCrgen", "J%C3%BCrgen"),
    "a percent sign": (b"user=100%25", "100%25"),
    "encoded letters": (b"%75ser=%61lice", "alice"),
    "an e-mail address": (b"user=alice%40example.org", "alice@example.org"),
    "256 bytes": (b"user=" + b"a" * 256, "a" * 256),
    "last of many": (b"a=1&b=2&&=&c&user=alice", "alice"),
    "behind a large field": (b"text=" + b"x" * 200_000 + b"&user=alice", "alice"),
    "in front of a large field": (b"user=alice&text=" + b"x" * 200_000, "alice"),
}


@pytest.mark.parametrize("body, header", NAMES.values(), ids=NAMES)
def test_a_user_name_reaches_the_backend_encoded(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, body: bytes, header: str
) -> None:
    """IDF-004."""
    gateway = start_gateway(policy)

    answer = post(gateway, body + b"&password=secret")

    assert backend.requests[0].body == body + b"&password=secret"
    assert user_at_backend(gateway, backend, answer) == header


NOBODY = {
    "twice": b"user=alice&user=root",
    "twice, encoded": b"user=alice&%75ser=root",
    "twice the same": b"user=alice&user=alice",
    "not at all": b"name=alice",
    "empty": b"user=",
    "blanks": b"user=+++",
    "another case": b"User=alice",
    "a line break": b"user=a%0D%0AX-Admin:1",
    "a NUL": b"user=alice%00",
    "a control byte": b"user=a%1Bb",
    "not UTF-8": b"user=%FF",
    "bad percent-encoding": b"user=%zz",
    "257 bytes": b"user=" + b"a" * 257,
    "10 kB": b"user=" + b"a" * 10_000,
}


@pytest.mark.parametrize("body", NOBODY.values(), ids=NOBODY)
def test_a_doubtful_user_name_logs_nobody_in(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, body: bytes
) -> None:
    """The backend's answer passes, but there is no user."""
    policy["session"]["anonymous"] = "never"
    gateway = start_gateway(policy)

    answer = post(gateway, body + b"&password=secret")

    gateway.stop()
    assert answer.status == 302 and not answer.has("Set-Cookie")
    assert gateway.audit.records("authn_login_unclassified")
    assert not gateway.audit.records("authn_login_success")


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_that_is_no_form_logs_nobody_in(
    start_gateway: StartGateway, policy: Policy, kind: str
) -> None:
    policy["session"]["anonymous"] = "never"
    gateway = start_gateway(policy)

    answer = post(gateway, b"user=alice&password=secret", ("Content-Type", kind))

    gateway.stop()
    assert answer.status == 302 and not answer.has("Set-Cookie")
    assert not gateway.audit.records("authn_login_success")


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_login_may_come_in_any_pieces(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, size: int
) -> None:
    gateway = start_gateway(policy)
    form = {"user": "Jürgen", "password": "secret"}
    with gateway.connect() as client:
        client.send_split(http.form_request("POST", "/login", form), size)
        answer = client.read_response()

    assert user_at_backend(gateway, backend, answer) == "J%C3%BCrgen"


def test_a_login_may_come_in_chunks(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    gateway = start_gateway(policy)
    body = b"user=J%C3%BCrgen&password=secret"
    chunks = http.chunked(*(bytes([each]) for each in body))
    with gateway.connect() as client:
        client.send(http.request("POST", "/login", [FORM, ("Transfer-Encoding", "chunked")]))
        client.send_split(chunks, 5)
        answer = client.read_response()

    assert user_at_backend(gateway, backend, answer) == "J%C3%BCrgen"


def test_an_answer_before_the_form_is_complete_logs_nobody_in(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """What is still to come may name somebody else."""
    policy["session"]["anonymous"] = "never"
    backend.on("POST", "/login", http.redirect("/home"), streaming=True)
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        client.send(http.request("POST", "/login", [FORM, ("Content-Length", "1000")], b"user=alice&"))
        answer = client.read_response()

    assert answer.status == 302 and not answer.has("Set-Cookie")
    gateway.audit.wait_for("authn_login_unclassified", why="form_incomplete")


@pytest.mark.parametrize(
    "target, body, event",
    [
        ("/do?act=in", b"do=login&user=alice", "authn_login_success"),
        ("/do?act=in&x=1", b"user=alice&do=login", "authn_login_success"),
        ("/do?act=out", b"do=login&user=alice", None),
        ("/do?act=in&act=in", b"do=login&user=alice", "authn_login_unclassified"),
        ("/do", b"do=login&user=alice", None),
        ("/do?act=in", b"do=save&user=alice", None),
        ("/do?act=in", b"do=login&do=login&user=alice", "authn_login_unclassified"),
        ("/do?act=in", b"+do=login&user=alice", "authn_login_unclassified"),
        ("//do?act=in", b"do=login&user=alice", "authn_login_success"),
        ("/do;x?act=in", b"do=login&user=alice", "authn_login_success"),
        ("/do?act=in", b"user=alice", None),
        ("/Do?act=in", b"do=login&user=alice", None),
    ],
)
def test_a_login_is_known_by_method_path_query_and_form(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, target: str, body: bytes, event: str | None
) -> None:
    backend.on("POST", None, http.redirect("/home"))
    when = {"method": "POST", "path": "/do", "query": {"act": "in"}, "form": {"do": "login"}}
    policy["logins"]["form"]["when"] = when
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        answer = client.request("POST", target, [FORM], body)

    gateway.stop()
    told = [event] if event else []
    begun = ["session_created"] if event == "authn_login_success" else []
    assert answer.has("Set-Cookie") == bool(begun)
    assert gateway.audit.story() == told + begun


def test_a_login_with_a_dead_session_begins_a_new_one(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()
    old = alice.session
    alice.get("/logout")

    alice.plant(SESSION_COOKIE, str(old))
    alice.log_in()

    assert alice.session not in (None, old)
    assert alice.get("/app").status == 200
    gateway.stop()
    assert len({record["session"] for record in gateway.audit.records("session_created")}) == 2


def test_of_two_users_whose_logins_race_in_one_session_none_keeps_it(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Both came with the same cookies: only the backend knows whose session is whose by now."""
    gate = threading.Event()

    def slow(received: Received) -> bytes | None:
        user = received.read_body().split(b"&")[0].decode()
        return http.redirect("/home", f"APP={user}; Path=/") if gate.wait(PATIENCE) else None

    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "PRE=1; Path=/")]))
    backend.on("POST", "/login", slow)
    gateway = start_gateway(policy)
    stranger = Visitor(gateway)
    stranger.get("/begin")
    cookie = ("Cookie", f"{SESSION_COOKIE}={stranger.session}")
    clients = [gateway.connect() for _ in range(2)]
    for client, user in zip(clients, ("alice", "bob"), strict=True):
        client.send(http.form_request("POST", "/login", {"user": user}, [cookie]))
    backend.wait_for_requests(3)
    gate.set()
    answers = [client.read_response() for client in clients]
    for client in clients:
        client.close()

    winners = [a for a in answers if a.set_cookies().get(SESSION_COOKIE)]
    assert len(winners) == 1
    assert user_at_backend(gateway, backend, winners[0]) is None
    with gateway.connect() as client:
        assert client.get("/app", cookie).status == 401
    gateway.stop()
    assert len(gateway.audit.records("authn_login_success")) == 1
    assert gateway.audit.records("session_revoked")[0]["reason"] == "login_unclear"


def test_logging_out_needs_no_login(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """REV-003: the backend is asked, and a stranger's logout is no event."""
    gateway = start_gateway(policy)

    answer = Visitor(gateway).get("/logout")

    gateway.stop()
    assert answer.status == 200 and not answer.has("Set-Cookie")
    assert gateway.audit.story() == []
    assert backend.last_request().target == "/logout"
