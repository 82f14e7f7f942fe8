"""Two gateways that share their sessions in Redis (REV-002, SID-007, ADM-001)."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import http
from support.backend import FakeBackend, Received, backend_with_login
from support.client import Client
from support.gateway import Gateway, run_sallyport
from support.pki import Pki
from support.policy import Policy, guarded_policy
from support.redis import Redis
from support.visitor import Visitor
from support.wait import until

StartAnother = Callable[[], Gateway]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path / "redis") as running:
        yield running


@pytest.fixture
def policy(backend: FakeBackend, redis: Redis) -> Policy:
    backend_with_login(backend, "APP=backends-own-secret; Path=/")
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["backend_logout"] = "/bye"
    policy["session"]["store"] = redis.store()
    policy["admin"] = {"socket": "admin.sock"}
    policy["workers"] = 2
    return policy


@pytest.fixture
def another(tmp_path: Path, pki: Pki, policy: Policy) -> Iterator[StartAnother]:
    """Starts gateways that are copies of each other, keys included."""
    running: list[Gateway] = []

    def start() -> Gateway:
        folder = tmp_path / f"gateway{len(running)}"
        if running:
            folder.mkdir()
            shutil.copy2(running[0].folder / "session.key", folder / "session.key")
        running.append(Gateway(folder, pki, policy))
        return running[-1]

    yield start
    for gateway in running:
        gateway.stop()


def at(gateway: Gateway, visitor: Visitor) -> Visitor:
    """The same browser, led to another gateway by a balancer."""
    moved = Visitor(gateway)
    moved.cookies = visitor.cookies
    moved.host = visitor.host
    return moved


def logged_in(gateway: Gateway) -> Visitor:
    visitor = Visitor(gateway)
    assert visitor.log_in().status == 302
    return visitor


def streaming(gateway: Gateway, visitor: Visitor) -> Client:
    """A connection on which the answer of /app/stream has begun."""
    client = gateway.connect()
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    client.send(http.request("GET", "/app/stream", [("Cookie", cookie)], host=visitor.host))
    received = b""
    while not received.endswith(b"first"):
        received += client.read()
    return client


def revoke(gateway: Gateway, *selection: str) -> None:
    done = run_sallyport("sessions", "revoke", *selection, "--config", gateway.policy_file)
    assert done.returncode == 0, done.stderr


def test_a_login_at_one_counts_at_the_other(another: StartAnother, backend: FakeBackend) -> None:
    one, other = another(), another()
    visitor = logged_in(one)

    assert at(other, visitor).get("/app").status == 200

    assert backend.requests[-1].get("Cookie") == "APP=backends-own-secret"
    assert backend.requests[-1].get("X-Forwarded-User") == "alice"


def test_a_logout_at_one_counts_at_the_other(another: StartAnother) -> None:
    one, other = another(), another()
    visitor = logged_in(one)
    stolen = Visitor(other)
    stolen.cookies, stolen.host = dict(visitor.cookies), visitor.host

    visitor.get("/logout")

    assert stolen.get("/app").status != 200


def test_a_revocation_at_one_counts_at_the_other(another: StartAnother, backend: FakeBackend) -> None:
    one, other = another(), another()
    visitor = logged_in(one)

    revoke(other, "--user", "alice")

    assert at(one, visitor).get("/app").status != 200
    asked = lambda: [each for each in backend.requests if each.path == "/bye"]
    until(asked, "the backend to be told")
    assert [each.get("Cookie") for each in asked()] == ["APP=backends-own-secret"], "once, by one of them"


def test_a_restart_keeps_every_session(another: StartAnother) -> None:
    first = another()
    visitor = logged_in(first)
    first.stop()

    assert at(another(), visitor).get("/app").status == 200


def test_one_that_is_killed_is_not_missed(another: StartAnother) -> None:
    one, other = another(), another()
    visitor = logged_in(one)

    one.process.send_signal(signal.SIGKILL)
    one.exit_code = one.process.wait()

    assert at(other, visitor).get("/app").status == 200
    revoke(other, "--everything")
    assert at(other, visitor).get("/app").status != 200


def test_what_is_sent_for_a_session_that_ended_elsewhere_is_cut(
    another: StartAnother, backend: FakeBackend
) -> None:
    """A stream that never ends by itself, of a session that an administrator ends at the other node."""

    def stream(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"first")
        assert received.connection.wait_until_ended()

    backend.on("GET", "/app/stream", stream)
    one, other = another(), another()
    visitor = logged_in(one)
    client = streaming(one, visitor)

    revoke(other, "--user", "alice")

    assert client.is_closed_by_peer()
    record = one.audit.wait_for("http_exchange", path="/app/stream")
    assert (record["outcome"], record["reason"]) == ("aborted", "revoked")


def test_what_ended_while_nobody_listened_is_cut_when_somebody_does_again(
    another: StartAnother, backend: FakeBackend, redis: Redis
) -> None:
    def stream(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"first")
        assert received.connection.wait_until_ended()

    backend.on("GET", "/app/stream", stream)
    one, other = another(), another()
    client = streaming(one, logged_in(one))
    assert redis.cli("acl", "setuser", "default", "-subscribe") == "OK"
    assert redis.cli("client", "kill", "type", "pubsub") == "2"

    revoke(other, "--user", "alice")
    assert redis.cli("pubsub", "numsub", "sallyport:notices").split()[-1] == "0", "nobody heard of it"
    assert redis.cli("acl", "setuser", "default", "+subscribe") == "OK"

    assert client.is_closed_by_peer()


def test_a_dump_of_the_store_tells_nothing(another: StartAnother, redis: Redis) -> None:
    """Neither who is logged in, nor the cookies of the backend, nor an id (SID-007)."""
    gateway = another()
    visitor = logged_in(gateway)
    assert visitor.get("/app").status == 200

    dump = b"".join(file.read_bytes() for file in redis.folder.rglob("*.aof") if file.is_file())

    assert b"sallyport:s:{" in dump, "or this test looks at something else"
    assert visitor.session
    parts = [part.encode() for part in visitor.session.split(".") if len(part) > 20]
    assert len(parts) >= 2
    for secret in (b"alice", b"backends-own-secret", *parts):
        assert secret not in dump
    for key in redis.cli("--scan").splitlines():
        assert int(redis.cli("pttl", key)) > 0, f"{key} would stay for ever"


def test_an_outage_is_answered_and_told_and_ends_by_itself(another: StartAnother, redis: Redis) -> None:
    gateway = another()
    visitor = logged_in(gateway)
    redis.kill()

    refused = visitor.get("/app")
    assert (refused.status, refused.get("Retry-After")) == (503, "5")
    assert Visitor(gateway).get("/").status == 200, "a route that requires nothing needs no session"
    assert Visitor(gateway).log_in().status == 503
    gateway.audit.wait_for("store_unavailable")

    redis.start()
    until(lambda: visitor.get("/app").status == 200, "the gateway to find Redis again")
    assert gateway.audit.wait_for("store_recovered")["after"]


def test_a_redis_that_hangs_holds_nobody(another: StartAnother, redis: Redis) -> None:
    gateway = another()
    visitor = logged_in(gateway)
    redis.freeze()

    assert visitor.get("/app").status == 503
    record = gateway.audit.wait_for("http_exchange", path="/app")
    assert record["reason"] == "store_unavailable"

    redis.thaw()
    until(lambda: visitor.get("/app").status == 200, "the gateway to find Redis again")


def test_what_was_seen_a_moment_ago_may_go_on_in_an_outage(
    another: StartAnother, policy: Policy, redis: Redis
) -> None:
    policy["session"]["store"]["redis"] |= {"outage_mode": "cached", "outage_cache_ttl": "60s"}
    gateway = another()
    visitor = logged_in(gateway)
    assert visitor.get("/app").status == 200
    redis.kill()

    assert visitor.get("/app").status == 200
    assert Visitor(gateway).log_in().status == 503, "nobody logs in"
    assert visitor.get("/logout").status == 503, "or he would take himself for logged out"
    stranger = Visitor(gateway)
    stranger.plant("__Host-Http-session", visitor.session.rpartition(".")[0] + ".k1.x")
    assert stranger.get("/app").status != 200


@pytest.mark.parametrize("tls", [{"server_name": "redis.example.org"}, {"ca": None}])
def test_a_redis_that_cannot_prove_who_it_is_gets_nothing(
    another: StartAnother, policy: Policy, tmp_path: Path, pki: Pki, tls: dict[str, str | None]
) -> None:
    """Another name than the certificate has, and a certificate that nobody here has signed."""
    with Redis(tmp_path / "tls", tls=pki, user="gate") as redis:
        policy["session"]["store"] = redis.store()
        settings = policy["session"]["store"]["redis"]["tls"] | tls
        policy["session"]["store"]["redis"]["tls"] = {k: v for k, v in settings.items() if v}
        gateway = another()

        assert Visitor(gateway).log_in().status == 503
        assert "certificate verify failed" in gateway.log() or "handshake" in gateway.log()
        assert redis.cli("acl", "log") == "", "nobody has tried a password"


def test_a_wrong_password_is_an_outage_that_says_so(
    another: StartAnother, policy: Policy, tmp_path: Path
) -> None:
    with Redis(tmp_path / "guarded", user="gate") as redis:
        redis.password_file.write_text("another-word")
        policy["session"]["store"] = redis.store()
        gateway = another()

        assert Visitor(gateway).log_in().status == 503
        problem = gateway.audit.wait_for("store_unavailable")
        assert "WRONGPASS" in str(problem)
        assert "another-word" not in gateway.log() + gateway.audit.text()


def test_a_gateway_starts_without_redis(another: StartAnother, redis: Redis) -> None:
    redis.kill()
    gateway = another()

    assert Visitor(gateway).log_in().status == 503
    assert Visitor(gateway).get("/").status == 200

    redis.start()
    until(lambda: Visitor(gateway).log_in().status == 302, "the gateway to find Redis")
