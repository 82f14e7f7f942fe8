"""Each application without a gateway: that its starter works, and which holes it has by itself."""

import json
from pathlib import Path

import pytest

from support.apps.adminer import Adminer
from support.apps.application import Application, StartApplication, learning_steps
from support.apps.dokuwiki import DokuWikiApplication
from support.apps.express import ExpressSession
from support.apps.phpmyadmin import PhpMyAdmin
from support.apps.tomcat_form import TomcatForm
from support.apps.tomcat_manager import TomcatManager
from support.plain import PlainServer
from support.visitor import Visitor

ALL = [Adminer, DokuWikiApplication, ExpressSession, PhpMyAdmin, TomcatForm, TomcatManager]
NOTE = "Written without a gateway."


def visitor(application: Application) -> Visitor:
    return Visitor(PlainServer(application.recorder.port))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_person_can_use_it(kind: type[Application], start_application: StartApplication) -> None:
    application = start_application(kind)
    person = visitor(application)

    assert application.look(person).user is None
    application.log_in(person, application.ALICE)
    application.write(person, NOTE)

    assert application.has_written(NOTE)
    assert application.look(person).user == "alice"
    assert set(person.cookies) & set(application.cookies)
    assert application.recorder.failures == []
    application.log_out(person)
    if kind is not TomcatManager:  # Which has no way to log out.
        assert application.look(person).user is None


def test_learning_goes_from_a_stranger_to_a_user_and_back(start_application: StartApplication) -> None:
    application = start_application(ExpressSession)
    person = visitor(application)

    seen = []
    for name, act in learning_steps(application):
        act(person)
        seen.append((name, application.look(person).user))

    expected = [("visit", None), ("fail", None), ("login", "alice"), ("page", "alice"), ("logout", None)]
    assert seen == expected


def test_express_session_logs_the_victim_in_to_the_session_that_was_planted(
    start_application: StartApplication,
) -> None:
    application = start_application(ExpressSession)
    attacker, victim = visitor(application), visitor(application)
    application.visit(attacker)
    victim.cookies = dict(attacker.cookies)

    application.log_in(victim, application.ALICE)

    assert application.look(attacker).user == "alice"


def test_one_session_of_adminer_holds_two_users(start_application: StartApplication) -> None:
    application = start_application(Adminer)
    person = visitor(application)
    for account in (application.ALICE, application.BOB):
        application.log_in(person, account)

    with pytest.raises(AssertionError, match="pages of alice and of bob"):
        application.look(person)


def test_a_session_of_the_manager_takes_every_password_for_its_users(
    start_application: StartApplication,
) -> None:
    application = start_application(TomcatManager)
    person = visitor(application)
    application.log_in(person, application.ALICE)
    assert application.look(person).user == "alice"  # The first request that shows its new session.

    application.log_in(person, application.BOB)

    assert application.look(person).user == "alice"


def test_the_recorder_shows_what_came_and_changes_nothing(start_application: StartApplication) -> None:
    application = start_application(ExpressSession)
    person = visitor(application)
    person.fields = [("X-Odd_Name", "as it came")]

    echoed = json.loads(person.get("/headers").body)

    (request,) = application.recorder.requests
    assert request.target == "/headers"
    assert request.get("X-Odd_Name") == "as it came" == echoed["x-odd_name"]
    assert request.get("Host") == f"localhost:{application.recorder.port}"


def test_everything_that_was_started_ends(tmp_path: Path) -> None:
    with Adminer(tmp_path / "adminer") as application:
        assert application.logs().keys() == {"mariadb.log", "php0.log"}

    with pytest.raises(ConnectionRefusedError):
        application.direct().connect()
    assert "Shutdown complete" in application.logs()["mariadb.log"]
