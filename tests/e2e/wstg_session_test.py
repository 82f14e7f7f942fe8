"""OWASP Web Security Testing Guide, session management, WSTG-SESS-01 to -11, as a black box: the real binary, a backend
that knows nothing, and clients who try what the guide says."""

import base64
import json
import math
import time
from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway, is_sanitized, run_sallyport
from support.policy import Policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

StartGateway = Callable[..., Gateway]

HOME, ELSEWHERE = "127.0.0.1", "127.0.1.1"
LOGIN = {"user": "alice", "password": "secret"}


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    """A guarded application; /begin starts a stranger's session."""
    backend.on("GET", "/begin", http.response(200, b"", [("Set-Cookie", "PRE=1; Path=/")]))
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["admin"] = {"socket": "admin.sock"}
    return policy


def logged_in(gateway: Gateway, user: str = "alice", source: str = HOME) -> Visitor:
    visitor = Visitor(gateway, source=source)
    assert visitor.log_in(user).status == 302
    return visitor


def holding(gateway: Gateway, cookie: str | None, source: str = HOME) -> Visitor:
    visitor = Visitor(gateway, source=source)
    visitor.plant(SESSION_COOKIE, str(cookie))
    return visitor


# SESS-01: the schema of session ids

def collect(gateway: Gateway, count: int) -> list[tuple[str, str]]:
    """`count` pairs of a user and the cookie of a login, of two users in turn."""
    collected = []
    with gateway.connect() as client:
        for index in range(count):
            user = ("alice", "bob")[index % 2]
            answer = client.post_form("/login", {"user": user, "password": "secret"})
            collected.append((user, answer.set_cookies()[SESSION_COOKIE]))
    return collected


def bits(value: str) -> int:
    """Family, id and tag of a cookie as one number of 512 bits, first byte first."""
    family, secret, tag = value.split(".")[2:]
    raw = b"".join(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (family, secret, tag))
    assert len(raw) == 64
    return int.from_bytes(raw, "big")


def shares(numbers: list[int]) -> list[float]:
    """For each bit position the share of numbers in which it is set."""
    return [sum(number >> place & 1 for number in numbers) / len(numbers) for place in range(512)]


def test_sess_01_ten_thousand_cookies_show_no_structure(start_gateway: StartGateway, policy: Policy) -> None:
    """CKI-005, SID-001: one length, none twice, each bit set half of the time, whoever it is and whenever."""
    count = 1_000 if is_sanitized() else 10_000
    collected = collect(start_gateway(policy), count)
    values = [value for _, value in collected]
    numbers = [bits(value) for value in values]

    assert len(set(values)) == count and {len(value) for value in values} == {len(values[0])}
    assert 50 <= len(values[0]) < 128
    # 512 positions, six standard deviations: less than one run in a million is wrong by chance.
    deviation = 0.5 / math.sqrt(count)
    assert all(abs(share - 0.5) < 6 * deviation for share in shares(numbers))
    halves = (numbers[::2], numbers[1::2]), (numbers[: count // 2], numbers[count // 2 :])
    for one, other in halves:  # By user, and by time.
        differences = (abs(a - b) for a, b in zip(shares(one), shares(other), strict=True))
        assert all(difference < 6 * 2 * deviation for difference in differences)
    # What follows one another differs in half of the bits, too.
    distances = [(a ^ b).bit_count() for a, b in zip(numbers, numbers[1:], strict=False)]
    assert abs(sum(distances) / len(distances) - 256) < 6 * math.sqrt(128 / len(distances))


def test_sess_01_every_changed_character_is_noticed(start_gateway: StartGateway, policy: Policy) -> None:
    """SID-005, SID-006: refused, told as forged, and the live session is not disturbed."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    cookie = str(alice.session)

    with gateway.connect() as client:
        for place in range(len(cookie)):
            changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
            answer = client.get("/app", ("Cookie", f"{SESSION_COOKIE}={changed}"))
            assert answer.status == 401, place
        for odd in ("", cookie[:-1], cookie + "A", cookie.upper(), cookie.replace(".", ""), "x" * 4000):
            assert client.get("/app", ("Cookie", f"{SESSION_COOKIE}={odd}")).status == 401

    assert len(gateway.audit.records("session_id_forged")) >= len(cookie)
    assert alice.get("/app").status == 200


# SESS-02: the attributes of cookies


def test_sess_02_every_cookie_of_ours_has_all_attributes(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """CKI-001 to CKI-004: begun, logged in, rotated, cleared."""
    policy["session"]["rotation"] = {"every": "1s", "grace": "0s"}
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    lines = [alice.get("/begin"), alice.log_in()]
    lines.append(until(lambda: (answer := alice.get("/app")).has("Set-Cookie") and answer, "a rotation"))
    lines.append(alice.get("/logout"))

    for answer in lines:
        (line,) = answer.all("Set-Cookie")
        name, *attributes = [part.strip() for part in line.split(";")]
        assert name.startswith("__Host-Http-session=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(attributes)
        assert not any(each.lower().startswith(("domain", "expires")) for each in attributes)
        assert answer.get("Cache-Control") == "no-store"


# SESS-03: fixation


def test_sess_03_a_forced_cookie_does_not_become_somebodys_session(
    start_gateway: StartGateway, policy: Policy
) -> None:
    """SID-002, ROT-001, LIF-009: the guide's procedure with two accounts and a cookie of the attacker's choice."""
    gateway = start_gateway(policy)
    for forced in ("attacker-chosen", "v1.k1." + "A" * 22 + "." + "A" * 43 + "." + "A" * 22):
        victim = holding(gateway, forced)
        assert victim.log_in().status == 302
        assert victim.session != forced
        assert holding(gateway, forced, ELSEWHERE).get("/app").status == 401

    attacker = Visitor(gateway, source=ELSEWHERE)
    attacker.get("/begin")
    planted = attacker.session
    victim = holding(gateway, planted)
    assert victim.log_in().status == 302

    assert victim.session != planted
    assert attacker.get("/app").status == 401
    assert victim.get("/app").status == 200
    other = logged_in(gateway, "bob")
    assert other.session not in (victim.session, planted)


# SESS-04: exposed session variables


def test_sess_04_an_id_counts_in_our_cookie_and_nowhere_else(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """SID-003."""
    gateway = start_gateway(policy)
    sid = str(logged_in(gateway).session)

    with gateway.connect() as client:
        for target in (f"/app?sid={sid}", f"/app?{SESSION_COOKIE}={sid}"):
            assert client.get(target).status == 401
        assert client.get(f"/app;jsessionid={sid}").status == 401
        assert client.get("/app", ("X-Session", sid), (SESSION_COOKIE, sid)).status == 401
        assert client.get("/app", ("Authorization", f"Bearer {sid}")).status == 401
        assert client.get("/app", ("Cookie", f"session={sid}; Http-session={sid}")).status == 401
        assert client.post_form("/app", {SESSION_COOKIE: sid}).status == 401


def test_sess_04_ids_leave_no_trace(start_gateway: StartGateway, policy: Policy, backend: FakeBackend) -> None:
    """LOG-003, CKI-008, CKI-010: not in plain HTTP, logs, URLs, caches or at the backend."""
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    secret = str(alice.session).split(".")[3]
    answer = alice.get("/app")

    with gateway.connect_tcp() as plain:
        plain.send(http.request("GET", "/app", [("Cookie", f"{SESSION_COOKIE}={alice.session}")]))
        received = plain.read()
        assert b"200" not in received[:20] and SESSION_COOKIE.encode() not in received
    assert answer.get("Cache-Control") == "no-store"
    assert secret.encode() not in b"".join(each.received for each in backend.connections)
    gateway.stop()
    for text in (gateway.log(), gateway.audit.text()):
        assert secret not in text and str(alice.session) not in text


def test_sess_04_a_login_in_the_url_is_none(start_gateway: StartGateway, policy: Policy) -> None:
    gateway = start_gateway(policy)
    visitor = Visitor(gateway)

    visitor.get("/login?user=alice&password=secret")

    assert visitor.get("/app").status == 401


# SESS-05: cross-site request forgery


def test_sess_05_a_foreign_page_changes_nothing(start_gateway: StartGateway, policy: Policy) -> None:
    """CKI-003, CKI-011, REV-001: browsers keep the cookie back, the second one always, and our own logout asks."""
    policy["session"]["cookie"]["write_cookie"] = True
    gateway = start_gateway(policy)
    alice = Visitor(gateway)
    lines = alice.log_in().all("Set-Cookie")
    assert sorted(line.rpartition("SameSite=")[2] for line in lines) == ["Lax", "Strict"]
    foreign = holding(gateway, alice.session)  # What a top-level navigation from elsewhere brings.
    foreign.fields = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]

    assert foreign.post_form("/app/transfer", {"to": "mallory"}).status == 403
    assert foreign.post("/app/transfer", b'{"to": "mallory"}', "text/plain").status == 403
    assert foreign.post_form("/.sallyport/logout", {}).status == 403
    assert foreign.get("/app").status == 200
    assert alice.post_form("/app/transfer", {"to": "bob"}).status == 200


# SESS-06: logout


def test_sess_06_logout_ends_the_session_at_the_server(start_gateway: StartGateway, policy: Policy) -> None:
    """REV-001 to REV-003: the cookie is dead wherever it was copied to; another device stays logged in."""
    gateway = start_gateway(policy)
    alice, phone = logged_in(gateway), logged_in(gateway)
    copies = [holding(gateway, alice.session), holding(gateway, alice.session, ELSEWHERE)]

    answer = alice.get("/logout")

    assert answer.has("Clear-Site-Data") and alice.session is None
    for copy in copies:
        assert copy.get("/app").status == 401
        assert copy.session is None
    assert phone.get("/app").status == 200
    assert [r["reason"] for r in gateway.audit.records("session_use_after_expire")] == ["logged_out"]


# SESS-07: timeouts


def test_sess_07_the_server_ends_what_is_idle(start_gateway: StartGateway, policy: Policy) -> None:
    """LIF-001, LIF-006: a page that polls does not keep a session alive."""
    policy["session"]["idle_timeout"] = "2s"
    policy["routes"][0]["paths"].insert(
        0, {"prefix": "/app/poll", "require": {"user": "any"}, "activity": "ignored"}
    )
    gateway = start_gateway(policy)
    idle = logged_in(gateway)

    answer = until(lambda: (a := idle.get("/app/poll")).status == 401 and a, "an idle session to end")

    assert answer.set_cookies()[SESSION_COOKIE] == ""
    gateway.audit.wait_for("session_expired", reason="idle_timeout")


def test_sess_07_the_absolute_limit_ends_what_is_used(start_gateway: StartGateway, policy: Policy) -> None:
    """LIF-002: neither use nor rotation moves it."""
    policy["session"] |= {"idle_timeout": "3s", "absolute_timeout": "3s", "rotation": {"every": "1s", "grace": "0s"}}
    gateway = start_gateway(policy)
    alice = logged_in(gateway)
    begun = time.monotonic()

    until(lambda: alice.get("/app").status == 401, "the absolute limit")

    assert time.monotonic() - begun >= 2.9
    assert gateway.audit.records("session_id_rotated")


# SESS-08: puzzling


def test_sess_08_what_one_flow_leaves_behind_opens_no_other(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend
) -> None:
    """LIF-009, LGN-011: failed, unfinished and other people's logins make nobody a user."""
    policy["logins"]["form"]["confirm"] = {
        "when": {"method": "GET", "path": "/home"},
        "success": {"status": 200},
        "within": "1m",
    }
    gateway = start_gateway(policy)
    stranger = Visitor(gateway)
    stranger.get("/begin")
    assert stranger.post_form("/login", {"user": "alice", "password": "wrong"}).status == 200
    assert stranger.get("/app").status == 401
    assert stranger.get("/home").status == 200, "the last page of the flow, without the first"
    assert stranger.get("/app").status == 401

    pending, other = Visitor(gateway), Visitor(gateway)
    pending.log_in()
    other.get("/begin")
    assert other.get("/home").status == 200
    assert pending.get("/app").status == other.get("/app").status == 401, "nobody confirmed it"
    assert pending.get("/home").status == 200
    assert pending.get("/app").status == 200
    assert other.get("/app").status == 401


# SESS-09: hijacking


def test_sess_09_a_copied_cookie_is_worth_little(start_gateway: StartGateway, policy: Policy) -> None:
    """CKI-001, BND-001: it never travels without TLS, and can be bound to where it began."""
    policy["session"]["binding"] = {"network": {"mode": "revoke"}}
    gateway = start_gateway(policy)
    alice = logged_in(gateway)

    thief = holding(gateway, alice.session, ELSEWHERE)

    assert thief.get("/app").status == 401
    assert alice.get("/app").status == 401, "the session is over for both"
    assert gateway.audit.wait_for("session_bind_mismatch")["seen"] == ELSEWHERE


# SESS-10: JSON web tokens


def unsigned(algorithm: str) -> str:
    parts = ({"alg": algorithm, "typ": "JWT"}, {"sub": "alice", "exp": 4_000_000_000})
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    ) + "."


def test_sess_10_no_token_of_anybody_elses_making_counts(start_gateway: StartGateway, policy: Policy) -> None:
    """There are no JSON web tokens here: one in the place of the cookie is a forged cookie."""
    gateway = start_gateway(policy)

    for algorithm in ("none", "HS256", "RS256"):
        with gateway.connect() as client:
            assert client.get("/app", ("Cookie", f"{SESSION_COOKIE}={unsigned(algorithm)}")).status == 401
            assert client.get("/app", ("Authorization", f"Bearer {unsigned(algorithm)}")).status == 401
    assert len(gateway.audit.records("session_id_forged")) == 3


# SESS-11: concurrent sessions


def test_sess_11_a_hundred_logins_are_seen_and_can_be_ended(start_gateway: StartGateway, policy: Policy) -> None:
    """REV-004."""
    gateway = start_gateway(policy)
    visitors = [logged_in(gateway) for _ in range(100)]
    listing = run_sallyport("sessions", "list", "--user", "alice", "--json", "--config", gateway.policy_file)
    assert len(listing.stdout.splitlines()) == 100

    done = run_sallyport("sessions", "revoke", "--user", "alice", "--config", gateway.policy_file)

    assert done.stdout.startswith("revoked 100 sessions")
    assert {visitor.get("/app").status for visitor in visitors} == {401}


@pytest.mark.parametrize("reaction, statuses", [("end_oldest", [401, 200, 200]), ("allow", [200, 200, 200])])
def test_sess_11_the_number_of_sessions_may_be_limited(
    start_gateway: StartGateway, policy: Policy, reaction: str, statuses: list[int]
) -> None:
    """REV-006."""
    policy["session"]["per_user_limit"] = {"sessions": 2, "when_exceeded": reaction}
    gateway = start_gateway(policy)
    visitors = [logged_in(gateway) for _ in range(3)]

    assert [visitor.get("/app").status for visitor in visitors] == statuses
    assert gateway.audit.wait_for("excess_sessions_exceeded")["reaction"] == reaction


def test_sess_11_a_login_too_many_may_be_refused(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["per_user_limit"] = {"sessions": 2, "when_exceeded": "refuse"}
    gateway = start_gateway(policy)
    visitors = [logged_in(gateway) for _ in range(2)]
    third = Visitor(gateway)

    assert third.log_in().status == 403

    assert third.get("/app").status == 401
    assert [visitor.get("/app").status for visitor in visitors] == [200, 200]
    assert third.log_in("bob").status == 302


def test_sess_11_strangers_of_one_network_have_a_share(start_gateway: StartGateway, policy: Policy) -> None:
    policy["session"]["store"] = {"memory": {"max_anonymous_per_network": 2}}
    gateway = start_gateway(policy)
    statuses = [Visitor(gateway).get("/begin").status for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert Visitor(gateway, source=ELSEWHERE).get("/begin").status == 200
    assert Visitor(gateway).log_in().status == 302, "who logs in needs no place among strangers"
