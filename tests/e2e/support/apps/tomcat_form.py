"""Tomcat's example of FORM authentication: a page that only users see, and notes in their session."""

from urllib.parse import urlencode

from support import http
from support.apps.application import Account, Over, Seen
from support.apps.page import between
from support.apps.tomcat import EXAMPLES, TomcatApplication
from support.visitor import Visitor

FOLDER = "/examples/jsp/security/protected"
PAGE = f"{FOLDER}/index.jsp"


class TomcatForm(TomcatApplication):
    policy = "tomcat-form.yaml"
    cookies = ("JSESSIONID",)
    over = Over.STAYS
    contexts = EXAMPLES
    roles = "tomcat"

    def visit(self, person: Visitor) -> http.Response:
        return person.get(PAGE)

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        """Posts to the address that the form names: it may carry a session id, as in a browser."""
        action = between(self.visit(person).body, 'method="POST" action=\'', "'")
        form = {"j_username": account.name, "j_password": account.password}
        return person.post_form(f"{FOLDER}/{action or 'j_security_check'}", form)

    def look(self, person: Visitor) -> Seen:
        page = person.get(PAGE)
        return Seen(page.status, between(page.body, "You are logged in as remote user\n<b>", "</b>"))

    def write(self, person: Visitor, text: str) -> None:
        query = urlencode({"dataName": "note", "dataValue": text})
        self._page = person.get(f"{PAGE}?{query}").body
        self._page = person.get(PAGE).body

    def has_written(self, text: str) -> bool:
        """It is nowhere but in the session: the page that was asked for afterwards must have it."""
        return between(self._page, "<td>note</td>\n  <td>", "</td>") == text

    def log_out(self, person: Visitor) -> http.Response:
        return person.get(f"{PAGE}?logoff=true")
