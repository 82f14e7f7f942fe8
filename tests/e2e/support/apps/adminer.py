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
        """Asks for each user's pages: two that are shown in one session would be a mixture."""
        pages = [person.get(f"/?username={account.name}") for account in (self.ALICE, self.BOB)]
        users = [between(page.body, "Logged as: <b>", "@localhost</b>") for page in pages]
        shown = [(page, user) for page, user in zip(pages, users, strict=True) if user]
        assert len(shown) < 2, "one session shows the pages of alice and of bob"
        page, user = shown[0] if shown else (pages[0], None)
        return Seen(page.status, user)

    def write(self, person: Visitor, text: str) -> None:
        target = f"/?username={self.ALICE.name}&db=notes&sql="
        form = {"query": self.insertion(text), "token": field(person.get(target).body, "token")}
        person.post_form(target, form)

    def log_out(self, person: Visitor) -> http.Response:
        target = f"/?username={self.ALICE.name}"
        form = {"logout": "Logout", "token": _token_beside_logout(person.get(target).body)}
        return person.post_form(target, form)


def _token_beside_logout(page: bytes) -> str:
    """The page has tokens for other forms, too; each of them would do."""
    assert re.search(rb"""name=["']logout["']""", page), "the page has no button to log out"
    return field(page, "token")
