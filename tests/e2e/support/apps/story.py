"""The story that every application must go through behind a gateway, whatever it is written in.

One gateway, one running application; each step fails with a sentence of its own. The steps build on
each other: what happened before is in the audit file, and people keep their cookies.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from support.apps.application import Account, Application, Over, Seen
from support.gateway import Gateway
from support.visitor import SESSION_COOKIE, Visitor

IDENTITY = "X-Forwarded-User"
IMPOSTOR = "an-impostor-of-root"
SPOOFED = ["X-Forwarded-User", "x-forwarded-user", "X_Forwarded_User", "x_FORWARDED-user"]
CHOSEN = "attackerchosensessionid000"
PARALLEL = 8
NOTE = "Written through the gateway."

RunStory = Callable[..., None]
"""Takes an application and a policy's text."""


class Story:
    """`tell()` it once. `passed` are the backend's cookies that the policy lets a browser have."""

    def __init__(
        self, application: Application, gateway: Gateway, passed: frozenset[str] = frozenset()
    ) -> None:
        self.application = application
        self.gateway = gateway
        self.audit = gateway.audit
        self._allowed = {SESSION_COOKIE, *passed}

    def tell(self) -> None:
        self.strangers_are_nobody()
        self.what_was_planted_before_login_is_worth_nothing()
        self.a_failed_login_is_nobodys()
        alice = self.login_changes_the_id()
        self.parallel_requests_are_all_hers(alice)
        self.she_can_write(alice)
        self.the_backend_is_told_who_she_is(alice)
        self.logout_ends_her_session(alice)
        self.a_second_user_never_shares_a_session()
        self.the_backend_never_saw_what_it_must_not()

    def strangers_are_nobody(self) -> None:
        stranger = Visitor(self.gateway)
        self.application.visit(stranger)
        self._is(stranger, None, "a stranger who opened the application")
        kept = stranger.session is not None
        expected = self.application.has_sessions_before_login
        assert kept == expected, f"a stranger has{' no' if expected else ' a'} session"

    def what_was_planted_before_login_is_worth_nothing(self) -> None:
        attacker, victim = Visitor(self.gateway), Visitor(self.gateway)
        self.application.visit(attacker)
        if attacker.session:
            victim.plant(SESSION_COOKIE, attacker.session)
        for name in self.application.cookies:
            victim.plant(name, CHOSEN)
        self.application.log_in(victim, self.application.ALICE)
        self._forget_planted(victim)
        self._is(victim, "alice", "the victim of a planted cookie after her login")
        assert victim.session != attacker.session, "the login kept the id that was planted"
        if attacker.session:
            self._is(attacker, None, "whoever planted a cookie before her login")
        self._is(self._thief(victim.session), "alice", "the browser with her new cookie")
        self.application.log_out(victim)

    def a_failed_login_is_nobodys(self) -> None:
        person = Visitor(self.gateway)
        self._log_in_wrongly(person)
        person.fields = []
        self._is(person, None, "whoever gave a wrong password")
        self._told("authn_login_fail", "a wrong password", attempted_user="alice")

    def login_changes_the_id(self) -> Visitor:
        alice = Visitor(self.gateway)
        self.application.visit(alice)
        before, successes = alice.session, len(self.audit.records("authn_login_success"))
        self._log_in(alice, self.application.ALICE)
        assert alice.session, "alice has no session after her login"
        assert alice.session != before, "the login did not change the id"
        self._is(alice, "alice", "alice after her login")
        if before:
            self._is(self._thief(before), None, "the holder of the id of before the login")
        self.audit.wait_for("authn_login_success", successes + 1, user="alice")
        return alice

    def parallel_requests_are_all_hers(self, alice: Visitor) -> None:
        def look(number: int) -> Seen:
            return self.application.look(self._double(alice))

        with ThreadPoolExecutor(PARALLEL) as pool:
            seen = list(pool.map(look, range(PARALLEL)))
        assert seen == [Seen(200, "alice")] * PARALLEL, f"{PARALLEL} parallel requests: {seen}"

    def she_can_write(self, alice: Visitor) -> None:
        self.application.write(alice, NOTE)
        assert self.application.has_written(NOTE), "what alice wrote is not there"

    def the_backend_is_told_who_she_is(self, alice: Visitor) -> None:
        self.application.look(alice)
        assert self._names_told() == ["alice"], f"the backend was told {self._names_told()}"
        stranger = Visitor(self.gateway)
        for name in SPOOFED:
            for person, told in [(alice, ["alice"]), (stranger, [])]:
                double = self._double(person)
                double.fields = [*double.fields, (name, IMPOSTOR)]
                self.application.look(double)
                assert self._names_told() == told, f"a spoofed {name} made it {self._names_told()}"
        self._told("header_spoof_stripped", "spoofed headers")

    def logout_ends_her_session(self, alice: Visitor) -> None:
        old, ended = alice.session, len(self.audit.records("session_logout", user="alice"))
        self.application.log_out(alice)
        self.audit.wait_for("session_logout", ended + 1, user="alice")
        self._is(alice, None, "alice after her logout")
        replays = len(self.audit.records("session_use_after_expire"))
        self._is(self._thief(old), None, "the holder of the id of before the logout")
        self.audit.wait_for("session_use_after_expire", replays + 1)

    def a_second_user_never_shares_a_session(self) -> None:
        person = Visitor(self.gateway)
        self._log_in(person, self.application.ALICE)
        self._is(person, "alice", "alice before bob logs in at her browser")
        first = person.session
        self.application.log_in(person, self.application.BOB)
        self._only_cookies_that_may_be(person)
        over = self.application.over
        told = f"a session of alice in which bob logged in, which should be {over.value}"
        if over is Over.BECOMES:
            self._is(person, "bob", told)
            assert person.session != first, "bob has the id that alice had"
        elif over is Over.STAYS:
            self._is(person, "alice", told)
        else:
            person.fields = []
            self._is(person, None, told)
        if over is not Over.STAYS:
            self._is(self._thief(first), None, "the holder of the id that alice had before bob")

    def the_backend_never_saw_what_it_must_not(self) -> None:
        received = self.application.recorder.received()
        for secret in (CHOSEN.encode(), SESSION_COOKIE.encode(), IMPOSTOR.encode()):
            assert secret not in received, f"the backend was shown {secret.decode()}"
        failures = self.application.recorder.failures
        assert not failures, f"the backend was sent what no strict reader accepts: {failures}"

    def _log_in(self, person: Visitor, account: Account) -> None:
        self.application.log_in(person, account)
        self._only_cookies_that_may_be(person)

    def _log_in_wrongly(self, person: Visitor) -> None:
        alice = self.application.ALICE
        self._log_in(person, Account(alice.name, "not the password"))

    def _is(self, person: Visitor, user: str | None, who: str) -> None:
        """That application and gateway both take `person` for `user`."""
        seen = self.application.look(person)
        assert seen.user == user, f"{who} is {seen.user} for the application, not {user}"
        wanted = [user] if user else []
        assert self._names_told() == wanted, f"{who} is told to the backend as {self._names_told()}"
        self._only_cookies_that_may_be(person)

    def _names_told(self) -> list[str]:
        """The identity in the last request, whatever way its name is written there."""
        fields = self.application.recorder.requests[-1].fields
        folded = re.sub(r"\W|_", "", IDENTITY).lower()
        return [value for name, value in fields if re.sub(r"\W|_", "", name).lower() == folded]

    def _only_cookies_that_may_be(self, person: Visitor) -> None:
        beyond = set(person.cookies) - self._allowed
        assert not beyond, f"the browser was given {beyond}"

    def _forget_planted(self, victim: Visitor) -> None:
        """What is still as it was planted is the attacker's doing; what an answer replaced is not."""
        for name in self.application.cookies:
            if victim.cookies.get(name) == CHOSEN:
                del victim.cookies[name]

    def _thief(self, session: str | None) -> Visitor:
        """Somebody who has nothing but that id."""
        thief = Visitor(self.gateway)
        thief.plant(SESSION_COOKIE, session or "")
        return thief

    def _double(self, person: Visitor) -> Visitor:
        """Another tab of the same browser."""
        double = Visitor(self.gateway)
        double.cookies, double.fields = dict(person.cookies), list(person.fields)
        return double

    def _told(self, event: str, what: str, **fields: Any) -> None:
        self.audit.wait_for(event, **fields)
        assert self.audit.records(event, **fields), f"the audit does not tell of {what}"
