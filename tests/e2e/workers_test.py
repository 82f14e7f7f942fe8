"""Several workers are one gateway: what one has learnt all know. Which worker served a request is told by its
id, which begins with 16 hexadecimal characters of that worker. The kernel spreads connections over the workers
by a hash: that 24 of them meet the same one of 4 has a probability of 4^-23."""

import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from support import http
from support.backend import FakeBackend, backend_with_login
from support.client import Client, trusting
from support.gateway import Gateway
from support.policy import basic_policy, guarded_policy
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import PATIENCE, until

StartGateway = Callable[..., Gateway]

CONNECTIONS = 24


@pytest.fixture
def gateway(start_gateway: StartGateway, backend: FakeBackend) -> Gateway:
    """Four workers, and an application whose login sets a cookie for the vault."""
    backend_with_login(backend, "APP=1; Path=/")
    backend.on("POST", "/app/echo", lambda received: http.response(200, received.body))
    policy = guarded_policy(backend.url)
    policy["logins"]["form"]["success"]["set_cookie"] = "APP*"  # So that a second login is proved, too.
    policy["workers"] = 4
    return start_gateway(policy)


@pytest.fixture
def clients(gateway: Gateway) -> Iterator[list[Client]]:
    opened = [gateway.connect() for _ in range(CONNECTIONS)]
    yield opened
    for client in opened:
        client.close()


def log_in(client: Client, user: str = "alice") -> tuple[str, str]:
    """Logs in on this connection; the Cookie field that proves it."""
    answer = client.post_form("/login", {"user": user, "password": "secret"})
    return ("Cookie", f"{SESSION_COOKIE}={answer.set_cookies()[SESSION_COOKIE]}")


def workers_of(gateway: Gateway) -> set[str]:
    """The workers that have ended an exchange."""
    names = [record["request_id"].partition("-") for record in gateway.audit.exchanges()]
    assert all(len(worker) == 16 and number.isdigit() for worker, _, number in names)
    return {worker for worker, _, _ in names}


def test_connections_are_spread_over_the_workers(gateway: Gateway, clients: list[Client]) -> None:
    for client in clients:
        assert client.get("/").status == 200

    gateway.stop()
    assert 2 <= len(workers_of(gateway)) <= 4


def test_a_connection_stays_with_its_worker(gateway: Gateway) -> None:
    with gateway.connect() as client:
        for _ in range(50):
            client.get("/")

    gateway.stop()
    [worker] = workers_of(gateway)
    numbers = [record["request_id"] for record in gateway.audit.exchanges()]
    assert numbers == [f"{worker}-{number}" for number in range(1, 51)]


def test_one_worker_is_one(start_gateway: StartGateway, backend: FakeBackend) -> None:
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    gateway = start_gateway(policy)
    for _ in range(CONNECTIONS):
        with gateway.connect() as client:
            client.get("/")

    gateway.stop()
    assert len(workers_of(gateway)) == 1
    assert len(backend.connections) == 1  # One pool, in which the connection to the backend waits.


def test_a_session_of_one_connection_is_one_on_all(
    gateway: Gateway, clients: list[Client], backend: FakeBackend
) -> None:
    """With its user and its vault."""
    cookie = log_in(clients[0])

    for client in clients:
        assert client.get("/app", cookie).status == 200
        assert backend.requests[-1].get("X-Forwarded-User") == "alice"
        assert backend.requests[-1].get("Cookie") == "APP=1"

    gateway.stop()
    assert len(workers_of(gateway)) > 1
    assert not gateway.audit.records("authz_fail")


def test_each_connection_may_begin_a_session_for_all_others(
    gateway: Gateway, clients: list[Client], backend: FakeBackend
) -> None:
    cookies = [log_in(client, f"user{number}") for number, client in enumerate(clients)]

    for number, cookie in enumerate(cookies):
        assert clients[number - 1].get("/app", cookie).status == 200
        assert backend.requests[-1].get("X-Forwarded-User") == f"user{number}"


def test_a_logout_on_one_connection_counts_on_all(
    gateway: Gateway, clients: list[Client], backend: FakeBackend
) -> None:
    """REV-001: at once, and so does the new id of a second login."""
    cookie = log_in(clients[0])
    answer = clients[1].post_form("/login", {"user": "alice", "password": "secret"}, cookie)
    renewed = ("Cookie", f"{SESSION_COOKIE}={answer.set_cookies()[SESSION_COOKIE]}")
    assert [client.get("/app", cookie).status for client in clients] == [401] * CONNECTIONS
    assert [client.get("/app", renewed).status for client in clients] == [200] * CONNECTIONS
    reached = len(backend.requests)

    clients[-1].get("/logout", renewed)

    assert [client.get("/app", renewed).status for client in clients] == [401] * CONNECTIONS
    assert len(backend.requests) == reached + 1


def test_everything_at_once_is_kept_apart(gateway: Gateway, clients: list[Client]) -> None:
    """All connections speak at the same time, half of them with one shared session: no answer is mixed up,
    none fails, and each exchange has a record of its own."""
    rounds = 40
    shared = log_in(clients[0])
    wrong: list[object] = []

    def ask(number: int, client: Client) -> None:
        cookie = shared if number % 2 else log_in(client, f"user{number}")
        for turn in range(rounds):
            body = f"{number}/{turn}".encode()
            answer = client.request("POST", "/app/echo", [cookie], body)
            if (answer.status, answer.body) != (200, body):
                wrong.append((number, turn, answer))

    threads = [threading.Thread(target=ask, args=each) for each in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * PATIENCE)

    gateway.stop()
    assert wrong == []
    echoes = gateway.audit.records("http_exchange", path="/app/echo", status=200)
    assert len(echoes) == CONNECTIONS * rounds
    assert len({record["request_id"] for record in gateway.audit.exchanges()}) == len(gateway.audit.exchanges())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_a_tls_session_of_one_worker_is_resumed_by_all(gateway: Gateway, version: ssl.TLSVersion) -> None:
    """Otherwise three of four visits would pay for a whole handshake."""
    context = trusting(gateway.pki.authority)
    context.minimum_version = context.maximum_version = version
    with gateway.connect(context=context) as client:
        client.get("/")
        ticket = client.stream.session  # type: ignore[attr-defined]

    for _ in range(CONNECTIONS):
        plain = gateway.connect_tcp().stream
        with Client(context.wrap_socket(plain, server_hostname="localhost", session=ticket)) as client:
            assert client.stream.session_reused  # type: ignore[attr-defined]
            assert client.get("/").status == 200

    gateway.stop()
    assert len(workers_of(gateway)) > 1


def test_connections_beyond_the_limit_are_turned_away(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """limits.connections, per worker: those that are here stay, and one that leaves makes room."""
    policy = basic_policy(backend.url)
    policy["workers"] = 1
    policy["limits"] = {"connections": 3}
    gateway = start_gateway(policy)
    here = [gateway.connect() for _ in range(3)]

    with gateway.connect_tcp() as late:
        assert late.is_closed_by_peer()
    assert [client.get("/").status for client in here] == [200] * 3
    here.pop().close()
    until(lambda: serves_another(gateway), "room for another connection")

    for client in here:
        client.close()
    assert "limits.connections is reached" in gateway.log()


def serves_another(gateway: Gateway) -> bool:
    try:
        with gateway.connect() as client:
            return client.get("/").status == 200
    except OSError:
        return False


def test_a_visitor_needs_no_certain_worker(gateway: Gateway) -> None:
    """A browser's whole visit over connections of their own."""
    alice = Visitor(gateway)
    for _ in range(6):
        assert alice.log_in().status == 302
        assert [alice.get("/app").status for _ in range(3)] == [200] * 3
        alice.get("/logout")
        assert alice.get("/app").status == 401

    gateway.stop()
    assert len(workers_of(gateway)) > 1
    assert len(gateway.audit.records("session_logout")) == 6
