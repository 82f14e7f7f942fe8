"""DokuWiki behind a gateway on the policy that config/examples/ ships."""

import base64
from collections.abc import Callable

import pytest

from support import http
from support.apps.application import StartApplication
from support.apps.dokuwiki import DokuWikiApplication
from support.apps.story import RunStory
from support.gateway import Gateway
from support.visitor import Visitor


CREDENTIALS = "u=alice&p=correct+horse+battery"
BASIC = "Basic " + base64.b64encode(b"alice:correct horse battery").decode()
FORM = "application/x-www-form-urlencoded"

DOORS: dict[str, Callable[[Visitor], http.Response]] = {
    "a query": lambda person: person.get(f"/doku.php?id=start&{CREDENTIALS}"),
    "Basic credentials": lambda person: person.get("/doku.php?id=start", ("Authorization", BASIC)),
    "XML-RPC": lambda person: person.post("/lib/exe/xmlrpc.php", b"<methodCall/>", "text/xml"),
}


def test_the_shipped_policy_protects_it(
    start_application: StartApplication, run_story: RunStory
) -> None:
    application = start_application(DokuWikiApplication)

    run_story(application, application.shipped_policy())


@pytest.fixture
def dokuwiki(start_application: StartApplication) -> DokuWikiApplication:
    return start_application(DokuWikiApplication)


@pytest.fixture
def gateway(start_gateway, dokuwiki: DokuWikiApplication) -> Gateway:
    return start_gateway(dokuwiki.shipped_policy())


@pytest.mark.parametrize("door", DOORS)
def test_other_doors_are_closed(dokuwiki: DokuWikiApplication, gateway: Gateway, door: str) -> None:
    person = Visitor(gateway)

    answer = DOORS[door](person)

    assert answer.status == 403
    assert dokuwiki.recorder.requests == []


@pytest.mark.parametrize("page", ["/doku.php?id=start&do=edit", "/lib/exe/ajax.php"])
def test_a_password_on_another_page_is_a_login(
    dokuwiki: DokuWikiApplication, gateway: Gateway, page: str
) -> None:
    person = Visitor(gateway)

    person.post(page, CREDENTIALS.encode(), FORM)

    assert dokuwiki.look(person).user == "alice"
    assert dokuwiki.recorder.requests[-1].get("X-Forwarded-User") == "alice"
