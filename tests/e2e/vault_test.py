"""The backend's own cookies: kept in the session, hardened, passed on or dropped (CKI-008, CKI-009)."""

from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    return guarded_policy(backend.url)


def sets(backend: FakeBackend, path: str, *lines: str) -> None:
    backend.on("GET", path, http.response(200, b"", [("Set-Cookie", line) for line in lines]))


def cookies_at(backend: FakeBackend, visitor: Visitor, path: str) -> str | None:
    visitor.get(path)
    return backend.requests[-1].get("Cookie")


def test_the_browser_never_sees_a_cookie_of_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    sets(backend, "/begin", "PRE=1; Path=/", "MORE=2; Path=/; HttpOnly")
    visitor = Visitor(start_gateway(policy))

    visitor.get("/begin")

    assert list(visitor.cookies) == [SESSION_COOKIE]
    assert cookies_at(backend, visitor, "/") == "PRE=1; MORE=2"


def test_the_vault_picks_cookies_by_path(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """RFC 6265bis §5.8.3: longer paths first; the default path is that of the request's folder."""
    sets(backend, "/dir/begin", "root=1; Path=/", "deep=2; Path=/dir/sub", "here=3", "odd=4; Path=x")
    visitor = Visitor(start_gateway(policy))

    visitor.get("/dir/begin")

    assert cookies_at(backend, visitor, "/") == "root=1"
    assert cookies_at(backend, visitor, "/dir") == "here=3; odd=4; root=1"
    assert cookies_at(backend, visitor, "/dir/x") == "here=3; odd=4; root=1"
    assert cookies_at(backend, visitor, "/dir/sub/x") == "deep=2; here=3; odd=4; root=1"
    assert cookies_at(backend, visitor, "/directory") == "root=1"
    assert cookies_at(backend, visitor, "/dir/submarine") == "here=3; odd=4; root=1"


@pytest.mark.parametrize(
    "line, kept",
    [
        ("A=1; Domain=localhost", True),
        ("A=1; Domain=elsewhere.test", False),
        ("A=1; Domain=host", False),
        ("A=1; Secure; HttpOnly; SameSite=None", True),
        ("A=1; Max-Age=100", True),
        ("A=1; Max-Age=0", False),
        ("A=1; Max-Age=-5", False),
        ("A=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("A=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9", True),
        ("__Secure-A=1", False),
        ("__Secure-A=1; Secure", True),
        ("__Host-A=1; Secure; Path=/", True),
        ("__Host-A=1; Secure; Path=/begin", False),
        ("=1", False),
        ("nothing", False),
    ],
)
def test_the_vault_keeps_what_a_browser_would_keep(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, line: str, kept: bool
) -> None:
    sets(backend, "/begin", line)
    visitor = Visitor(start_gateway(policy))

    visitor.get("/begin")

    assert (cookies_at(backend, visitor, "/begin") is not None) == kept


def test_the_vault_forgets_what_the_backend_deletes(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    sets(backend, "/begin", "A=1; Path=/", "B=2; Path=/", "A=3; Path=/begin")
    sets(backend, "/change", "A=; Path=/; Max-Age=0", "B=new; Path=/")
    visitor = Visitor(start_gateway(policy))

    visitor.get("/begin")
    visitor.get("/change")

    assert cookies_at(backend, visitor, "/") == "B=new"
    assert cookies_at(backend, visitor, "/begin") == "A=3; B=new"


def test_the_vault_forgets_what_has_expired(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    sets(backend, "/begin", "short=1; Path=/; Max-Age=1", "long=2; Path=/; Max-Age=1000")
    visitor = Visitor(start_gateway(policy))

    visitor.get("/begin")

    until(lambda: cookies_at(backend, visitor, "/") == "long=2", "a cookie to expire")


def test_what_the_client_says_of_a_vaulted_cookie_is_not_forwarded(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Fixation of the backend's own session: nobody plants a vaulted cookie through the browser."""
    sets(backend, "/begin", "APP=real; Path=/")
    visitor = Visitor(start_gateway(policy))
    visitor.plant("APP", "planted")
    visitor.plant("OTHER", "planted")

    assert cookies_at(backend, visitor, "/begin") is None
    assert cookies_at(backend, visitor, "/") == "APP=real"


def modes(policy: Policy, **rules: str) -> Policy:
    named = [{"name": name, "mode": mode} for name, mode in rules.items()]
    policy["backends"]["app"]["cookies"] = {"default": "vault", "rules": named}
    return policy


def test_cookies_may_be_passed_hardened_or_dropped_by_name(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    lines = ["lang=de; Path=/; Domain=localhost", "JSID=1; Domain=x.test; Path=/", "track=9", "SES=7; Path=/"]
    sets(backend, "/begin", *lines)
    gateway = start_gateway(modes(policy, lang="pass", **{"JS*": "harden"}, track="drop"))
    visitor = Visitor(gateway)

    answer = visitor.get("/begin")
    for name, value in (("lang", "de"), ("JSID", "1"), ("track", "9"), ("SES", "planted")):
        visitor.plant(name, value)

    assert answer.all("Set-Cookie")[:-1] == [
        "lang=de; Path=/; Domain=localhost",
        "JSID=1; Path=/; Secure; HttpOnly; SameSite=Lax",
    ]
    assert answer.all("Set-Cookie")[-1].startswith(f"{SESSION_COOKIE}=")
    received = http.Request(b"", [("Cookie", cookies_at(backend, visitor, "/") or "")]).cookies()
    assert received == {"SES": "7", "lang": "de", "JSID": "1"}


@pytest.mark.parametrize(
    "line, hardened",
    [
        ("A=1", "A=1; Secure; HttpOnly; SameSite=Lax"),
        ("A=1; SameSite=Strict", "A=1; Secure; HttpOnly; SameSite=Strict"),
        ("A=1; secure; HTTPONLY; samesite=none", "A=1; Secure; HttpOnly; SameSite=None"),
        ("A=1; Max-Age=5; Path=/x", "A=1; Max-Age=5; Path=/x; Secure; HttpOnly; SameSite=Lax"),
    ],
)
def test_a_hardened_cookie_has_what_it_lacked(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, line: str, hardened: str
) -> None:
    """CKI-009."""
    sets(backend, "/begin", line)

    answer = Visitor(start_gateway(modes(policy, A="harden"))).get("/begin")

    assert answer.all("Set-Cookie") == [hardened]


@pytest.mark.parametrize("mode", ["vault", "harden", "pass", "drop"])
@pytest.mark.parametrize("name", [SESSION_COOKIE, "__host-HTTP-session", "Http-session", "__Secure-session"])
def test_the_backend_cannot_set_our_cookie(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, mode: str, name: str
) -> None:
    """CKI-008: not in any mode, and not in a spelling that somebody folds into ours."""
    sets(backend, "/begin", f"{name}=evil; Path=/; Secure; HttpOnly")
    policy["backends"]["app"]["cookies"] = {"default": mode}
    gateway = start_gateway(policy)

    answer = Visitor(gateway).get("/begin")

    assert not answer.has("Set-Cookie")
    gateway.audit.wait_for("backend_cookie_conflict")


def test_our_cookie_never_reaches_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["backends"]["app"]["cookies"] = {"default": "pass"}
    backend_with_login(backend, "APP=1; Path=/")
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    alice.log_in()

    alice.get("/app")

    assert backend.last_request().get("Cookie") == "APP=1"
    assert SESSION_COOKIE.encode() not in b"".join(each.received for each in backend.connections)


def test_login_empties_the_vault_but_for_what_its_answer_sets(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """ROT-001: a backend session that was planted before the login does not survive it."""
    sets(backend, "/begin", "SID=planted; Path=/", "CART=3; Path=/")
    backend_with_login(backend, "SID=fresh; Path=/")
    visitor = Visitor(start_gateway(policy))
    visitor.get("/begin")

    visitor.log_in()

    assert backend.requests[-1].get("Cookie") == "SID=planted; CART=3"
    assert cookies_at(backend, visitor, "/") == "SID=fresh"


def test_a_failed_login_keeps_the_vault(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    sets(backend, "/begin", "CART=3; Path=/")
    backend_with_login(backend)
    visitor = Visitor(start_gateway(policy))
    visitor.get("/begin")

    visitor.log_in(password="guess")

    assert cookies_at(backend, visitor, "/") == "CART=3"


def test_pre_login_cookies_may_be_withheld_from_the_login(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """The backend then has to begin a session of its own that nobody can have planted."""
    sets(backend, "/begin", "SID=planted; Path=/")
    backend_with_login(backend, "SID=fresh; Path=/")
    policy["logins"]["form"] |= {"pre_login_cookies": "withhold"}
    policy["logins"]["form"]["when"]["form"] = {"password": "secret"}
    visitor = Visitor(start_gateway(policy))
    visitor.get("/begin")

    visitor.log_in(password="other")
    other = backend.requests[-1].get("Cookie")
    visitor.log_in()
    login = backend.requests[-1].get("Cookie")

    assert (other, login) == ("SID=planted", None)
    assert cookies_at(backend, visitor, "/") == "SID=fresh"


def test_logout_ends_the_vault(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """REV-003: and what the logout's answer sets is not kept either."""
    backend_with_login(backend, "SID=1; Path=/")
    sets(backend, "/logout", "SID=2; Path=/")
    visitor = Visitor(start_gateway(policy))
    visitor.log_in()

    visitor.get("/logout")

    assert backend.requests[-1].get("Cookie") == "SID=1"
    assert visitor.session is None
    assert cookies_at(backend, visitor, "/") is None


def test_sessions_do_not_share_a_vault(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    gateway = start_gateway(policy)
    visitors = [Visitor(gateway) for _ in range(3)]
    for number, visitor in enumerate(visitors):
        sets(backend, "/begin", f"SID={number}; Path=/")
        visitor.get("/begin")

    assert [cookies_at(backend, each, "/") for each in visitors] == ["SID=0", "SID=1", "SID=2"]


def test_the_vault_is_bounded(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """A backend that floods cookies fills its own vault only, and is told of."""
    policy["session"]["vault"] = {"cookies": 3, "bytes": "256B"}
    sets(backend, "/begin", *(f"C{number}=1; Path=/" for number in range(9)))
    sets(backend, "/large", f"C0={'x' * 300}; Path=/")
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    visitor.get("/begin")
    visitor.get("/large")

    assert cookies_at(backend, visitor, "/") == "C0=1; C1=1; C2=1"
    gateway.audit.wait_for("backend_cookie_conflict", count=2, reason="vault_full")


def test_no_backend_gets_the_cookies_of_another(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """Two backends behind one host have a jar each, whatever path their cookies name."""
    with FakeBackend() as other:
        backend.on("GET", "/a", http.response(200, b"", [("Set-Cookie", "SID=a; Path=/")]))
        other.on("GET", "/b", http.response(200, b"", [("Set-Cookie", "SID=b; Path=/")]))
        policy = basic_policy(backend.url)
        policy["backends"]["other"] = {"servers": [other.url]}
        policy["routes"].insert(0, dict(policy["routes"][0], backend="other"))
        policy["routes"][0]["paths"] = [{"prefix": "/b", "require": "nothing"}]
        visitor = Visitor(start_gateway(policy))
        for target in ("/a", "/b", "/a", "/b"):
            visitor.get(target)

        assert [r.get("Cookie") for r in backend.requests] == [None, "SID=a"]
        assert [r.get("Cookie") for r in other.requests] == [None, "SID=b"]
