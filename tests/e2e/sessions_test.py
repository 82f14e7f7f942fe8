"""The session and its one cookie: how it looks, what is refused, how long it lives."""

import time
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

LONG = 90.0  # Seconds: for what is tried again when the machine was busy.
STRANGERS_TIME = {"anonymous_idle_timeout": "1500ms", "anonymous_absolute_timeout": "1500ms"}


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """A guarded application whose /begin starts a stranger's session and whose /login works."""
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "PRE=1; Path=/")]))
    backend_with_login(backend, "APP=1; Path=/")
    return guarded_policy(backend.url)


def holding(gateway: Gateway, cookie: str | None) -> Visitor:
    """Someone else who holds this cookie."""
    visitor = Visitor(gateway)
    visitor.plant(SESSION_COOKIE, str(cookie))
    return visitor


def logged_in(gateway: Gateway, user: str = "alice") -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in(user).status == 302
    return visitor


def wait_until_a_strangers_session_ended(gateway: Gateway) -> None:
    """A clock that the gateway keeps: one that begins now and is used all the time."""
    stranger = Visitor(gateway, keep=True)
    stranger.get("/begin")
    assert stranger.session

    until(lambda: stranger.get("/") and stranger.session is None, "a stranger's session to end")
    stranger.close()


def use_without_pause(visitor: Visitor, seconds: float, pause: float) -> list[int] | None:
    """What /app answered until it refused or the time was over.

    None when this test itself was held up for `pause` seconds: then it proves nothing.
    """
    statuses = [200]
    end = (last := time.monotonic()) + seconds
    while statuses[-1] == 200 and last < end:
        statuses.append(visitor.get("/app").status)
        if (now := time.monotonic()) - last >= pause:
            return None
        last = now
    return statuses


@pytest.mark.parametrize("same_site, written", [("lax", "Lax"), ("strict", "Strict")])
def test_the_cookie_looks_exactly_so(
    start_gateway: StartGateway, policy: Policy, same_site: str, written: str
) -> None:
    """CKI-001 to CKI-005, CKI-010: issued and cleared with the same attributes."""
    policy["session"]["cookie"]["same_site"] = same_site
    attributes = f"; Path=/; Secure; HttpOnly; SameSite={written}"
    gateway = start_gateway(policy)
    alice = Visitor(gateway)

    answers = [alice.get("/begin"), alice.log_in(), alice.get("/logout")]

    issued = [answer.get("Set-Cookie") or "" for answer in answers]
    for line in issued[:2]:
        value = line.removeprefix(f"{SESSION_COOKIE}=").removesuffix(attributes)
        parts = value.split(".")
        assert parts[:2] == ["v1", "k1"] and [len(part) for part in parts[2:]] == [22, 43, 22]
        assert line == f"{SESSION_COOKIE}={value}{attributes}"
    assert issued[2] == f"{SESSION_COOKIE}={attributes}; Max-Age=0"
    assert [answer.get("Cache-Control") for answer in answers] == ["no-store"] * 3


def test_another_cookie_name_is_used_as_configured(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["cookie"]["name"] = "__Host-sid"
    alice = Visitor(start_gateway(policy))

    alice.log_in()

    assert list(alice.cookies) == ["__Host-sid"]
    assert alice.get("/app").status == 200


def test_two_cookies_of_our_name_are_refused(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """CKI-007: none is picked, none is cleared, and the live session stays as it was."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    reached = backend.bytes_received
    for value in (f"{alice.session}; {SESSION_COOKIE}=x", f"x; a=b; {SESSION_COOKIE}={alice.session}"):
        with gateway.connect() as client:
            answer = client.get("/", ("Cookie", f"{SESSION_COOKIE}={value}"))
            assert answer.status == 400 and not answer.has("Set-Cookie")

    assert backend.bytes_received == reached
    gateway.audit.wait_for("session_cookie_ambiguous", count=2)
    assert alice.get("/app").status == 200


@pytest.mark.parametrize("name", ["__host-http-session", "__HOST-HTTP-SESSION", "\xe2\x80\x80" + SESSION_COOKIE, "Http-session"])
def test_names_are_matched_byte_for_byte(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, name: str
) -> None:
    """CKI-006, CKI-008: a name that only resembles ours is no session, and not the backend's."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    with gateway.connect() as client:
        assert client.get("/app", ("Cookie", f"{name}={alice.session}")).status == 401
        assert client.get("/", ("Cookie", f"{name}={alice.session}")).status == 200

    assert not backend.last_request().has("Cookie")


def flip(value: str, part: int) -> str:
    parts = value.split(".")
    parts[part] = ("B" if parts[part][0] == "A" else "A") + parts[part][1:]
    return ".".join(parts)


FORGERIES: dict[str, Callable[[str], str]] = {
    "another id": lambda value: flip(value, 2),
    "another tag": lambda value: flip(value, 3),
    "another key": lambda value: value.replace("v1.k1.", "v1.k2."),
    "another version": lambda value: value.replace("v1.", "v2."),
    "shorter": lambda value: value[:-1],
    "longer": lambda value: value + "A",
    "in quotes": lambda value: f'"{value}"',
    "percent-encoded": lambda value: value.replace(".", "%2E"),
    "empty": lambda value: "",
    "without tag": lambda value: value.rpartition(".")[0] + ".",
    "something else": lambda value: "0123456789abcdef",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_id_is_a_strangers(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, forge: Callable[[str], str]
) -> None:
    """SID-002, SID-005, SID-006: refused without the store, told apart, and cleared."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    cookie = ("Cookie", f"{SESSION_COOKIE}={forge(alice.session or '')}")

    with gateway.connect() as client:
        refused, public = client.get("/app", cookie), client.get("/", cookie)

    assert (refused.status, public.status) == (401, 200)
    for answer in (refused, public):
        assert (answer.get("Set-Cookie") or "").endswith("; Max-Age=0")
    assert not backend.last_request().has("X-Forwarded-User")
    gateway.audit.wait_for("session_id_forged", count=2)
    assert alice.get("/app").status == 200


def test_a_genuine_id_that_the_store_does_not_know_is_unknown(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """SID-002: as after a restart with the same key."""
    first = start_gateway(policy)
    alice = logged_in(first)
    policy["session"]["keys"][0]["file"] = str(first.folder / "session.key")
    second = start_gateway(policy)

    answer = holding(second, alice.session).get("/app")

    assert answer.status == 401
    assert (answer.get("Set-Cookie") or "").endswith("; Max-Age=0")
    second.audit.wait_for("session_id_unknown")


def test_a_cookie_under_an_old_key_is_signed_anew(start_gateway: StartGateway, policy: Policy) -> None:
    """CFG-005: the first key signs, all verify; it is the same session all the time."""
    old = policy["session"]["keys"][0]
    first = start_gateway(policy)
    stranger = Visitor(first)
    stranger.get("/begin")
    policy["session"]["keys"] = [{"id": "k2", "file": "session.key"}, {**old, "file": str(first.folder / "session.key")}]
    second = start_gateway(policy)

    holding(second, stranger.session).get("/app")
    alice = logged_in(second)

    second.stop()
    assert second.audit.records("session_id_unknown")  # Genuine, though this store is empty.
    assert not second.audit.records("session_id_forged")
    assert (alice.session or "").startswith("v1.k2.")


@pytest.mark.parametrize("place", ["query", "path", "form", "header", "authorization"])
def test_the_id_is_taken_from_the_cookie_only(
    start_gateway: StartGateway, policy: Policy, place: str
) -> None:
    """SID-003."""
    gateway = start_gateway(policy)
    value = logged_in(gateway).session or ""
    thief = Visitor(gateway)

    answer = {
        "query": lambda: thief.get(f"/app?{SESSION_COOKIE}={value}"),
        "path": lambda: thief.get(f"/app/x;{SESSION_COOKIE}={value}"),
        "form": lambda: thief.post_form("/app", {SESSION_COOKIE: value}),
        "header": lambda: thief.get("/app", (SESSION_COOKIE, value), ("X-Session", value)),
        "authorization": lambda: thief.get("/app", ("Authorization", f"Bearer {value}")),
    }[place]()

    assert answer.status in (400, 401)


def test_a_logged_out_id_is_refused_and_told(start_gateway: StartGateway, policy: Policy) -> None:
    """REV-003, LIF-004."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    old = alice.session

    alice.get("/logout")
    answer = holding(gateway, old).get("/app")

    gateway.stop()
    assert alice.session is None
    assert answer.status == 401 and (answer.get("Set-Cookie") or "").endswith("; Max-Age=0")
    story = ["session_created", "authn_login_success", "session_logout", "session_use_after_expire"]
    assert sorted(set(gateway.audit.story()) - {"authz_fail"}) == sorted(story)
    assert len({r["session"] for r in gateway.audit.records() if "session" in r}) == 1


def reasons_of_the_end(gateway: Gateway, session: str) -> list[str]:
    events = ("session_expired", "session_use_after_expire")
    found = [record for event in events for record in gateway.audit.records(event, session=session)]
    return [record["reason"] for record in found]


def test_an_idle_session_ends(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """LIF-001, LIF-004."""
    policy["session"] |= {"idle_timeout": "1s", **STRANGERS_TIME}
    gateway = start_gateway(policy)
    cookie = logged_in(gateway).session
    session = gateway.audit.wait_for("authn_login_success")["session"]

    wait_until_a_strangers_session_ended(gateway)
    answers = [holding(gateway, cookie).get("/app") for _ in range(2)]

    for answer in answers:
        assert answer.status == 401 and (answer.get("Set-Cookie") or "").endswith("; Max-Age=0")
    gateway.stop()
    assert reasons_of_the_end(gateway, session) == ["idle_timeout"] * 2
    assert "/app" not in [received.path for received in backend.requests]


def test_use_keeps_a_session_from_being_idle(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["idle_timeout"] = "2s"
    gateway = start_gateway(policy)

    def use() -> list[int] | None:
        return use_without_pause(logged_in(gateway), seconds=3, pause=1)

    assert set(until(use, "three seconds without a pause", LONG)) == {200}


def test_no_activity_extends_the_absolute_limit(start_gateway: StartGateway, policy: Policy) -> None:
    """LIF-002."""
    policy["session"] |= {"idle_timeout": "2s", "absolute_timeout": "3s"}
    gateway = start_gateway(policy)

    def use() -> list[int] | None:
        return use_without_pause(logged_in(gateway), seconds=30, pause=1)

    assert until(use, "use without a pause", LONG)[-1] == 401
    gateway.stop()
    session = gateway.audit.records("authn_login_success")[-1]["session"]
    assert reasons_of_the_end(gateway, session) == ["absolute_timeout"]


def test_strangers_have_limits_of_their_own(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    policy["session"] |= STRANGERS_TIME
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    wait_until_a_strangers_session_ended(gateway)

    assert not backend.last_request().has("Cookie")
    assert alice.get("/app").status == 200


def test_a_cookie_carried_to_another_host_is_forged(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """One gateway, two applications: a session of one is none of the other."""
    policy["routes"].append(dict(policy["routes"][0], host="app.test"))
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    cookie = ("Cookie", f"{SESSION_COOKIE}={alice.session}")

    with gateway.connect() as client:
        answer = client.request("GET", "/app", [cookie], host="app.test")
        assert client.request("GET", "/app", [cookie], host="LOCALHOST:8443").status == 200

    assert answer.status == 401
    gateway.audit.wait_for("session_id_forged", host="app.test")


def test_a_full_store_refuses_new_sessions_and_keeps_the_live_ones(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["session"]["store"] = {"memory": {"max_sessions": 3, "max_anonymous": 3}}
    gateway = start_gateway(policy)
    first = [Visitor(gateway) for _ in range(3)]
    for visitor in first:
        assert visitor.get("/begin").status == 200

    late = Visitor(gateway)
    refused = late.get("/begin")

    assert refused.status == 503 and not refused.has("Set-Cookie") and refused.has("Retry-After")
    gateway.audit.wait_for("excess_sessions_exceeded")
    assert late.get("/").status == 200  # Nothing to remember, nothing to refuse.
    for visitor in first:
        visitor.get("/")
        assert backend.requests[-1].get("Cookie") == "PRE=1"
    assert first[0].log_in().status == 302  # The same session under a new id.
    first[1].get("/logout")
    assert Visitor(gateway).get("/begin").status == 200


def test_strangers_leave_room_for_users(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["store"] = {"memory": {"max_sessions": 3, "max_anonymous": 2}}
    gateway = start_gateway(policy)

    statuses = [Visitor(gateway).get("/begin").status for _ in range(4)]

    assert statuses == [200, 200, 503, 503]
    assert Visitor(gateway).log_in().status == 302
    assert Visitor(gateway).log_in("bob").status == 503


def test_strangers_get_no_session_when_the_policy_says_never(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    policy["session"]["anonymous"] = "never"
    gateway = start_gateway(policy)
    stranger = Visitor(gateway)

    assert not stranger.get("/begin").has("Set-Cookie")
    stranger.log_in()

    assert stranger.get("/app").status == 200
    assert backend.last_request().get("Cookie") == "APP=1"


def test_a_thousand_ids_differ_at_every_place(start_gateway: StartGateway, policy: Policy) -> None:
    """CKI-005, SID-001, as far as a look from outside goes: same length, never the same."""
    gateway = start_gateway(policy)
    with gateway.connect() as client:
        values = [client.get("/begin").set_cookies()[SESSION_COOKIE] for _ in range(1000)]

    families, ids = ([value.split(".")[part] for value in values] for part in (2, 3))
    assert len(set(families)) == len(set(ids)) == 1000
    assert {len(value) for value in values} == {len(values[0])}
    for part, full_positions in ((families, 21), (ids, 42)):
        for position in range(full_positions):
            assert len({each[position] for each in part}) > 40
