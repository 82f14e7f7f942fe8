"""DokuWiki in the story of login and logout: strangers read, users edit."""

import subprocess

from support import http
from support.apps.application import Account, Application, Over, Seen
from support.apps.page import between, field
from support.dokuwiki import DokuWiki
from support.visitor import Visitor

START = "/doku.php?id=start"
HASH = "echo password_hash(stream_get_contents(STDIN), PASSWORD_BCRYPT);"


class DokuWikiApplication(Application):
    policy = "dokuwiki.yaml"
    cookies = ("DokuWiki",)
    over = Over.BECOMES

    def start(self) -> int:
        self._wiki: DokuWiki = self.until_stopped(DokuWiki(self.folder / "wiki"))
        self._add(self.BOB)
        return self._wiki.port

    def visit(self, person: Visitor) -> http.Response:
        return person.get(f"{START}&do=login")

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        token = field(self.visit(person).body, "sectok")
        form = {"sectok": token, "id": "start", "do": "login", "u": account.name, "p": account.password}
        return person.post_form(START, form)

    def look(self, person: Visitor) -> Seen:
        page = person.get(START)
        name = between(page.body, '<li class="user">Logged in as: ', "</li>") or ""
        return Seen(page.status, between(name.encode(), "(<bdi>", "</bdi>)"))

    def write(self, person: Visitor, text: str) -> None:
        page = person.get(f"{START}&do=edit").body
        hidden = ("sectok", "rev", "date", "prefix", "suffix", "changecheck", "target")
        form = {name: field(page, name) for name in hidden}
        person.post_form(START, {**form, "id": "start", "wikitext": text, "do[save]": "Save"})

    def has_written(self, text: str) -> bool:
        return text in self._wiki.page("start")

    def log_out(self, person: Visitor) -> http.Response:
        token = field(person.get(f"{START}&do=edit").body, "sectok")
        return person.get(f"{START}&do=logout&sectok={token}")

    def logs(self) -> dict[str, str]:
        return {"dokuwiki": self._wiki.log()}

    def _add(self, account: Account) -> None:
        hashed = subprocess.run(
            ["php", "-r", HASH], input=account.password, capture_output=True, text=True, check=True
        ).stdout
        with (self._wiki.folder / "conf" / "users.auth.php").open("a") as users:
            users.write(f"{account.name}:{hashed}:{account.name.title()}:{account.name}@example.org:user\n")
