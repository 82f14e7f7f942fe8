"""A person at a real Chromium uses phpMyAdmin, whose pages are mostly scripts, through the gateway."""

from pathlib import Path
from typing import Any

import pytest

from support.apps.application import StartApplication
from support.apps.phpmyadmin import PhpMyAdmin
from support.browser import Browser
from support.gateway import Gateway
from support.pki import Pki
from support.visitor import SESSION_COOKIE, Visitor

STEPS = ["visit", "failToLogIn", "logIn", "write", "logOut"]
NOTE = "Written by Chromium."

Report = dict[str, dict[str, Any]]


@pytest.fixture
def phpmyadmin(start_application: StartApplication) -> PhpMyAdmin:
    return start_application(PhpMyAdmin)


@pytest.fixture
def phpmyadmin_gateway(start_gateway, phpmyadmin: PhpMyAdmin) -> Gateway:
    return start_gateway(phpmyadmin.shipped_policy())


@pytest.fixture
def report(phpmyadmin: PhpMyAdmin, phpmyadmin_gateway: Gateway, tmp_path: Path, pki: Pki) -> Report:
    """What the browser saw at each step."""
    entries = Browser(tmp_path, pki).run(
        "phpmyadmin.mjs",
        url=phpmyadmin_gateway.url,
        user=phpmyadmin.ALICE.name,
        password=phpmyadmin.ALICE.password,
        statement=phpmyadmin.insertion(NOTE),
        steps=STEPS,
    )
    return {entry["step"]: entry for entry in entries}


def ours(entry: dict[str, Any]) -> str:
    """The value of the one cookie that the backend's side of the browser may have: the gateway's."""
    (cookie,) = entry["cookies"]
    assert cookie["name"] == SESSION_COOKIE
    return cookie["value"]


def test_a_person_uses_phpmyadmin_through_the_gateway(
    report: Report, phpmyadmin: PhpMyAdmin, phpmyadmin_gateway: Gateway
) -> None:
    check_that_phpmyadmin_works(report, phpmyadmin)
    check_the_cookies(report, phpmyadmin, phpmyadmin_gateway)
    check_the_audit_file(phpmyadmin_gateway)


def check_that_phpmyadmin_works(report: Report, phpmyadmin: PhpMyAdmin) -> None:
    assert {step: entry["status"] for step, entry in report.items()} == dict.fromkeys(STEPS, 200)
    assert "Access denied" in report["failToLogIn"]["text"]
    assert "User: alice@localhost" in report["logIn"]["text"]
    assert phpmyadmin.has_written(NOTE)
    assert "User: alice@localhost" not in report["logOut"]["text"]


def check_the_cookies(report: Report, phpmyadmin: PhpMyAdmin, gateway: Gateway) -> None:
    before, alice, after = (ours(report[step]) for step in ("failToLogIn", "logIn", "logOut"))
    assert len({before, alice, after}) == 3
    assert ours(report["write"]) == alice
    for stolen in (before, alice):
        thief = Visitor(gateway)
        thief.plant(SESSION_COOKIE, stolen)
        assert phpmyadmin.look(thief).user is None


def check_the_audit_file(gateway: Gateway) -> None:
    story = [event for event in gateway.audit.story() if event.startswith("authn_")]
    assert story == ["authn_login_fail", "authn_login_success"]
    (failure,) = gateway.audit.records("authn_login_fail")
    assert failure["attempted_user"] == "alice"
    gateway.audit.wait_for("session_logout", user="alice")
    assert PhpMyAdmin.ALICE.password not in gateway.audit.text() + gateway.log()
