"""Logins that meet other logins, in parallel or one after the other, in one backend session: who is
in for the gateway is who is in for the backend, or nobody."""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]


class Application:
    """Keeps its session id, lets bob in, and sends whoever is in on to /home, whatever he typed."""

    def __init__(self, backend: FakeBackend) -> None:
        self.user_of: dict[str, str] = {}
        self.hold = threading.Event()
        self.hold.set()
        backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "APP=1; Path=/")]))
        backend.on("POST", "/login", self.log_in)
        backend.on("GET", "/home", self.home)
        backend.on("GET", "/admin", http.redirect("/login", "APP=1; Path=/"))

    def log_in(self, received: Received) -> bytes:
        session = received.cookies().get("APP", "2")
        if b"user=bob&password=secret" in received.body:
            self.user_of[session] = "bob"
            assert self.hold.wait(PATIENCE)
        if session in self.user_of or self.says_nothing:
            return http.redirect("/home", f"APP={session}; Path=/")
        return http.response(200, b"wrong")

    says_nothing = False
    """Whether right and wrong passwords are answered alike."""

    def home(self, received: Received) -> bytes:
        is_in = received.cookies().get("APP") in self.user_of
        return http.response(200, b"hello") if is_in else http.redirect("/login")


@pytest.fixture
def application(backend: FakeBackend) -> Application:
    return Application(backend)


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    return guarded_policy(backend.url)


def expect_no_admin(gateway: Gateway, backend: FakeBackend, *visitors: Visitor) -> None:
    for visitor in visitors:
        visitor.get("/app")
        visitor.get("/open")
    names = {received.get("X-Forwarded-User") for received in backend.requests}
    assert names <= {None, "bob"}
    gateway.stop()
    users = [record["user"] for record in gateway.audit.records("authn_login_success")]
    assert "admin" not in users
    assert gateway.audit.records("authn_login_unclassified")


def test_two_logins_that_race_in_one_session_leave_nobody_in(
    start_gateway: StartGateway, policy: Policy, application: Application, backend: FakeBackend
) -> None:
    """The backend lets bob in, and before it has said so sends `admin` on, too."""
    gateway = start_gateway(policy)
    mallory, twin = Visitor(gateway), Visitor(gateway)
    mallory.get("/begin")
    twin.plant(SESSION_COOKIE, mallory.session or "")
    application.hold.clear()
    login = threading.Thread(target=mallory.log_in, args=["bob"])
    login.start()
    backend.wait_for_requests(2)

    assert twin.log_in("admin", "guess").status == 302
    application.hold.set()
    login.join(PATIENCE)

    assert mallory.get("/app").status == 401 and twin.get("/app").status == 401
    gateway.stop()
    assert gateway.audit.records("session_revoked", reason="login_unclear")
    assert gateway.audit.records("authn_login_unclassified")


def test_a_form_that_is_sent_twice_logs_in_once(
    start_gateway: StartGateway, policy: Policy, application: Application, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    bob, twin = Visitor(gateway), Visitor(gateway)
    bob.get("/begin")
    twin.plant(SESSION_COOKIE, bob.session or "")
    application.hold.clear()
    logins = [threading.Thread(target=each.log_in, args=["bob"]) for each in (bob, twin)]
    for login in logins:
        login.start()
    backend.wait_for_requests(3)
    application.hold.set()
    for login in logins:
        login.join(PATIENCE)

    assert [bob.get("/app").status, twin.get("/app").status].count(200) == 1


def test_who_was_demoted_takes_nothing_of_the_backends_session_along(
    start_gateway: StartGateway, policy: Policy, application: Application, backend: FakeBackend
) -> None:
    """A redirect to the login page can also mean that bob may not see a page."""
    policy["logins"]["form"]["lost"] = {"answer": {"redirect": "login_page"}}
    gateway = start_gateway(policy)
    mallory = Visitor(gateway)
    mallory.get("/begin")
    mallory.log_in("bob")
    mallory.get("/admin")
    gateway.audit.wait_for("session_demoted")

    assert mallory.log_in("admin", "guess").status == 200

    assert not backend.requests[-1].has("Cookie")
    mallory.get("/app")
    assert backend.requests[-1].get("X-Forwarded-User") != "admin"
    assert gateway.audit.wait_for("authn_login_fail")


CONFIRM = {"success": {"status": 200}, "failure": {"status": 302}}


@pytest.mark.parametrize("cookies", ["send", "keep"])
@pytest.mark.parametrize("between", [None, "/home?x"], ids=["at once", "after another page"])
def test_a_pending_login_is_not_confirmed_by_somebody_elses(
    start_gateway: StartGateway,
    policy: Policy,
    application: Application,
    backend: FakeBackend,
    cookies: str,
    between: str | None,
) -> None:
    application.says_nothing = True
    policy["logins"]["form"] |= {"confirm": CONFIRM, "pre_login_cookies": cookies}
    gateway = start_gateway(policy)
    mallory = Visitor(gateway)
    mallory.get("/begin")
    mallory.log_in("bob")  # The backend has let him in; that stays unconfirmed.
    if between:
        mallory.get(between)

    mallory.log_in("admin", "guess")
    mallory.get("/home")

    expect_no_admin(gateway, backend, mallory)


def test_a_guess_that_ends_before_its_answer_is_counted(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """Some backends act on half a form, and another page tells whether it worked."""
    backend.failures_are_expected = True
    policy["logins"]["form"]["when"]["form"] = {"user": "*"}
    policy["detection"] = {"failed_logins": {"per_user": "3 in 15m", "per_network": "off"}}
    backend.on("POST", "/login", lambda received: None, streaming=True)
    gateway = start_gateway(policy)
    fields = [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "99")]
    for count in range(1, 4):
        with gateway.connect() as client:
            client.send(http.request("POST", "/login", fields, b"user=alice&password=guess&"))
            backend.wait_for_requests(count)
            client.abort()
        gateway.audit.wait_for("authn_login_unclassified", count=count, why="no_answer")

    gateway.audit.wait_for("authn_login_fail_max", scope="user")


def test_a_login_that_leads_nowhere_is_not_confirmed_by_the_login_page(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["logins"]["form"] |= {"success": {"status": 200}, "confirm": {"success": {"status": 200}}}
    gateway = start_gateway(policy)
    mallory = Visitor(gateway)
    mallory.log_in("admin", "guess")
    gateway.audit.wait_for("authn_login_pending")

    mallory.get("/login")

    assert mallory.get("/app").status == 401
    assert not gateway.audit.records("authn_login_success")


def test_a_page_that_the_browser_has_already_confirms_a_login_when_it_is_whole(
    start_gateway: StartGateway, policy: Policy, application: Application, backend: FakeBackend
) -> None:
    application.says_nothing = True
    policy["logins"]["form"]["confirm"] = CONFIRM
    gateway = start_gateway(policy)
    bob = Visitor(gateway)
    bob.log_in("bob")

    bob.get("/home", ("If-None-Match", '"1"'), ("Range", "bytes=0-0"))

    assert not backend.requests[-1].has("If-None-Match") and not backend.requests[-1].has("Range")
    assert bob.get("/app").status == 200
    assert backend.requests[-1].get("X-Forwarded-User") == "bob"


def test_who_asks_to_be_somebody_is_not_that_before_the_backend_agrees(
    start_gateway: StartGateway, policy: Policy, application: Application, backend: FakeBackend
) -> None:
    """A refusal too long to be read to its end is no consent."""
    policy["logins"]["form"] |= {
        "body_limit": "1KiB",
        "changes": {
            "when": {"path": "/su", "form": {"as": "*"}},
            "answer": {"not": {"body": "Forbidden"}},
            "user": {"form": "as"},
        },
    }
    backend.on("POST", "/su", http.response(200, b"x" * 200_000 + b"Forbidden"))
    gateway = start_gateway(policy)
    mallory = Visitor(gateway)
    mallory.log_in("bob")

    mallory.post_form("/su", {"as": "admin"})

    expect_no_admin(gateway, backend, mallory)
