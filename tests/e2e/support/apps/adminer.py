"""Adminer from Debian's package: one PHP file, with a MariaDB of its own.

One session of Adminer holds several users at once: the address says who is meant.
"""

import re
import shutil
from pathlib import Path

from support import http
from support.apps.application import Account, Over, Seen
from support.apps.databases import DatabaseApplication
from support.apps.page import between, field
from support.apps.php import serve_php
from support.visitor import Visitor

PACKAGED = Path("/usr/share/adminer/adminer.php")


class Adminer(DatabaseApplication):
    policy = "adminer.yaml"
    cookies = ("adminer_sid", "adminer_key", "adminer_permanent")
    over = Over.BECOMES

    def start(self) -> int:
        database = self.start_database()
        tree = self.folder / "tree"
        tree.mkdir()
        shutil.copy(PACKAGED, tree / "index.php")
        settings = {"mysqli.default_socket": database.socket}
        port, server = serve_php(self.folder, tree, settings)
        self.until_stopped(server)
        return port

    def visit(self, person: Visitor) -> http.Response:
        return person.get("/")

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        """Right and wrong passwords are redirected alike, so that a browser asks once more."""
        self.visit(person)
        names = {"driver": "server", "server": "", "db": ""}
        credentials = {**names, "username": account.name, "password": account.password}
        answer = person.post_form("/", {f"auth[{name}]": value for name, value in credentials.items()})
        location = answer.get("Location")
        assert location, f"Adminer answers a password with {answer.status} and no redirect"
        person.get(f"/{location}" if location.startswith("?") else location)
        return answer

    def look(self, person: Visitor) -> Seen:
        """Asks for the pages of all users that the form offers to go on as: two would be a mixture.

        It does not guess: Adminer counts the address of somebody who is not logged in as a wrong password.
        """
        form = self.visit(person)
        offered = between(form.body, "<ul id='logins'>", "</ul>") or ""
        names = sorted(set(re.findall(r"username=(\w+)", offered)))
        pages = [person.get(f"/?username={name}") for name in names]
        shown = [page for page in pages if _user_of(page)]
        assert len(shown) < 2, f"one session shows the pages of {' and of '.join(names)}"
        return Seen(shown[0].status, _user_of(shown[0])) if shown else Seen(form.status, None)

    def write(self, person: Visitor, text: str) -> None:
        target = f"/?username={self.ALICE.name}&db=notes&sql="
        form = {"query": self.insertion(text), "token": field(person.get(target).body, "token")}
        person.post_form(target, form)

    def log_out(self, person: Visitor) -> http.Response:
        target = f"/?username={self.ALICE.name}"
        form = {"logout": "Logout", "token": _token_beside_logout(person.get(target).body)}
        return person.post_form(target, form)


def _user_of(page: http.Response) -> str | None:
    return between(page.body, "Logged as: <b>", "@localhost</b>")


def _token_beside_logout(page: bytes) -> str:
    """The page has tokens for other forms, too; each of them would do."""
    assert re.search(rb"""name=["']logout["']""", page), "the page has no button to log out"
    return field(page, "token")
