"""Tomcat's manager behind a gateway on the policy that config/examples/ ships."""

import pytest

from support.apps.application import Account, StartApplication
from support.apps.story import RunStory
from support.apps.tomcat_manager import TomcatManager
from support.gateway import Gateway
from support.visitor import Visitor


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(TomcatManager)

    run_story(application, application.shipped_policy())


@pytest.fixture
def manager(start_application: StartApplication) -> TomcatManager:
    return start_application(TomcatManager)


@pytest.fixture
def gateway(start_gateway, manager: TomcatManager) -> Gateway:
    return start_gateway(manager.shipped_policy())


def test_a_wrong_password_where_tomcat_asks_for_none_makes_nobody_a_user(
    manager: TomcatManager, gateway: Gateway
) -> None:
    person = Visitor(gateway)
    manager.log_in(person, Account("alice", "wrong"))

    for target in ("/manager", "/manager/", "/manager/nowhere", "/manager/html"):
        person.get(target)

    told = [request for request in manager.recorder.requests if request.has("X-Forwarded-User")]
    assert told == []
    assert not gateway.audit.records("authn_login_success")


@pytest.mark.parametrize("target", ["/manager/text/list", "/manager/jmxproxy"])
def test_ways_for_scripts_are_closed(manager: TomcatManager, gateway: Gateway, target: str) -> None:
    person = Visitor(gateway)
    manager.log_in(person, manager.ALICE)
    asked = len(manager.recorder.requests)

    assert person.get(target).status == 403
    assert len(manager.recorder.requests) == asked
