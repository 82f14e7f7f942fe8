"""A person at a real Chromium uses DokuWiki through the gateway, and the audit file tells it."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.audit import AuditLog
from support.browser import Browser
from support.dokuwiki import DokuWiki
from support.gateway import Gateway
from support.pki import Pki
from support.visitor import SESSION_COOKIE, Visitor
from support.wait import until

STEPS = ["visit", "logIn", "edit", "readHeaders", "logOut", "failToLogIn"]
TEXT = "Edited through the gateway."

STORY = [
    "session_created",  # She opens the wiki,
    "authn_login_success",  # logs in
    "session_id_rotated",
    "session_logout",  # and out,
    "session_created",
    "authn_login_fail",  # and fails to log in again.
    "session_use_after_expire",  # A thief has the cookies of before her login and her logout: told
    # once a minute. He is a stranger from then on, with each of them.
    "session_created",
    "session_created",
]
ALICE = [
    "session_created",
    "session_id_rotated",
    "session_logout",
    "session_use_after_expire",
]

Report = dict[str, dict[str, Any]]


@pytest.fixture
def report(wiki: DokuWiki, wiki_gateway: Gateway, tmp_path: Path, pki: Pki) -> Report:
    """What the browser saw at each step."""
    entries = Browser(tmp_path, pki).run(
        "dokuwiki.mjs",
        url=wiki_gateway.url,
        user=wiki.USER,
        password=wiki.PASSWORD,
        text=TEXT,
        steps=STEPS,
    )
    return {entry["step"]: entry for entry in entries}


def session_cookie(entry: dict[str, Any]) -> str:
    """The value of the one cookie that the browser holds, which must be ours and well guarded."""
    (cookie,) = entry["cookies"]
    assert cookie["name"] == SESSION_COOKIE
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"], cookie["expires"]) == ("/", "localhost", -1)
    return cookie["value"]


def test_a_person_uses_dokuwiki_through_the_gateway(
    report: Report, wiki: DokuWiki, wiki_gateway: Gateway
) -> None:
    check_that_dokuwiki_works(report, wiki)
    check_the_cookies(report)
    check_that_old_cookies_are_strangers(report, wiki_gateway)
    check_the_audit_file(wiki_gateway.audit, wiki)
    check_that_no_secret_is_told(report, wiki_gateway)


def check_that_dokuwiki_works(report: Report, wiki: DokuWiki) -> None:
    assert {step: entry.get("status") for step, entry in report.items()} == {
        "visit": 200,
        "logIn": 200,
        "edit": 200,
        "readHeaders": None,
        "logOut": 200,
        "failToLogIn": 403,
    }
    assert report["visit"]["user"] == []
    assert report["logIn"]["user"] == [f"Logged in as: Alice ({wiki.USER})"]
    assert TEXT in report["edit"]["text"]
    assert TEXT in wiki.page("start")
    assert report["readHeaders"]["headers"]["X-Forwarded-User"] == wiki.USER
    assert report["logOut"]["user"] == []
    assert "username or password was wrong" in report["failToLogIn"]["text"]


def check_the_cookies(report: Report) -> None:
    stranger, alice = session_cookie(report["visit"]), session_cookie(report["logIn"])
    assert alice != stranger
    assert session_cookie(report["edit"]) == alice
    assert session_cookie(report["logOut"]) not in (alice, stranger)
    assert session_cookie(report["failToLogIn"]) not in (alice, stranger)
    for cookie in report["readHeaders"]["headers"].get("Cookie", "").split("; "):
        assert cookie.startswith("D"), f"the backend was shown {cookie}"


def check_that_old_cookies_are_strangers(report: Report, gateway: Gateway) -> None:
    for step in ("visit", "logIn"):
        stolen = report[step]["cookies"][0]["value"]

        assert b"X-Forwarded-User" not in page_with(gateway, stolen, "/headers.php")
        assert b"Logged in as" not in page_with(gateway, stolen, "/doku.php?id=start")


def page_with(gateway: Gateway, cookie: str, target: str) -> bytes:
    """By a thief of its own each time: an answer may take the cookie away."""
    thief = Visitor(gateway)
    thief.plant(SESSION_COOKIE, cookie)
    return thief.get(target).body


def check_the_audit_file(audit: AuditLog, wiki: DokuWiki) -> None:
    until(lambda: Counter(told(audit)) == Counter(wiki.served()), "one record per exchange")
    assert audit.story() == STORY
    (success,) = audit.records("authn_login_success")
    (failure,) = audit.records("authn_login_fail")
    assert (success["user"], failure["attempted_user"]) == (wiki.USER, wiki.USER)
    alice = audit.records(session=success["session"])
    assert [r["event"] for r in alice if r["event"].startswith("session_")] == ALICE
    identifiers = [record["request_id"] for record in audit.exchanges()]
    assert len(set(identifiers)) == len(identifiers)


def check_that_no_secret_is_told(report: Report, gateway: Gateway) -> None:
    told_to_operators = gateway.audit.text() + gateway.log()
    secrets = {cookie["value"] for entry in report.values() for cookie in entry["cookies"]}
    for secret in {*secrets, *(part for s in secrets for part in s.split(".")[2:])}:
        assert secret not in told_to_operators
    assert DokuWiki.PASSWORD not in told_to_operators


def told(audit: AuditLog) -> list[str]:
    return [f"{record['method']} {record['path']}" for record in audit.exchanges()]
