"""Tomcat's manager: Basic authentication, forms that are tied to the session, and no way to log out."""

import base64
import itertools
import re

from support import http
from support.apps.application import Account, Over, Seen
from support.apps.page import between
from support.apps.tomcat import EXAMPLES, MANAGER, TomcatApplication
from support.visitor import Visitor

PAGE = "/manager/html"


class TomcatManager(TomcatApplication):
    policy = "tomcat-manager.yaml"
    cookies = ("JSESSIONID",)
    over = Over.BECOMES
    has_sessions_before_login = False
    contexts = {**EXAMPLES, **MANAGER}
    roles = "manager-gui"

    def start(self) -> int:
        self._numbers = itertools.count()
        return super().start()

    def visit(self, person: Visitor) -> http.Response:
        return person.get(PAGE)

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        """From now on the browser sends the password with each request."""
        credentials = base64.b64encode(f"{account.name}:{account.password}".encode()).decode()
        person.fields = [("Authorization", f"Basic {credentials}")]
        return person.get(PAGE)

    def look(self, person: Visitor) -> Seen:
        """No page names its user; the access log does, and a number tells the requests apart."""
        target = f"{PAGE}?look={next(self._numbers)}"
        status = person.get(target).status
        return Seen(status, self.user_who_asked(f"GET {target} HTTP/1.1"))

    def write(self, person: Visitor, text: str) -> None:
        """Expires the sessions of the examples, of which there is at least one: with the page's token."""
        Visitor(self.direct()).get("/examples/servlets/servlet/SessionExample")
        assert self._sessions(person) != "0"
        form = 'action="&#47;manager&#47;html&#47;expire?path=&#47;examples'
        action = between(person.get(PAGE).body, form, '"')
        assert action, "the page has no form to expire sessions"
        person.post_form(f"{PAGE}/expire?path=/examples{action}", {"idle": "0"})
        self._left = self._sessions(person)

    def has_written(self, text: str) -> bool:
        return self._left == "0"

    def log_out(self, person: Visitor) -> http.Response:
        """The policy has a way; the browser is closed, which makes it forget the password."""
        answer = person.get("/manager/logout")
        person.fields = []
        return answer

    def _sessions(self, person: Visitor) -> str | None:
        """How many sessions of the examples the page shows."""
        row = between(person.get(PAGE).body, "html&#47;sessions?path=&#47;examples", "</a>") or ""
        count = re.search(r'">(\d+)$', row)
        return count[1] if count else None
