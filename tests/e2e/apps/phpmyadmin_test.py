"""phpMyAdmin behind a gateway on the policy that config/examples/ ships."""

from support.apps.application import StartApplication
from support.apps.phpmyadmin import PhpMyAdmin
from support.apps.story import RunStory
from support.visitor import Visitor


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(PhpMyAdmin)

    run_story(application, application.shipped_policy())


def test_a_users_page_that_answers_a_login_of_another_makes_nobody_the_other(
    start_gateway, start_application: StartApplication
) -> None:
    """With a wrong token phpMyAdmin does not look at the password: it goes on as alice."""
    application = start_application(PhpMyAdmin)
    person = Visitor(start_gateway(application.shipped_policy()))
    application.log_in(person, application.ALICE)

    person.post_form("/index.php?route=/", {"token": "wrong", "pma_username": "bob", "pma_password": "x"})

    assert application.look(person).user is None
    assert not application.recorder.requests[-1].has("X-Forwarded-User")


def test_a_session_that_php_has_thrown_away_is_a_strangers(
    start_gateway, start_application: StartApplication
) -> None:
    application = start_application(PhpMyAdmin)
    person = Visitor(start_gateway(application.shipped_policy()))
    application.log_in(person, application.ALICE)
    for file in (application.folder / "sessions").glob("sess_*"):
        file.unlink()

    assert application.look(person).user is None
    person.get("/index.php?route=/")

    assert not application.recorder.requests[-1].has("X-Forwarded-User")
