"""Session ids of the backend in request paths (SID-003)."""

from collections.abc import Callable

from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway
from support.policy import basic_policy, guarded_policy
from support.visitor import Visitor

StartGateway = Callable[..., Gateway]


def test_a_session_id_in_the_path_never_arrives(start_gateway: StartGateway, backend: FakeBackend) -> None:
    """SID-003: and the path without it is the one that routes, rules and the backend see."""
    gateway = start_gateway(guarded_policy(backend.url))
    alice = Visitor(gateway)
    backend_with_login(backend, "JSESSIONID=1; Path=/")
    secret = "5ec2e7"

    for target in (f"/x;jsessionid={secret}?q=1", f"/x%3BJSESSIONID={secret}?q=1", f"/x;%6asessionid%3D{secret}?q=1"):
        alice.get(target)
        assert backend.last_request().target == "/x?q=1"
    alice.log_in()
    assert alice.get(f"/app;jsessionid={secret}/page").status == 200

    assert backend.last_request().target == "/app/page"
    assert secret.encode() not in b"".join(each.received for each in backend.connections)
    gateway.audit.wait_for("session_id_in_path", count=4, parameter="jsessionid")
    assert secret not in gateway.audit.text() + gateway.log()


def test_a_session_id_does_not_lead_around_a_guard(start_gateway: StartGateway, backend: FakeBackend) -> None:
    visitor = Visitor(start_gateway(guarded_policy(backend.url)))

    for target in ("/app;jsessionid=1", "/;jsessionid=1/app", "/x/..;jsessionid=1/app", "/app%3Bjsessionid=1/x"):
        assert visitor.get(target).status in (400, 401), target

    assert backend.requests == []


def test_path_parameters_are_the_policys(start_gateway: StartGateway, backend: FakeBackend) -> None:
    policy = basic_policy(backend.url)
    policy["session"]["path_parameters"] = ["SID"]
    visitor = Visitor(start_gateway(policy))

    visitor.get("/a;sid=1;jsessionid=2/b")

    assert backend.last_request().target == "/a;jsessionid=2/b"
