"""When our session ends, the backend's own is ended, too: called with the vault's cookies, off the path of
requests."""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.gateway import Gateway, run_sallyport
from support.policy import Policy, guarded_policy
from support.visitor import Visitor
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["backend_logout"] = "/bye?now=1"
    policy["admin"] = {"socket": "admin.sock"}
    return policy


def goodbyes(backend: FakeBackend) -> list[Received]:
    return [request for request in backend.requests if request.path == "/bye"]


def logged_in(gateway: Gateway) -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in().status == 302
    return visitor


def revoke(gateway: Gateway) -> None:
    done = run_sallyport("sessions", "revoke", "--everything", "--config", gateway.policy_file)
    assert done.returncode == 0, done.stderr


def test_a_revoked_session_ends_at_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    logged_in(gateway)

    revoke(gateway)

    record = gateway.audit.wait_for("backend_logout")
    (asked,) = goodbyes(backend)
    assert (asked.method, asked.target, asked.get("Cookie")) == ("GET", "/bye?now=1", "APP=1")
    assert asked.get("Host") == "localhost"
    assert not asked.has("X-Forwarded-User")
    assert (record["user"], record["ended_by"], record["answer"]) == ("alice", "revoked", "200")


@pytest.mark.parametrize("limit", ["idle_timeout", "absolute_timeout"])
def test_a_session_whose_time_is_up_ends_at_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, limit: str
) -> None:
    policy["session"] |= {"idle_timeout": "1s", limit: "1s"}
    gateway = start_gateway(policy)
    logged_in(gateway)

    record = gateway.audit.wait_for("backend_logout", patience=PATIENCE + 10)

    assert record["ended_by"] in ("idle_timeout", "absolute_timeout")
    assert len(goodbyes(backend)) == 1


def test_a_logout_at_the_gateway_ends_at_the_backend(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    alice.post_form("/.sallyport/logout", {}, ("Sec-Fetch-Site", "same-origin"))

    assert gateway.audit.wait_for("backend_logout")["ended_by"] == "logged_out_here"
    assert len(goodbyes(backend)) == 1


def test_a_backend_that_was_asked_already_is_left_alone(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    alice.get("/logout")
    other = logged_in(gateway)

    revoke(gateway)

    gateway.audit.wait_for("backend_logout")
    assert len(goodbyes(backend)) == 1, "that of the other session"
    assert other.get("/app").status == 401


def test_a_form_is_posted_where_the_backend_wants_one(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["logins"]["form"]["backend_logout"] = {"method": "POST", "path": "/bye", "form": "do=logout"}
    gateway = start_gateway(policy)
    logged_in(gateway)

    revoke(gateway)

    gateway.audit.wait_for("backend_logout")
    (asked,) = goodbyes(backend)
    assert (asked.method, asked.body) == ("POST", b"do=logout")
    assert asked.get("Content-Type") == "application/x-www-form-urlencoded"


def test_nobody_waits_for_a_backend_that_does_not_answer(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gate = threading.Event()
    backend.on("GET", "/bye", lambda received: http.response(200) if gate.wait(60) else None)
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    answer = alice.post_form("/.sallyport/logout", {}, ("Sec-Fetch-Site", "same-origin"))

    assert answer.status == 303
    until(lambda: goodbyes(backend), "the backend to be asked")
    assert alice.log_in().status == 302
    record = gateway.audit.wait_for("backend_logout", patience=PATIENCE + 20)
    assert record["reason"] in ("backend_closed", "backend_timeout")
    gate.set()


def test_a_gateway_that_ends_waits_no_longer_than_its_drain(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    gate = threading.Event()
    backend.on("GET", "/bye", lambda received: None if gate.wait(60) else None)
    policy["limits"] = {"drain_timeout": "1s"}
    gateway = start_gateway(policy)
    logged_in(gateway)
    revoke(gateway)
    until(lambda: goodbyes(backend), "the backend to be asked")

    gateway.stop()

    gate.set()
    assert gateway.audit.records("backend_logout")
