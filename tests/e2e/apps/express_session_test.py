"""A guest book on express-session behind a gateway on the policy that config/examples/ ships."""

import json

from support.apps.application import StartApplication
from support.apps.express import ExpressSession
from support.apps.story import RunStory
from support.visitor import Visitor


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(ExpressSession)

    run_story(application, application.shipped_policy())


def test_a_login_in_json_is_one(start_gateway, start_application: StartApplication) -> None:
    application = start_application(ExpressSession)
    person = Visitor(start_gateway(application.shipped_policy()))
    application.visit(person)
    before = person.session

    alice = {"user": application.ALICE.name, "password": application.ALICE.password}
    person.post("/login", json.dumps(alice).encode(), "application/json")

    assert application.look(person).user == "alice"
    assert application.recorder.requests[-1].get("X-Forwarded-User") == "alice"
    assert person.session != before
