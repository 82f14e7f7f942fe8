"""What the gateway makes of requests as attackers write them: the table tests/cases/e2e_requests.txt,
sent to the running gateway (HTP-001 to HTP-004, HTP-007, HTP-008, HTP-011, HTP-014)."""

from collections.abc import Iterator

import pytest

from support import http
from support.backend import FakeBackend
from support.cases import Case, read_cases
from support.gateway import Gateway
from support.pki import Pki
from support.policy import basic_policy
from support.wait import until

CASES = read_cases("e2e_requests.txt")


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, pki: Pki
) -> Iterator[tuple[Gateway, FakeBackend]]:
    """One gateway and one backend for all cases: none of them may break it for the next."""
    with FakeBackend() as backend:
        folder = tmp_path_factory.mktemp("reading")
        with Gateway(folder, pki, basic_policy(backend.url)) as gateway:
            yield gateway, backend


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_request_is_read_strictly(bench: tuple[Gateway, FakeBackend], case: Case) -> None:
    gateway, backend = bench
    before, bytes_before = len(backend.requests), backend.bytes_received
    torn_before = len(backend.failures)

    with gateway.connect() as client:
        client.send(case.values["in"])
        answer = client.read_response()
        reached = backend.requests[before:]
        if case.text("stays") == "yes":
            assert client.get("/after").status == 200
            assert backend.requests[-1].target == "/after"
        else:
            assert answer.get("Connection") == "close"
            assert client.is_closed_by_peer()

    assert answer.status == int(case.text("status"))
    assert len(reached) == (case.text("backend") == "yes")
    assert len(backend.requests) == before + len(reached) + (case.text("stays") == "yes")
    if case.text("backend") == "head":
        until(lambda: len(backend.failures) > torn_before, "the request to be torn off")
    elif not reached:
        after = backend.requests[before:]
        assert backend.bytes_received - bytes_before == sum(len(r.head) for r in after)
    if not reached:
        event, name = case.text("event", "http_malformed"), answer.get("X-Request-Id")
        gateway.audit.wait_for(event, request_id=name, reason=case.text("reason"))


def test_every_refusal_has_left_the_record_of_its_exchange(
    bench: tuple[Gateway, FakeBackend],
) -> None:
    """Runs after the cases: their records leave in batches."""
    gateway, _ = bench
    refused = [r for r in gateway.audit.records() if r["event"] in ("http_malformed", "host_mismatch")]
    assert refused

    for told in refused:
        record = gateway.audit.wait_for("http_exchange", request_id=told["request_id"])
        assert record["reason"] == told["reason"]
    names = [record["request_id"] for record in gateway.audit.exchanges()]
    assert len(set(names)) == len(names)


def test_the_table_is_as_large_as_it_says() -> None:
    assert len(CASES) >= 80
    assert len({case.title for case in CASES}) == len(CASES)


def test_limits_hold_to_the_byte(start_gateway, backend: FakeBackend) -> None:
    """HTP-007: at the limit it passes, one byte more does not."""
    policy = basic_policy(backend.url)
    policy["limits"] = {"target_bytes": "100B", "header_fields": 5, "head_bytes": "1024B"}
    gateway = start_gateway(policy)

    def status(target: str, *headers: tuple[str, str]) -> int:
        with gateway.connect() as client:
            return client.get(target, *headers).status

    padding = 1024 - len(http.request("GET", "/", [("A", "")]))
    assert [status("/" + "a" * 99), status("/" + "a" * 100)] == [200, 414]
    assert [status("/", *[("A", "b")] * 4), status("/", *[("A", "b")] * 5)] == [200, 431]
    assert [status("/", ("A", "b" * padding)), status("/", ("A", "b" * (padding + 1)))] == [200, 431]


def test_too_many_fields_are_refused(gateway: Gateway, backend: FakeBackend) -> None:
    with gateway.connect() as client:
        assert client.get("/", *[(f"X-{number}", "1") for number in range(100)]).status == 431
        assert client.is_closed_by_peer()

    gateway.audit.wait_for("http_malformed", reason="too_many_fields")
    assert not backend.connections
