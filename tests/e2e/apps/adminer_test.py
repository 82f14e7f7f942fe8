"""Adminer behind a gateway on the policy that config/examples/ ships."""

from support.apps.adminer import Adminer
from support.apps.application import StartApplication
from support.apps.story import RunStory
from support.visitor import Visitor


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(Adminer)

    run_story(application, application.shipped_policy())


def test_a_user_of_another_server_is_nobody_here(
    start_gateway, start_application: StartApplication
) -> None:
    """Whoever may name the server is called on it what she likes."""
    application = start_application(Adminer)
    person = Visitor(start_gateway(application.shipped_policy()))
    alice = {"username": application.ALICE.name, "password": application.ALICE.password}
    form = {"driver": "server", "server": "localhost", "db": "", **alice}

    person.post_form("/", {f"auth[{name}]": value for name, value in form.items()})
    person.get("/?server=localhost&username=alice")

    assert not application.recorder.requests[-1].has("X-Forwarded-User")
