"""What `sallyport learn` writes from a recording of one login protects the application as well as
the policy that is shipped for it."""

import re
from pathlib import Path

import pytest

from support.apps.adminer import Adminer
from support.apps.application import Application, StartApplication, learning_steps
from support.apps.dokuwiki import DokuWikiApplication
from support.apps.express import ExpressSession
from support.apps.phpmyadmin import PhpMyAdmin
from support.apps.story import RunStory
from support.apps.tomcat_form import TomcatForm
from support.apps.tomcat_manager import TomcatManager
from support.gateway import run_sallyport
from support.learner import Learner
from support.plain import PlainServer
from support.visitor import Visitor

STEPS = ["1 visit", "2 fail", "3 login", "4 page", "5 logout"]


def record(application: Application, file: Path) -> None:
    """Lets `sallyport learn` watch somebody who fails once, logs in, looks around and logs out."""
    with Learner(application.direct_url, "--host", "localhost", "--record", file) as learner:
        learner.answer(application.ALICE.name)
        person = Visitor(PlainServer(learner.port))
        for words, (_, act) in zip(STEPS, learning_steps(application), strict=True):
            learner.wait_for(words)
            act(person)
            learner.answer()
        assert learner.wait_until_ended() == 0, learner.stderr.decode()


def learned_policy(application: Application, recording: Path) -> str:
    """From the recording alone, for the recorder in front of the application."""
    learned = run_sallyport("learn", "--from", recording)
    assert learned.returncode == 0, learned.stderr
    text = re.sub(r"address: \S+:8443", "address: 127.0.0.1:0", learned.stdout)
    return re.sub(r'"?http://127\.0\.0\.1:\d+"?', f'"{application.url}"', text)


@pytest.mark.parametrize(
    "kind",
    [DokuWikiApplication, PhpMyAdmin, Adminer, TomcatForm, TomcatManager, ExpressSession],
)
def test_what_was_learned_protects_it(
    start_application: StartApplication,
    run_story: RunStory,
    tmp_path: Path,
    kind: type[Application],
) -> None:
    application = start_application(kind)
    recording = tmp_path / "recording.jsonl"
    record(application, recording)
    assert application.ALICE.password not in recording.read_text()

    run_story(application, learned_policy(application, recording))
