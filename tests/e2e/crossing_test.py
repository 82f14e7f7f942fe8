"""A backend behind TLS that does not know its own address: what it says of itself becomes ours, and what
browsers say of us becomes its own, where the policy says so."""

from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]


def named(policy: Policy, **keys: object) -> Policy:
    """`policy` with further keys of its only backend."""
    policy["backends"]["app"] |= keys
    return policy


def mapped(policy: Policy, public: str, backend: str) -> Policy:
    """`policy` with its only route under `public`, which the backend knows as `backend`."""
    policy["routes"][0]["paths"] = [{"prefix": public, "require": "nothing"}]
    return named(policy, paths={"public": public, "backend": backend})


def location_of(backend: FakeBackend, visitor: Visitor, location: str, target: str = "/go") -> str | None:
    backend.on("GET", None, http.redirect(location))
    return visitor.get(target).get("Location")


def test_a_redirect_to_the_backend_leads_to_us(start_gateway: StartGateway, backend: FakeBackend) -> None:
    visitor = Visitor(start_gateway(basic_policy(backend.url)))
    ours = f"https://{visitor.host}"

    for theirs in (backend.url, f"http://{visitor.host}", "http://localhost", "HTTP://LOCALHOST:443"):
        assert location_of(backend, visitor, f"{theirs}/a?b=c#d") == f"{ours}/a?b=c#d"
    for elsewhere in ("/a", "a;b", "https://elsewhere.test/", "//elsewhere.test/", "http:/odd", "ftp://localhost/"):
        assert location_of(backend, visitor, elsewhere) == elsewhere


def test_an_absolute_target_decides_what_is_ours(start_gateway: StartGateway, backend: FakeBackend) -> None:
    backend.on("GET", None, http.redirect("http://localhost:4711/a"))
    gateway = start_gateway(basic_policy(backend.url))

    with gateway.connect() as client:
        answer = client.get("https://localhost:4711/go")

    assert answer.get("Location") == "https://localhost:4711/a"


def test_refresh_and_content_location_lead_to_us(start_gateway: StartGateway, backend: FakeBackend) -> None:
    lines = [("Refresh", f"5; URL='{backend.url}/r'"), ("Content-Location", f"{backend.url}/c;jsessionid=1")]
    backend.on("GET", None, http.response(200, b"", lines))
    visitor = Visitor(start_gateway(basic_policy(backend.url)))

    answer = visitor.get("/")

    assert answer.get("Refresh") == f"5; URL='https://{visitor.host}/r'"
    assert answer.get("Content-Location") == f"https://{visitor.host}/c"


def test_a_location_that_browsers_would_repair_is_not_passed_on(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    visitor = Visitor(start_gateway(basic_policy(backend.url)))

    assert location_of(backend, visitor, "ht\ttp://elsewhere.test/") is None


def test_rewriting_can_be_switched_off(start_gateway: StartGateway, backend: FakeBackend) -> None:
    visitor = Visitor(start_gateway(named(basic_policy(backend.url), location="leave")))

    assert location_of(backend, visitor, f"{backend.url}/a;jsessionid=1") == f"{backend.url}/a;jsessionid=1"


def test_a_login_rule_sees_where_the_browser_is_sent(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """LGN-009: the rule is written from outside, the backend redirects to its own address."""
    backend.on("POST", "/login", http.redirect(f"{backend.url}/home;jsessionid=1A2B"))
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["success"] = {"location": "https://localhost:*/home"}
    alice = Visitor(start_gateway(policy))

    alice.log_in()

    assert alice.get("/app").status == 200


def test_the_backend_is_sent_the_host_that_it_knows(start_gateway: StartGateway, backend: FakeBackend) -> None:
    gateway = start_gateway(named(basic_policy(backend.url), host="erp.internal:8080"))
    visitor = Visitor(gateway)

    location = location_of(backend, visitor, "http://erp.internal:8080/a")

    received = backend.last_request()
    assert received.get("Host") == "erp.internal:8080"
    assert received.get("X-Forwarded-Host") == visitor.host
    assert f'host="{visitor.host}"' in (received.get("Forwarded") or "")
    assert location == f"https://{visitor.host}/a"


def test_the_vault_knows_the_host_that_the_backend_knows(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    cookie = ("Set-Cookie", "SID=1; Domain=erp.internal; Path=/")
    backend.on("GET", "/begin", http.response(200, b"", [cookie]))
    visitor = Visitor(start_gateway(named(basic_policy(backend.url), host="erp.internal")))

    visitor.get("/begin")
    visitor.get("/")

    assert backend.last_request().get("Cookie") == "SID=1"


@pytest.mark.parametrize(
    "public, backend_path, target, received",
    [
        ("/wiki", "/", "/wiki/a%20b?q=/wiki", "/a%20b?q=/wiki"),
        ("/wiki", "/", "/wiki", "/"),
        ("/wiki", "/", "/%77iki/x", "/x"),
        ("/", "/srv", "/x/y", "/srv/x/y"),
        ("/a/b", "/c", "/a/b/x", "/c/x"),
    ],
)
def test_the_backend_is_asked_for_its_own_path(
    start_gateway: StartGateway, backend: FakeBackend, public: str, backend_path: str, target: str, received: str
) -> None:
    gateway = start_gateway(mapped(basic_policy(backend.url), public, backend_path))

    assert Visitor(gateway).get(target).status == 200

    assert backend.last_request().target == received
    assert gateway.audit.wait_for("http_exchange")["path"].startswith(public)


@pytest.mark.parametrize("target", ["/", "/wikis", "/wiki/../x", "/wiki//elsewhere.test/", "/wiki%2Fx", "/wiki;/x"])
def test_what_lies_beside_the_public_path_reaches_nobody(
    start_gateway: StartGateway, backend: FakeBackend, target: str
) -> None:
    visitor = Visitor(start_gateway(mapped(basic_policy(backend.url), "/wiki", "/")))

    assert visitor.get(target).status in (400, 404)

    assert backend.requests == []


def test_routes_guard_the_public_path(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """HTP-011: the guard looks at what was asked for, the backend gets what belongs to it."""
    policy = mapped(guarded_policy(backend.url), "/wiki", "/")
    policy["logins"]["form"] |= {"page": "/wiki/login", "when": {"method": "POST", "path": "/wiki/login"}}
    policy["logins"]["form"]["logout"] = {"path": "/wiki/logout"}
    policy["routes"][0]["paths"].insert(0, {"prefix": "/wiki/app", "require": {"user": "any"}})
    backend_with_login(backend, "SID=1; Path=/")
    alice = Visitor(start_gateway(policy))

    for target in ("/wiki/app", "/wiki/%61pp", "/wiki/app/", "/wiki//app", "/wiki/app;x", "/wiki/app;jsessionid=1"):
        assert alice.get(target).status in (400, 401), target
    assert backend.requests == []

    alice.post_form("/wiki/login", {"user": "alice", "password": "secret"})
    assert alice.get("/wiki/app").status == 200
    assert backend.last_request().target == "/app"
    assert backend.last_request().get("Cookie") == "SID=1"


def test_cookies_have_the_path_of_whoever_holds_them(start_gateway: StartGateway, backend: FakeBackend) -> None:
    lines = ["lang=de; Path=/srv/x", "seen=1; Path=/srv", "here=1", "gone=1; Path=/other", "SID=7; Path=/srv/x"]
    backend.on("GET", "/srv/x/begin", http.response(200, b"", [("Set-Cookie", line) for line in lines]))
    policy = mapped(basic_policy(backend.url), "/wiki", "/srv")
    rules = {"lang": "pass", "seen": "harden", "here": "readable", "gone": "pass"}
    policy["backends"]["app"]["cookies"]["rules"] = [{"name": n, "mode": m} for n, m in rules.items()]
    visitor = Visitor(start_gateway(policy))

    answer = visitor.get("/wiki/x/begin")
    visitor.cookies = {SESSION_COOKIE: visitor.cookies[SESSION_COOKIE]}

    assert answer.all("Set-Cookie")[:-1] == [
        "lang=de; Path=/wiki/x",
        "seen=1; Secure; HttpOnly; SameSite=Lax; Path=/wiki",
        "here=1; Secure; SameSite=Lax; Path=/wiki/x",
    ]
    visitor.get("/wiki/x/page")
    assert backend.last_request().get("Cookie") == "SID=7"
    visitor.get("/wiki/y")
    assert not backend.last_request().has("Cookie")


def test_redirects_lead_to_the_public_path(start_gateway: StartGateway, backend: FakeBackend) -> None:
    visitor = Visitor(start_gateway(mapped(basic_policy(backend.url), "/wiki", "/srv")))

    for theirs in ("/srv/a?b", f"{backend.url}/srv/a?b", f"https://{visitor.host}/srv/a?b"):
        assert str(location_of(backend, visitor, theirs, "/wiki/go")).endswith("/wiki/a?b")
    assert location_of(backend, visitor, "a?b", "/wiki/go") == "a?b"


ORIGINS = ["https://elsewhere.test", "null", "http://localhost", "https://localhost", "https://localhost.elsewhere.test"]


@pytest.mark.parametrize("mode", ["leave", "rewrite"])
def test_our_origin_becomes_the_backends_and_no_other_does(
    start_gateway: StartGateway, backend: FakeBackend, mode: str
) -> None:
    visitor = Visitor(start_gateway(named(basic_policy(backend.url), origin=mode, host="erp.internal")))
    ours = f"https://{visitor.host}"
    theirs = "http://erp.internal" if mode == "rewrite" else ours

    visitor.get("/", ("Origin", ours), ("Referer", f"{ours}/form?x"))

    assert backend.last_request().get("Origin") == theirs
    assert backend.last_request().get("Referer") == f"{theirs}/form?x"
    for other in ORIGINS:
        visitor.get("/", ("Origin", other), ("Referer", f"{other}/{ours}/"))
        assert backend.last_request().get("Origin") == other
        assert backend.last_request().get("Referer") == f"{other}/{ours}/"


def test_session_ids_go_out_of_addresses_too(start_gateway: StartGateway, backend: FakeBackend) -> None:
    policy = basic_policy(backend.url)
    policy["session"]["path_parameters"] = ["SID"]
    visitor = Visitor(start_gateway(policy))

    assert location_of(backend, visitor, "/c;sid=1;jsessionid=2") == "/c;jsessionid=2"


def test_a_readable_cookie_is_for_scripts(start_gateway: StartGateway, backend: FakeBackend) -> None:
    cookie = ("Set-Cookie", "XSRF-TOKEN=1; Path=/; HttpOnly; Domain=localhost")
    backend.on("GET", "/begin", http.response(200, b"", [cookie]))
    policy = basic_policy(backend.url)
    policy["backends"]["app"]["cookies"]["rules"] = [{"name": "XSRF*", "mode": "readable"}]
    visitor = Visitor(start_gateway(policy))

    answer = visitor.get("/begin")
    visitor.get("/")

    assert answer.all("Set-Cookie") == ["XSRF-TOKEN=1; Path=/; Secure; SameSite=Lax"]
    assert backend.last_request().get("Cookie") == "XSRF-TOKEN=1"


def test_no_cookie_of_the_vault_is_for_a_public_suffix(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """RFC 6265bis §5.7: nobody speaks for co.uk; somebody does for example.co.uk."""
    lines = ["A=1; Domain=co.uk", "B=2; Domain=example.co.uk", "C=3; Domain=wiki.example.co.uk"]
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", line) for line in lines]))
    policy = basic_policy(backend.url)
    policy["routes"][0]["host"] = "wiki.example.co.uk"
    visitor = Visitor(start_gateway(policy))
    visitor.host = "wiki.example.co.uk"

    visitor.get("/begin")
    visitor.get("/")

    assert backend.last_request().get("Cookie") == "B=2; C=3"
