"""Tomcat's FORM login behind a gateway on the policy that config/examples/ ships."""

from support.apps.application import StartApplication
from support.apps.story import RunStory
from support.apps.tomcat_form import PAGE, TomcatForm
from support.visitor import Visitor


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(TomcatForm)

    run_story(application, application.shipped_policy())


def test_the_session_id_stands_in_no_address(start_gateway, start_application: StartApplication) -> None:
    """Tomcat writes it into the form of a browser that has sent no cookie yet."""
    application = start_application(TomcatForm)
    person = Visitor(start_gateway(application.shipped_policy()))

    application.log_in(person, application.ALICE)
    person.get(f"{PAGE};jsessionid=attackerchosen")

    targets = [request.target for request in application.recorder.requests]
    assert not [target for target in targets if "jsessionid" in target.lower()]
    assert application.look(person).user == "alice"
