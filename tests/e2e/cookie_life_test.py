"""How long the browser keeps what it is given, the second cookie, the header of clients without cookies, and what is
said when a session ends (CKI-004, CKI-010, CKI-011, REV-001, REV-002)."""

from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

WRITE_COOKIE = f"{SESSION_COOKIE}-write"
OWN_PAGE = ("Sec-Fetch-Site", "same-origin")


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    return guarded_policy(backend.url)


def logged_in(gateway: Gateway) -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in().status == 302
    return visitor


def max_age(answer: http.Response) -> int | None:
    (line,) = [line for line in answer.all("Set-Cookie") if line.startswith(f"{SESSION_COOKIE}=")]
    ages = [part.strip()[8:] for part in line.split(";") if part.strip().startswith("Max-Age=")]
    return int(ages[0]) if ages else None


def test_a_persistent_cookie_lasts_no_longer_than_the_session(start_gateway: StartGateway, policy: Policy) -> None:
    """CKI-004: bounded by the idle and the absolute limit."""
    policy["session"]["cookie"]["persistent"] = True
    for idle, absolute, age in (("30m", "8h", 1800), ("20m", "20m", 1200)):
        policy["session"] |= {"idle_timeout": idle, "absolute_timeout": absolute}
        visitor = Visitor(start_gateway(policy))

        assert age - 2 <= (max_age(visitor.log_in()) or 0) <= age


def test_a_cookie_is_renewed_at_its_share_of_the_lifetime_and_not_before(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """koa-session's `renew`: once, and never beyond the absolute limit."""
    policy["session"]["cookie"] |= {"persistent": True, "renew_at": 0.25}
    policy["session"] |= {"idle_timeout": "8s", "absolute_timeout": "1h"}
    alice = logged_in(start_gateway(policy))
    assert not alice.get("/app").has("Set-Cookie")

    renewed = until(lambda: (answer := alice.get("/app")).has("Set-Cookie") and answer, "a renewal")

    assert 6 <= (max_age(renewed) or 0) <= 8
    assert renewed.get("Cache-Control") == "no-store"
    assert not alice.get("/app").has("Set-Cookie")


def test_a_rolling_cookie_comes_with_every_answer(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["cookie"] |= {"persistent": True, "rolling": True}
    alice = logged_in(start_gateway(policy))
    value = alice.session

    answers = [alice.get("/app") for _ in range(3)]

    assert all(max_age(answer) for answer in answers)
    assert alice.session == value, "the same id"


def test_attributes_are_those_of_the_policy_that_is_in_force(start_gateway: StartGateway, policy: Policy) -> None:
    """Without persistence nothing says how long."""
    assert max_age(Visitor(start_gateway(policy)).log_in()) is None


def test_without_the_second_cookie_nothing_is_changed(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """CKI-011."""
    policy["session"]["cookie"]["write_cookie"] = True
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    lines = alice.log_in().all("Set-Cookie")
    write = next(line for line in lines if line.startswith(f"{WRITE_COOKIE}="))
    assert "; SameSite=Strict" in write and "; HttpOnly" in write and "; Secure" in write
    proof = alice.cookies.pop(WRITE_COOKIE)

    assert alice.get("/app").status == 200
    reached = len(backend.requests)
    refused = alice.post_form("/app/pay", {"to": "mallory"})

    assert refused.status == 403 and b"<a href" in refused.body
    assert len(backend.requests) == reached
    gateway.audit.wait_for("malicious_csrf", reason="write_cookie_required")
    other = logged_in(gateway)
    alice.plant(WRITE_COOKIE, other.cookies[WRITE_COOKIE])
    assert alice.post_form("/app/pay", {}).status == 403, "that of another session"
    alice.plant(WRITE_COOKIE, proof)
    assert alice.post_form("/app/pay", {}).status == 200
    assert WRITE_COOKIE.encode() not in b"".join(each.received for each in backend.connections)
    assert not alice.get("/logout").has("Location") and WRITE_COOKIE not in alice.cookies


def test_a_client_without_cookies_carries_its_session_in_a_header(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """SID-003: the header on routes that say so, never both, and a cookie's value is none of it."""
    policy["session"]["header"] = "X-Api-Session"
    for path in policy["routes"][0]["paths"]:
        path["session_in"] = "header"
    policy["routes"][0]["paths"].insert(0, {"prefix": "/page", "require": {"user": "any"}})
    backend.on("GET", "/app", http.response(200, b"", [("X-Api-Session", "of the backend")]))
    gateway = start_gateway(policy)

    with gateway.connect() as client:
        login = client.post_form("/login", {"user": "alice", "password": "secret"})
        token = ("X-Api-Session", login.get("X-Api-Session") or "")
        assert not login.has("Set-Cookie") and login.get("Cache-Control") == "no-store"

        answer = client.get("/app", token)
        assert answer.status == 200 and not answer.has("X-Api-Session")
        assert backend.last_request().get("X-Forwarded-User") == "alice"
        assert not backend.last_request().has("X-Api-Session")
        assert client.get("/app").status == 401
        assert client.get("/app", ("Cookie", f"{SESSION_COOKIE}={token[1]}")).status == 401
        assert client.get("/page", token).status == 401, "where sessions are in cookies"
        assert client.get("/page", ("Cookie", f"{SESSION_COOKIE}={token[1]}")).status == 401
        over = client.get("/logout", token)
        assert over.get("X-Api-Session") == ""
        assert client.get("/app", token).status == 401
        both = client.get("/app", token, ("Cookie", f"{SESSION_COOKIE}=x"))
        assert both.status == 400


def test_logout_tells_the_browser_to_forget(start_gateway: StartGateway, policy: Policy) -> None:
    """REV-002."""
    alice = logged_in(start_gateway(policy))

    answer = alice.get("/logout")

    assert answer.get("Clear-Site-Data") == '"cache", "cookies", "storage"'
    assert alice.session is None
    policy["session"]["clear_site_data"] = ["cache"]
    assert logged_in(start_gateway(policy)).get("/logout").get("Clear-Site-Data") == '"cache"'
    policy["session"]["clear_site_data"] = []
    assert not logged_in(start_gateway(policy)).get("/logout").has("Clear-Site-Data")


def test_the_gateways_own_logout_is_for_our_own_pages(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """REV-001: a POST that only our own pages can make; it never reaches the backend."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    path = "/.sallyport/logout"
    own = f"https://localhost:{gateway.port}"

    page = alice.get(path)
    assert page.status == 200 and b'<form method="post"' in page.body
    for fields in (
        [],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Origin", "https://evil.example")],
        [("Origin", "null")],
        [("Referer", "https://evil.example/?" + own)],
        [("Sec-Fetch-Site", "cross-site"), ("Origin", own)],
    ):
        assert alice.post_form(path, {}, *fields).status == 403, fields
        assert alice.get("/app").status == 200
    gateway.audit.wait_for("malicious_csrf", reason="cross_site", count=7)

    answer = alice.post_form(path, {}, ("Origin", own))

    assert (answer.status, answer.get("Location")) == (303, "/")
    assert answer.has("Clear-Site-Data") and alice.session is None
    assert gateway.audit.wait_for("session_logout")["reason"] == "logged_out_here"
    assert not [request for request in backend.requests if request.path == path]


def test_the_own_logout_can_be_elsewhere_or_nowhere(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["logout"] = "/bye"
    alice = logged_in(start_gateway(policy))
    assert alice.post_form("/bye", {}, OWN_PAGE).status == 303

    policy["session"]["logout"] = "off"
    alice = logged_in(start_gateway(policy))
    assert alice.post_form("/.sallyport/logout", {}, OWN_PAGE).status == 200, "the backend's business"
    assert alice.session


def test_what_users_see_is_kept_out_of_caches(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """CKI-010: answers to users, unless a route leaves it to the backend."""
    cacheable = http.response(200, b"x", [("Cache-Control", "max-age=60"), ("Expires", "0")])
    for path in ("/app/page", "/open", "/app/logo"):
        backend.on("GET", path, cacheable)
    policy["routes"][0]["paths"].insert(
        0, {"prefix": "/app/logo", "require": {"user": "any"}, "cache": "leave"}
    )
    gateway = start_gateway(policy)
    alice, stranger = logged_in(gateway), Visitor(gateway)

    assert alice.get("/app/page").get("Cache-Control") == "no-store"
    assert alice.get("/open").get("Cache-Control") == "no-store"
    assert alice.get("/app/logo").get("Cache-Control") == "max-age=60"
    assert stranger.get("/open").get("Cache-Control") == "max-age=60"
