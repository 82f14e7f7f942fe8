"""Which requests are forwarded (CFG-002): what no route names is refused, what needs
a user sends people to the login page and programs away."""

import time
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, basic_policy, guarded_policy
from support.visitor import Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]
Header = tuple[str, str]

HTML = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """/app needs a user, /open and the login need nothing, and nothing else is there."""
    backend_with_login(backend)
    policy = guarded_policy(backend.url)
    open_paths = [{"prefix": path, "require": "nothing"} for path in ("/open", "/login", "/logout")]
    policy["routes"][0]["paths"][1:] = open_paths
    return policy


def paths_at(policy: Policy, *paths: dict) -> Policy:
    policy["routes"][0]["paths"] = list(paths)
    return policy


@pytest.mark.parametrize("path", ["/", "/nowhere", "/opener", "/Open", "/open.html", "/app.html", "/application"])
@pytest.mark.parametrize("headers", [(), (HTML,)], ids=["program", "browser"])
def test_an_unknown_path_is_404(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, path: str, headers: tuple[Header, ...]
) -> None:
    """Deny by default, for everybody."""
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()

    answers = [visitor.get(path, *headers) for visitor in (Visitor(gateway), alice)]

    gateway.stop()
    assert [answer.status for answer in answers] == [404, 404]
    assert [request.target for request in backend.requests] == ["/login"]
    assert [told["path"] for told in gateway.audit.records("authz_fail", reason="no_route")] == [path, path]


@pytest.mark.parametrize(
    "host", ["elsewhere.test", "localhost.evil.test", "sub.localhost", "localhos", "127.0.0.1", "[::1]"]
)
def test_an_unknown_host_is_404(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, host: str
) -> None:
    """HTP-004: before any session work; a cookie is neither read nor cleared there."""
    gateway = start_gateway(policy)
    cookie = ("Cookie", "__Host-Http-session=forged")
    with gateway.connect() as client:
        answer = client.request("GET", "/open", [cookie], host=host)

    gateway.stop()
    assert answer.status == 404 and not answer.has("Set-Cookie")
    assert not backend.connections
    assert gateway.audit.story() == ["host_mismatch"]


def test_the_page_of_a_refusal_tells_nothing(start_gateway: StartGateway, policy: Policy) -> None:
    """CFG-004: the same for what is not there as for what is not for you, but for the status and the id."""
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        answers = [client.get("/nowhere"), client.get("/app"), client.request("GET", "/", host="a.test")]

    for answer, text in zip(answers, ("404 Not Found", "401 Unauthorized", "404 Not Found"), strict=True):
        assert answer.body.decode() == f"{text}\nRequest id: {answer.get('X-Request-Id')}\n"
        assert answer.get("Content-Type") == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "host, seen", [("LocalHost", "localhost"), ("localhost:443", "localhost:443"), ("localhost.", "localhost")]
)
def test_a_host_is_known_in_any_case_and_at_any_port(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, host: str, seen: str
) -> None:
    """And with the dot of the root; the backend hears its plain name."""
    with start_gateway(policy).connect() as client:
        assert client.request("GET", "/open", host=host).status == 200

    assert backend.last_request().get("Host") == seen


NAVIGATIONS: dict[str, list[Header]] = {
    "it says so": [("Sec-Fetch-Mode", "navigate")],
    "it says so and asks for anything": [("Sec-Fetch-Mode", "navigate"), ("Accept", "*/*")],
    "it asks for a page": [HTML],
}
OTHERS: dict[str, list[Header]] = {
    "nothing is said": [],
    "anything is accepted": [("Accept", "*/*")],
    "JSON is asked for": [("Accept", "application/json")],
    "a script asks for a page": [("Sec-Fetch-Mode", "cors"), HTML],
    "an image is loaded": [("Sec-Fetch-Mode", "no-cors"), ("Accept", "image/avif,*/*")],
    "an old script asks for a page": [("X-Requested-With", "XMLHttpRequest"), HTML],
}


@pytest.mark.parametrize("headers", NAVIGATIONS.values(), ids=NAVIGATIONS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_navigation_is_sent_to_the_login_page(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, method: str, headers: list[Header]
) -> None:
    policy["logins"]["form"]["page"] = "/login?from=gate&x=%2F"
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        answer = client.request(method, "/app/page?secret=1", headers)

    gateway.stop()
    assert (answer.status, answer.get("Location")) == (303, "/login?from=gate&x=%2F")
    assert answer.get("Cache-Control") == "no-store" and not answer.has("Set-Cookie")
    assert not backend.connections
    [told] = gateway.audit.records("authz_fail")
    assert (told["reason"], told["path"], told["route"]) == ("login_required", "/app/page", "localhost/app")
    [record] = gateway.audit.exchanges()
    assert (record["status"], record["outcome"], record["rule"]) == (303, "denied", told["rule"])


@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS)
def test_what_is_no_navigation_is_401(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, headers: list[Header]
) -> None:
    """A script that follows a redirect would take the login page for its answer."""
    with start_gateway(policy).connect() as client:
        answer = client.get("/app", *headers)

    assert answer.status == 401 and not answer.has("Location")
    assert not backend.connections


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_what_would_change_something_is_401_even_from_a_page(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, method: str
) -> None:
    """Its body is lost anyway: nobody is led to believe otherwise."""
    with start_gateway(policy).connect() as client:
        assert client.request(method, "/app", [*NAVIGATIONS["it says so"], HTML], b"a=b").status == 401

    assert not backend.connections


def test_without_a_login_page_a_navigation_is_401(start_gateway: StartGateway, policy: Policy) -> None:
    del policy["logins"]["form"]["page"]
    with start_gateway(policy).connect() as client:
        assert client.get("/app", HTML).status == 401


def test_a_user_goes_where_a_stranger_does_not(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    alice = Visitor(start_gateway(policy))
    alice.log_in()

    assert [alice.get(path, HTML).status for path in ("/app", "/app/", "/app/a/b?c")] == [200] * 3

    assert [request.target for request in backend.requests[1:]] == ["/app", "/app/", "/app/a/b?c"]


def test_the_first_path_that_covers_counts(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(
        paths_at(
            policy,
            {"exact": "/app/public", "require": "nothing"},
            {"prefix": "/app/help", "require": "nothing"},
            {"exact": "/", "require": "nothing"},
            {"prefix": "/app", "require": {"user": "any"}},
            {"prefix": "/log", "require": {"user": "any"}},
            {"prefix": "/login", "require": "nothing"},
            {"prefix": "/logout", "require": "nothing"},
        )
    )
    wanted = {
        "/": 200, "/app/public": 200, "/app/public?x": 200, "/app/public/": 401, "/app/public/x": 401,
        "/app/help": 200, "/app/help/": 200, "/app/help/x": 200, "/app/helper": 401, "/app": 401, "/x": 404,
        "/log": 401, "/log/in": 401, "/login": 200, "/login/x": 200, "/logs": 404,
    }  # fmt: skip
    with gateway.connect() as client:
        assert {path: client.get(path).status for path in wanted} == wanted


def test_routes_of_one_host_may_lead_to_several_backends(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    with FakeBackend() as reports:
        policy["backends"]["reports"] = {"servers": [reports.url]}
        paths = [{"prefix": "/reports", "require": "nothing"}]
        policy["routes"].insert(0, {"host": "localhost", "paths": paths, "backend": "reports"})
        with start_gateway(policy).connect() as client:
            for path in ("/open", "/reports", "/reports/1", "/open/reports"):
                assert client.get(path).status == 200

        assert [request.target for request in reports.requests] == ["/reports", "/reports/1"]
    assert [request.target for request in backend.requests] == ["/open", "/open/reports"]


def fresh_policy(policy: Policy, within: str) -> Policy:
    """/app/admin needs a login that is not older than `within`."""
    fresh = {"user": "any", "authenticated_within": within}
    policy["routes"][0]["paths"].insert(0, {"prefix": "/app/admin", "require": fresh})
    return policy


def wait_for_time_to_pass(seconds: float) -> None:
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end, "time to pass")


def test_a_login_that_is_too_old_has_to_be_repeated(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """authenticated_within: only there, and without ending the session."""
    gateway = start_gateway(fresh_policy(policy, "1s"))
    alice = Visitor(gateway)
    alice.log_in()
    wait_for_time_to_pass(1.2)
    before, reached = alice.session, len(backend.requests)

    navigation, script = alice.get("/app/admin", HTML), alice.get("/app/admin/x")

    assert (navigation.status, navigation.get("Location"), script.status) == (303, "/login", 401)
    assert len(backend.requests) == reached
    assert alice.session == before and alice.get("/app").status == 200
    gateway.stop()
    told = gateway.audit.records("authz_fail", reason="fresh_login_required")
    assert [(each["user"], each["path"]) for each in told] == [("alice", "/app/admin"), ("alice", "/app/admin/x")]


def test_a_login_that_is_repeated_is_fresh_again(start_gateway: StartGateway, policy: Policy) -> None:
    """LIF-007. Use does not make it fresh, only the password does."""
    policy["logins"]["form"]["pre_login_cookies"] = "withhold"  # So that a second login is proved, too.
    gateway = start_gateway(fresh_policy(policy, "2s"))
    alice = Visitor(gateway)
    alice.log_in()

    until(lambda: alice.get("/app").status == 200 and alice.get("/app/admin").status == 401, "the login to age")
    until(lambda: alice.log_in().status == 302 and alice.get("/app/admin").status == 200, "a fresh login")

    gateway.stop()
    assert len({told["session"] for told in gateway.audit.records("authn_login_success")}) == 1


def test_a_fresh_login_is_asked_of_strangers_first(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(fresh_policy(policy, "1h"))
    alice = Visitor(gateway)

    assert alice.get("/app/admin", HTML).get("Location") == "/login"
    gateway.audit.wait_for("authz_fail", reason="login_required", path="/app/admin")
    alice.log_in()

    assert alice.get("/app/admin", HTML).status == 200


def test_a_user_of_one_login_is_a_stranger_at_another(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """A demo's login must not open the books: each route names the login that counts there."""
    books = {**policy["logins"]["form"], "page": "/books/login"}
    policy["logins"]["books"] = {**books, "when": {"method": "POST", "path": "/books/login"}, "logout": {"path": "/books/out"}}
    paths = [
        {"exact": "/books/login", "require": "nothing"},
        {"prefix": "/books", "require": {"user": "any"}},
    ]
    policy["routes"].insert(0, {"host": "localhost", "paths": paths, "backend": "app", "login": "books"})
    alice = Visitor(start_gateway(policy))
    alice.log_in()

    assert alice.get("/app").status == 200
    assert alice.get("/books", HTML).get("Location") == "/books/login"
    assert alice.get("/books/login", HTML).status == 200
    assert not backend.last_request().has("X-Forwarded-User")


def test_a_policy_without_login_still_serves(start_gateway: StartGateway, backend: FakeBackend) -> None:
    backend.on("GET", "/page", http.response(200, b"a page"))
    with start_gateway(basic_policy(backend.url)).connect() as client:
        assert client.get("/page", HTML).body == b"a page"
