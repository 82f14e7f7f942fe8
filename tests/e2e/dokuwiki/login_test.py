"""DokuWiki's own login, observed from outside: what the gateway makes of each of its answers."""

import json

from support import http
from support.dokuwiki import DokuWiki
from support.gateway import Gateway
from support.visitor import SESSION_COOKIE, Visitor


def log_in(visitor: Visitor, password: str = DokuWiki.PASSWORD) -> http.Response:
    form = {"sectok": "", "id": "start", "do": "login", "u": DokuWiki.USER, "p": password}
    return visitor.post_form("/doku.php?id=start&do=login", form)


def is_logged_in(visitor: Visitor) -> bool:
    return b"Logged in as" in visitor.get("/doku.php?id=start").body


def test_login_changes_the_cookie_and_names_the_user(wiki_gateway: Gateway) -> None:
    alice = Visitor(wiki_gateway)
    alice.get("/doku.php?id=start")
    before = alice.session

    answer = log_in(alice)

    assert answer.status == 302
    assert answer.get("Location") == f"{wiki_gateway.url}/doku.php?id=start"
    assert list(alice.cookies) == [SESSION_COOKIE]
    assert before and alice.session != before
    assert json.loads(alice.get("/headers.php").body)["X-Forwarded-User"] == DokuWiki.USER
    assert is_logged_in(alice)


def test_login_without_any_session_before_it_works(wiki_gateway: Gateway) -> None:
    alice = Visitor(wiki_gateway)

    log_in(alice)

    assert is_logged_in(alice)
    wiki_gateway.audit.wait_for("authn_login_success", user=DokuWiki.USER)


def test_failed_login_is_counted_and_changes_nobody(wiki_gateway: Gateway) -> None:
    stranger = Visitor(wiki_gateway)
    stranger.get("/doku.php?id=start")

    answer = log_in(stranger, "wrong")

    assert answer.status == 403
    assert not is_logged_in(stranger)
    assert b"X-Forwarded-User" not in stranger.get("/headers.php").body
    wiki_gateway.audit.wait_for("authn_login_fail", attempted_user=DokuWiki.USER)


def test_cookie_of_before_login_is_not_logged_in(wiki: DokuWiki, wiki_gateway: Gateway) -> None:
    alice, attacker = Visitor(wiki_gateway), Visitor(wiki_gateway)
    attacker.get("/doku.php?id=start")
    assert attacker.session
    alice.plant(SESSION_COOKIE, attacker.session)
    before = wiki.session_files()

    log_in(alice)

    assert is_logged_in(alice)
    assert not is_logged_in(attacker)
    assert all(DokuWiki.USER not in wiki.session_files()[php_session] for php_session in before)


def test_cookie_of_before_logout_is_a_strangers(wiki_gateway: Gateway) -> None:
    alice, thief = Visitor(wiki_gateway), Visitor(wiki_gateway)
    log_in(alice)
    assert alice.session
    thief.plant(SESSION_COOKIE, alice.session)

    alice.get("/doku.php?id=start&do=logout&sectok=")

    assert not is_logged_in(thief)
    wiki_gateway.audit.wait_for("session_use_after_expire")
    wiki_gateway.audit.wait_for("session_logout", user=DokuWiki.USER)


def test_user_header_of_the_clients_choice_never_arrives(wiki_gateway: Gateway) -> None:
    stranger = Visitor(wiki_gateway)
    spoofed = [("X-Forwarded-User", "admin"), ("x_forwarded_user", "admin")]

    answer = stranger.get("/headers.php", *spoofed)

    assert b"admin" not in answer.body
    wiki_gateway.audit.wait_for("header_spoof_stripped")
