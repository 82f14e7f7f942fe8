"""Answers to logins that do not arrive as they should: nobody is in on doubt, the failure is
audited, and the browser gets the very bytes that came from the backend."""

import gzip
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

COOKIE = ("Set-Cookie", "SID=1; Path=/")


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    return guarded_policy(backend.url)


@pytest.fixture
def by_body(policy: Policy) -> Policy:
    """The page tells whether it worked."""
    policy["logins"]["form"]["success"] = {"body": "Welcome"}
    return policy


def cut(*fields: tuple[str, str], status: int = 200, body: bytes = b"<p>Hello") -> Callable:
    """Announces more than `body`, and leaves."""

    def answer(received: Received) -> None:
        length = ("Content-Length", str(len(body) + 100))
        received.connection.send(http.response(status, body, [length, *fields]))
        received.connection.close()

    return answer


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/app").status == 200


def expect_doubt(gateway: Gateway, backend: FakeBackend, visitor: Visitor, why: str) -> None:
    assert not is_in(visitor)
    visitor.get("/open")
    assert not any(received.has("X-Forwarded-User") for received in backend.requests)
    gateway.audit.wait_for("authn_login_unclassified", why=why)
    assert not gateway.audit.records("authn_login_success")


def test_an_answer_that_is_cut_off_before_it_says_anything_logs_nobody_in(
    start_gateway: StartGateway, by_body: Policy, backend: FakeBackend
) -> None:
    backend.on("POST", "/login", cut(COOKIE))
    gateway = start_gateway(by_body)
    visitor = Visitor(gateway)

    with pytest.raises(http.ConnectionEnded) as ended:
        visitor.log_in()

    assert b"<p>Hello" in ended.value.received, "what came is passed on"
    expect_doubt(gateway, backend, visitor, "answer_cut_off")


def test_a_name_in_an_answer_that_is_cut_off_is_nobodys(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """What never came might have named somebody else."""
    policy["logins"]["form"] |= {
        "success": {"status": 200},
        "user": {"answer": {"body": "<b>{}</b>"}},
    }
    backend.on("POST", "/login", cut(COOKIE, body=b"<p>Hello <b>alice</b>"))
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    with pytest.raises(http.ConnectionEnded):
        visitor.log_in()

    expect_doubt(gateway, backend, visitor, "user_unreadable")


def test_an_answer_whose_head_says_all_may_be_cut_off_behind_it(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    backend.on("POST", "/login", cut(COOKIE, ("Location", "/home"), status=302))
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        client.send(http.form_request("POST", "/login", {"user": "alice"}))
        received = b""
        while piece := client.read():
            received += piece
    assert received.endswith(b"\r\n\r\n<p>Hello")

    visitor = Visitor(gateway)
    head = received.partition(SESSION_COOKIE.encode() + b"=")[2]
    visitor.plant(SESSION_COOKIE, head.split(b";")[0].decode())
    assert is_in(visitor)
    assert backend.requests[-1].get("Cookie") == "SID=1"


@pytest.mark.parametrize("coding", ["gzip", "identity, gzip", "br"])
def test_a_compressed_answer_logs_nobody_in_and_arrives_unchanged(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, coding: str
) -> None:
    policy["logins"]["form"]["success"] = {"not": {"body": "wrong"}}
    page = gzip.compress(b"<p>wrong user or password")
    backend.on("POST", "/login", http.response(200, page, [COOKIE, ("Content-Encoding", coding)]))
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    assert visitor.log_in().body == page

    expect_doubt(gateway, backend, visitor, "answer_encoded")


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_backend_in_trouble_logs_nobody_in(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, status: int
) -> None:
    policy["logins"]["form"]["success"] = {"not": {"body": "wrong"}}
    backend.on("POST", "/login", http.response(status, b"Sorry", [COOKIE]))
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    assert visitor.log_in().status == status

    expect_doubt(gateway, backend, visitor, "answer_is_error")


WAYS_BACK = {
    "dot segments": ("/app/../login?failed", "answer_unreadable"),
    "the backend's own name": ("http://10.0.0.1:8080/login?failed", "answer_unreadable"),
    "a backslash": ("/\\login", "answer_unreadable"),
}


@pytest.mark.parametrize("location, why", WAYS_BACK.values(), ids=WAYS_BACK)
def test_a_way_back_to_the_login_page_is_none_to_elsewhere(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, location: str, why: str
) -> None:
    policy["logins"]["form"]["success"] = {"redirect": "elsewhere"}
    backend.on("POST", "/login", http.redirect(location, "SID=1; Path=/"))
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    visitor.log_in()

    expect_doubt(gateway, backend, visitor, why)


def test_a_part_of_a_page_is_never_asked_for_where_it_decides(
    start_gateway: StartGateway, by_body: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(by_body)
    parts = [("Range", "bytes=0-0"), ("If-None-Match", '"1"'), ("Accept-Charset", "utf-16")]

    Visitor(gateway).post_form("/login", {"user": "alice"}, *parts)
    Visitor(gateway).get("/open", *parts)

    login, other = backend.requests
    assert not any(login.has(name) for name, _ in parts)
    assert all(other.has(name) for name, _ in parts)


SHAPES = {
    "a length": http.response(200, b"<p>Welcome" + b"x" * 200_000),
    "chunks": b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"a\r\n<p>Welcome\r\n" * 20_000
    + b"0\r\n\r\n",
    "nothing": http.response(200, b""),
    "204": http.response(204),
}


@pytest.mark.parametrize("answer", SHAPES.values(), ids=SHAPES)
def test_what_was_read_ahead_arrives_byte_for_byte(
    start_gateway: StartGateway, by_body: Policy, backend: FakeBackend, answer: bytes
) -> None:
    backend.on("POST", "/login", answer)
    gateway = start_gateway(by_body)
    visitor = Visitor(gateway)

    got = visitor.log_in()

    assert got.body == http.Reader(iter([answer, b""]).__next__).response("POST").body
    assert is_in(visitor) == (b"Welcome" in answer)


def test_an_answer_to_head_and_one_that_ends_with_its_connection_arrive_whole(
    start_gateway: StartGateway, by_body: Policy, backend: FakeBackend
) -> None:
    by_body["logins"]["form"]["lost"] = {"answer": {"body": "expired"}}
    backend.on("POST", "/login", http.response(200, b"Welcome", [COOKIE]))

    def until_closed(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 X\r\n\r\n" + b"y" * 100_000)
        received.connection.close()

    backend.on("GET", "/long", until_closed)
    backend.on("HEAD", "/long", b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
    gateway = start_gateway(by_body)
    visitor = Visitor(gateway)
    visitor.log_in()

    assert visitor.get("/long").body == b"y" * 100_000
    with gateway.connect() as client:
        cookie = ("Cookie", f"{SESSION_COOKIE}={visitor.session}")
        head = client.request("HEAD", "/long", [cookie])
        assert head.status == 200 and head.get("Content-Length") == "100000"
        assert client.get("/open", cookie).status == 200


def test_a_stream_that_is_no_login_page_is_not_held_back(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """The head of the answer has told already that the session is not lost."""
    policy["logins"]["form"]["lost"] = {"answer": {"status": 401, "body": "expired"}}
    backend.on("POST", "/login", http.redirect("/home", "SID=1; Path=/"))
    first, second = b"data: 1\n\n", b"data: 2\n\n"
    held: list[Received] = []

    def stream(received: Received) -> None:
        held.append(received)
        length = ("Content-Length", str(len(first + second)))
        received.connection.send(http.response(200, first, [length]))

    backend.on("GET", "/events", stream)
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)
    visitor.log_in()

    with gateway.connect() as client:
        cookie = ("Cookie", f"{SESSION_COOKIE}={visitor.session}")
        client.send(http.request("GET", "/events", [cookie]))
        seen = b""
        while first not in seen:
            seen += client.read()
        held[0].connection.send(second)
        until(lambda: second in (seen + client.read()), "the second event")


def test_a_client_that_leaves_while_its_answer_is_read_ahead_is_nobody(
    start_gateway: StartGateway, by_body: Policy, backend: FakeBackend
) -> None:
    """A guess whose answer nobody waits for counts like any other."""
    backend.failures_are_expected = True
    by_body["detection"] = {"failed_logins": {"per_user": "3 in 15m", "per_network": "off"}}

    def slowly(received: Received) -> None:
        received.connection.send(http.response(200, b"<p>", [("Content-Length", "9"), COOKIE]))

    backend.on("POST", "/login", slowly)
    gateway = start_gateway(by_body)
    for count in range(1, 4):
        with gateway.connect() as client:
            client.send(http.form_request("POST", "/login", {"user": "alice"}))
            backend.wait_for_requests(count)
            client.abort()
        gateway.audit.wait_for("authn_login_unclassified", count=count)

    gateway.audit.wait_for("authn_login_fail_max", scope="user")
