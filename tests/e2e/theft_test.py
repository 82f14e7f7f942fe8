"""Ids that are replaced in turn, and what happens when an old one comes back (ROT-001 to ROT-008): two real
clients at two addresses, 50 requests at the moment of rotation, and answers that get lost."""

import threading
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

VICTIM, THIEF = "127.0.0.1", "127.0.1.1"


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """Ids are due after a second of use and have no grace: time passes fast here."""
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["session"]["rotation"] = {"every": "1s", "grace": "0s"}
    return policy


def logged_in(gateway: Gateway, source: str = VICTIM) -> Visitor:
    visitor = Visitor(gateway, source=source)
    assert visitor.log_in().status == 302
    return visitor


def copied(visitor: Visitor, source: str) -> Visitor:
    """Somebody else who holds the cookie that this browser has now."""
    other = Visitor(visitor.gateway, source=source)
    other.plant(SESSION_COOKIE, str(visitor.session))
    return other


def rotated(visitor: Visitor) -> None:
    """Uses the session until its id has changed and the new one was presented."""
    before = visitor.session
    until(lambda: visitor.get("/app").status == 200 and visitor.session != before, "a new id")
    assert visitor.get("/app").status == 200


def test_a_stolen_id_puts_thief_and_victim_out_with_one_alarm(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """ROT-006, seen from outside: both must log in again, and one CRITICAL event names both."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    thief = copied(alice, THIEF)
    rotated(alice)
    reached = len(backend.requests)

    stolen = thief.get("/app")
    out = alice.get("/app")

    assert (stolen.status, out.status) == (401, 401)
    assert len(backend.requests) == reached
    assert thief.session is None and alice.session is None, "both cookies are cleared"
    alarms = [record for record in gateway.audit.records() if record["level"] == "critical"]
    assert [alarm["event"] for alarm in alarms] == ["session_id_reuse"]
    (alarm,) = alarms
    assert (alarm["owner_client"], alarm["reuse_client"]) == (VICTIM, THIEF)
    assert (alarm["user"], alarm["reaction"]) == ("alice", "revoke_family")
    handles = {record["session"] for record in gateway.audit.records("session_id_rotated")}
    assert handles == {alarm["session"]}, "the handle stays the same through rotations"
    assert alice.log_in().status == 302 and alice.get("/app").status == 200


def test_the_owners_own_old_id_is_refused_quietly(start_gateway: StartGateway, policy: Policy) -> None:
    """ROT-008: the same network and the same kind of client."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    backup = copied(alice, VICTIM)
    rotated(alice)

    assert backup.get("/app").status == 401

    assert alice.get("/app").status == 200
    assert not [record for record in gateway.audit.records() if record["level"] == "critical"]


@pytest.mark.parametrize(
    "reaction, owner_status, other_status",
    [("observe", 200, 200), ("step_up", 401, 200), ("revoke_family", 401, 200), ("revoke_user", 401, 401)],
)
def test_the_policy_says_what_theft_costs(
    start_gateway: StartGateway, policy: Policy, reaction: str, owner_status: int, other_status: int
) -> None:
    policy["session"]["rotation"]["on_reuse"] = reaction
    gateway = start_gateway(policy)
    alice, phone = logged_in(gateway), logged_in(gateway)
    thief = copied(alice, THIEF)
    rotated(alice)

    assert thief.get("/app").status == 401

    assert alice.get("/app").status == owner_status
    assert phone.get("/app").status == other_status
    assert len(gateway.audit.records("session_id_reuse", reaction=reaction)) == 1


def test_an_older_generation_is_known_too(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["rotation"] = {"every": "2s", "grace": "1s"}
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    thief = copied(alice, THIEF)
    for _ in range(2):
        rotated(alice)

    assert thief.get("/app").status == 401

    assert gateway.audit.wait_for("session_id_reuse")["generation"] == "3"


def test_fifty_parallel_requests_at_the_moment_of_rotation(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """ROT-005: none is refused, and all are given the same new value."""
    policy["session"]["rotation"] = {"every": "2s", "grace": "1500ms"}
    policy["workers"] = 2
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    begun = gateway.audit.wait_for("session_created")
    cookie = ("Cookie", f"{SESSION_COOKIE}={alice.session}")
    clients = [gateway.connect() for _ in range(50)]
    answers: list[list[http.Response]] = [[] for _ in clients]
    go = threading.Barrier(len(clients))

    def use(index: int) -> None:
        go.wait()
        for _ in range(400):
            answer = clients[index].get("/app", cookie)
            answers[index].append(answer)
            if answer.has("Set-Cookie"):
                return

    threads = [threading.Thread(target=use, args=(index,)) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()

    statuses = {answer.status for each in answers for answer in each}
    fresh = {each[-1].set_cookies()[SESSION_COOKIE] for each in answers if each[-1].has("Set-Cookie")}
    assert statuses == {200}
    assert len(fresh) == 1, "one successor for all"
    assert all(each[-1].has("Set-Cookie") for each in answers)
    assert len(gateway.audit.records("session_id_rotated", session=begun["session"])) == 1
    successor = Visitor(gateway)
    successor.plant(SESSION_COOKIE, fresh.pop())
    assert successor.get("/app").status == 200


def test_an_answer_that_gets_lost_locks_nobody_out(start_gateway: StartGateway, policy: Policy) -> None:
    """ROT-007: the successor counts once it is presented; until then it is offered again."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    lost = copied(alice, VICTIM)
    before = lost.session
    until(lambda: lost.get("/app").status == 200 and lost.session != before, "an offer")

    again = alice.get("/app")

    assert again.status == 200
    assert again.set_cookies()[SESSION_COOKIE] == lost.session


@pytest.mark.parametrize(
    "fields",
    [
        [("Sec-Purpose", "prefetch")],
        [("Purpose", "prefetch")],
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
    ],
)
def test_nothing_rotates_where_nobody_looks(
    start_gateway: StartGateway, policy: Policy, fields: http.Fields
) -> None:
    """ROT-007. Another browser of the same user tells that the time is up."""
    gateway = start_gateway(policy)
    alice, clock = logged_in(gateway), logged_in(gateway)
    alice.fields = fields

    rotated(clock)

    assert not alice.get("/app").has("Set-Cookie")
    alice.fields = []
    assert alice.get("/app").has("Set-Cookie")


def test_an_id_that_a_login_replaced_is_dead_at_once(start_gateway: StartGateway, policy: Policy) -> None:
    """ROT-001, without grace whatever the policy says of grace."""
    policy["session"]["rotation"] = {"every": "15m", "grace": "30s"}
    policy["logins"]["form"]["success"]["set_cookie"] = "APP"  # Proves a login within a session.
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    old = copied(alice, VICTIM)

    alice.log_in()

    assert alice.session != old.session
    assert old.get("/app").status == 401
    assert alice.get("/app").status == 200


def test_binding_may_ask_for_a_new_login_or_take_the_user_away(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """BND-001: step_up guards what requires a user; lock leaves nobody anything."""
    del policy["session"]["rotation"]
    policy["logins"]["form"]["success"]["set_cookie"] = "APP"
    for mode, open_cookie in (("step_up", "APP=1"), ("lock", None)):
        policy["session"]["binding"] = {"network": {"mode": mode}}
        gateway = start_gateway(policy)
        alice = logged_in(gateway)
        abroad = copied(alice, THIEF)

        assert abroad.get("/app").status == 401
        assert abroad.get("/open").status == 200
        last = backend.last_request()
        assert last.get("Cookie") == open_cookie, mode
        assert not last.has("X-Forwarded-User")
        again = copied(alice, THIEF).get("/open")
        assert open_cookie is None or again.get("Cache-Control") == "no-store"
        assert alice.get("/app").status == 401, "trust that was lowered stays so"
        assert alice.log_in().status == 302
        assert alice.get("/app").status == 200, "until the next login"


def test_another_kind_of_client_is_noticed(start_gateway: StartGateway, policy: Policy) -> None:
    """BND-003: a new version of the same browser is the same, another browser is not."""
    policy["session"] |= {"binding": {"user_agent": {"mode": "revoke"}}, "rotation": {"every": "15m"}}
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
    alice.fields = [("User-Agent", firefox.format(127))]
    alice.log_in()

    alice.fields = [("User-Agent", firefox.format(128))]
    assert alice.get("/app").status == 200
    alice.fields = [("User-Agent", "curl/8.5.0")]
    assert alice.get("/app").status == 401

    mismatch = gateway.audit.wait_for("session_bind_mismatch")
    assert (mismatch["signal"], mismatch["bound"]) == ("user_agent", "Firefox on Linux")


@pytest.mark.parametrize("mode", ["step_up", "lock", "revoke"])
def test_the_very_first_request_from_elsewhere_tells_no_name(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, mode: str
) -> None:
    """BND-004: on an open route, too, before the session itself is marked."""
    policy["session"]["binding"] = {"network": {"mode": mode}}
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    alice.get("/open")
    assert backend.last_request().get("X-Forwarded-User") == "alice"

    answer = copied(alice, THIEF).get("/open")

    assert answer.status == (401 if mode == "revoke" else 200)
    told = [request for request in backend.requests if request.has("X-Forwarded-User")]
    assert len(told) == 1
