"""An attacker plants a cookie in the victim's Chromium before she logs in, and gains nothing."""

from pathlib import Path
from typing import Any

import pytest

from support.browser import Browser
from support.dokuwiki import DokuWiki
from support.gateway import Gateway
from support.pki import Pki
from support.visitor import SESSION_COOKIE, Visitor

FORGED = f"v1.k1.{'A' * 43}.{'B' * 22}"
CHOSEN = "attackerchosensessionid000"


@pytest.fixture
def log_in_with(wiki: DokuWiki, wiki_gateway: Gateway, tmp_path: Path, pki: Pki):
    """Lets the victim log in with a planted cookie in her browser; what she saw at the end."""

    def log_in(name: str, value: str) -> dict[str, Any]:
        report = Browser(tmp_path, pki).run(
            "dokuwiki.mjs",
            url=wiki_gateway.url,
            user=wiki.USER,
            password=wiki.PASSWORD,
            planted=[{"name": name, "value": value}],
            steps=["logIn", "readHeaders"],
        )
        assert report[0]["user"] == [f"Logged in as: Alice ({wiki.USER})"]
        return report[-1]

    return log_in


def ours(report: dict[str, Any]) -> str:
    return next(c["value"] for c in report["cookies"] if c["name"] == SESSION_COOKIE)


def assert_stranger(gateway: Gateway, name: str, value: str) -> None:
    """Whoever holds that cookie. An answer may take it away, so it is planted again."""
    for target, forbidden in [("/headers.php", "X-Forwarded-User"), ("/doku.php?id=start", "Logged in as")]:
        attacker = Visitor(gateway)
        attacker.plant(name, value)
        assert forbidden.encode() not in attacker.get(target).body


def test_session_planted_before_login_stays_a_strangers(
    wiki: DokuWiki, wiki_gateway: Gateway, log_in_with
) -> None:
    attacker = Visitor(wiki_gateway)
    attacker.get("/doku.php?id=start")
    planted = attacker.session
    assert planted
    before = wiki.session_files()

    report = log_in_with(SESSION_COOKIE, planted)

    assert ours(report) != planted
    assert_stranger(wiki_gateway, SESSION_COOKIE, planted)
    after = wiki.session_files()
    assert before and all(wiki.USER not in after[php_session] for php_session in before)
    (rotation,) = wiki_gateway.audit.records("session_id_rotated")
    assert rotation["user"] == wiki.USER


def test_forged_cookie_is_replaced_and_reported(wiki_gateway: Gateway, log_in_with) -> None:
    report = log_in_with(SESSION_COOKIE, FORGED)

    assert ours(report) != FORGED
    assert_stranger(wiki_gateway, SESSION_COOKIE, FORGED)
    wiki_gateway.audit.wait_for("session_id_forged")


@pytest.mark.parametrize("which", ["session", "login"])
def test_backend_cookie_of_the_attackers_choice_never_arrives(
    wiki: DokuWiki, wiki_gateway: Gateway, log_in_with, which: str
) -> None:
    name = {"session": "DokuWiki", "login": wiki.login_cookie}[which]

    report = log_in_with(name, CHOSEN)

    assert CHOSEN not in report["headers"].get("Cookie", "")
    assert CHOSEN not in wiki.session_files()
    assert_stranger(wiki_gateway, name, CHOSEN)
