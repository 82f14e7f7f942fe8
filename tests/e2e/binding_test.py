"""Sessions bound to where they were begun (BND-001, BND-002, BND-004): loopback has a whole /8 to come from,
so 127.0.0.1 and 127.0.1.1 are two networks, and 127.0.0.1 and 127.0.0.9 one."""

from collections.abc import Callable
from typing import Any

import pytest

from support import http
from support.audit import Record
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]
Bound = Callable[..., Gateway]

HOME, NEIGHBOUR, ELSEWHERE, FAR = "127.0.0.1", "127.0.0.9", "127.0.1.1", "127.9.9.9"


@pytest.fixture
def bound(start_gateway: StartGateway, backend: FakeBackend) -> Bound:
    """Starts a gateway whose `binding.network` has these settings."""
    def start(**network: Any) -> Gateway:
        backend_with_login(backend, "APP=1; Path=/")
        backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "PRE=1; Path=/")]))
        policy: Policy = guarded_policy(backend.url)
        if network:
            policy["session"]["binding"] = {"network": network}
        return start_gateway(policy)

    return start


def logged_in(gateway: Gateway, source: str = HOME) -> Visitor:
    visitor = Visitor(gateway, source=source)
    assert visitor.log_in().status == 302
    return visitor


def moved(visitor: Visitor, source: str) -> Visitor:
    """The same browser, or a thief with its cookie, at another address."""
    other = Visitor(visitor.gateway, source=source)
    other.plant(SESSION_COOKIE, str(visitor.session))
    return other


def mismatches(gateway: Gateway) -> list[Record]:
    return gateway.audit.records("session_bind_mismatch")


def test_by_default_another_network_is_told_and_served(bound: Bound, backend: FakeBackend) -> None:
    """BND-001: the default is to observe, a /24."""
    gateway = bound()
    alice = logged_in(gateway)

    assert moved(alice, NEIGHBOUR).get("/app").status == 200
    assert moved(alice, ELSEWHERE).get("/app").status == 200

    assert backend.last_request().get("X-Forwarded-User") == "alice"
    gateway.stop()
    [told] = mismatches(gateway)
    assert (told["bound"], told["seen"], told["client"]) == (HOME, ELSEWHERE, ELSEWHERE)
    assert (told["user"], told["level"], told["reason"]) == ("alice", "warn", "binding_mismatch")
    assert told["session"] == gateway.audit.records("session_created")[0]["session"]
    assert told["network"] == "127.0.1.0/24"
    assert not gateway.audit.records("session_revoked")


def test_a_move_is_told_once_and_each_further_one_again(bound: Bound) -> None:
    """A user on a train is no flood of events; where she comes home to is no event."""
    gateway = bound(prefix=[24, 56], mode="observe")
    alice = logged_in(gateway)

    for source in (ELSEWHERE, ELSEWHERE, FAR, FAR, HOME, NEIGHBOUR):
        assert moved(alice, source).get("/app").status == 200

    gateway.stop()
    assert [told["seen"] for told in mismatches(gateway)] == [ELSEWHERE, FAR]


@pytest.mark.parametrize(
    "settings, same, other",
    [
        ({"prefix": [24, 56]}, NEIGHBOUR, ELSEWHERE),
        ({"prefix": [16, 56]}, ELSEWHERE, FAR),
        ({"prefix": [8, 56]}, FAR, None),
        ({"prefix": [30, 56]}, "127.0.0.2", "127.0.0.5"),
        ({"prefix": [32, 64]}, HOME, "127.0.0.2"),
        ({"exact": True}, HOME, "127.0.0.2"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_the_prefix_says_what_another_network_is(
    bound: Bound, settings: dict[str, Any], same: str, other: str | None
) -> None:
    gateway = bound(**settings, mode="observe")
    alice = logged_in(gateway)

    moved(alice, same).get("/app")
    if other:
        moved(alice, other).get("/app")

    gateway.stop()
    assert [told["seen"] for told in mismatches(gateway)] == ([other] if other else [])


@pytest.mark.parametrize("settings", [{"prefix": [24, 56]}, {"exact": True}], ids=["prefix", "exact"])
def test_revoke_ends_the_session_for_everybody(
    bound: Bound, backend: FakeBackend, settings: dict[str, Any]
) -> None:
    """Nobody can tell the thief from the owner: the owner logs in again, the thief cannot."""
    gateway = bound(**settings, mode="revoke")
    alice = logged_in(gateway)
    reached = len(backend.requests)

    thief = moved(alice, ELSEWHERE)
    stolen = thief.get("/app")
    again = alice.get("/app")

    assert (stolen.status, again.status) == (401, 401)
    for answer in (stolen, again):
        assert (answer.get("Set-Cookie") or "").endswith("; Max-Age=0")
    assert len(backend.requests) == reached
    assert alice.log_in().status == 302 and alice.get("/app").status == 200
    gateway.stop()
    assert_told_of_revocation(gateway)


def assert_told_of_revocation(gateway: Gateway) -> None:
    [mismatch], [revoked] = mismatches(gateway), gateway.audit.records("session_revoked")
    assert (mismatch["bound"], mismatch["seen"], mismatch["user"]) == (HOME, ELSEWHERE, "alice")
    assert (revoked["level"], revoked["reason"]) == ("warn", "binding_mismatch")
    assert mismatch["session"] == revoked["session"] and mismatch["request_id"] == revoked["request_id"]
    late = gateway.audit.records("session_use_after_expire")
    assert [(record["session"], record["client"]) for record in late] == [(revoked["session"], HOME)]
    assert late[0]["reason"] == "binding_mismatch"


def test_revoke_holds_where_nothing_is_required(bound: Bound, backend: FakeBackend) -> None:
    """A stolen cookie must not even reach an open page with the user's cookies for the backend."""
    gateway = bound(mode="revoke")
    alice = logged_in(gateway)
    reached = len(backend.requests)

    assert moved(alice, ELSEWHERE).get("/").status == 401

    assert len(backend.requests) == reached
    alice.get("/")
    assert not backend.last_request().has("Cookie") and not backend.last_request().has("X-Forwarded-User")


def test_revoke_leaves_other_sessions_of_the_same_user_alone(bound: Bound) -> None:
    gateway = bound(mode="revoke")
    first, second = logged_in(gateway), logged_in(gateway, ELSEWHERE)

    assert moved(first, FAR).get("/app").status == 401

    assert second.get("/app").status == 200
    assert first.get("/app").status == 401


def test_revoke_lets_the_same_network_be(bound: Bound) -> None:
    gateway = bound(mode="revoke")
    alice = logged_in(gateway)

    assert moved(alice, NEIGHBOUR).get("/app").status == 200

    gateway.stop()
    assert not mismatches(gateway) and not gateway.audit.records("session_revoked")


def test_a_login_binds_anew(bound: Bound) -> None:
    """The place that counts is where the password was given, not where the stranger looked around."""
    gateway = bound(mode="observe")
    alice = Visitor(gateway, source=HOME)
    alice.get("/begin")
    there = moved(alice, ELSEWHERE)

    assert there.log_in().status == 302
    there.get("/app")
    moved(there, HOME).get("/app")

    gateway.stop()
    places = [(told["bound"], told["seen"]) for told in mismatches(gateway)]
    assert places == [(HOME, ELSEWHERE), (ELSEWHERE, HOME)]


def test_strangers_sessions_are_bound_as_well(bound: Bound, backend: FakeBackend) -> None:
    gateway = bound(mode="revoke")
    stranger = Visitor(gateway, source=HOME)
    stranger.get("/begin")

    moved(stranger, ELSEWHERE).get("/")
    stranger.get("/")

    assert not backend.last_request().has("Cookie")
    gateway.audit.wait_for("session_revoked", reason="binding_mismatch")


def test_off_asks_nothing(bound: Bound) -> None:
    gateway = bound(mode="off")
    alice = logged_in(gateway)

    assert [moved(alice, source).get("/app").status for source in (ELSEWHERE, FAR)] == [200, 200]

    gateway.stop()
    assert not mismatches(gateway)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP"]
)
def test_what_a_client_says_of_its_address_counts_for_nothing(bound: Bound, header: str) -> None:
    """BND-002: only the TCP peer tells where somebody is."""
    gateway = bound(mode="revoke")
    alice = logged_in(gateway)
    lie = HOME if header != "Forwarded" else f"for={HOME}"

    assert alice.get("/app", (header, lie.replace(HOME, ELSEWHERE))).status == 200
    assert moved(alice, ELSEWHERE).get("/app", (header, lie)).status == 401

    gateway.stop()
    assert [told["seen"] for told in mismatches(gateway)] == [ELSEWHERE]


def test_the_right_network_makes_nobody_welcome(bound: Bound) -> None:
    """BND-004: binding can only lower trust."""
    gateway = bound(mode="observe")
    alice = logged_in(gateway)
    alice.get("/logout")

    assert moved(alice, HOME).get("/app").status == 401
    assert Visitor(gateway, source=HOME).get("/app").status == 401
