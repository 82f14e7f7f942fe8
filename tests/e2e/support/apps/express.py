"""The guest book in tests/e2e/apps/express: express-session with each option at its default."""

import json
import re
from pathlib import Path

from support import http
from support.apps.application import Account, Application, Over, Seen
from support.process import Server, wait_until_it_says
from support.visitor import Visitor

FOLDER = Path(__file__).resolve().parents[2] / "apps" / "express"
LISTENING = "listening on "


class ExpressSession(Application):
    policy = "express-session.yaml"
    cookies = ("connect.sid",)
    over = Over.BECOMES

    def start(self) -> int:
        assert (FOLDER / "node_modules").exists(), f"run `npm ci` in {FOLDER} first"
        server = Server(["node", FOLDER / "application.js"], self.folder / "node.log")
        self.until_stopped(server)
        wait_until_it_says(LISTENING, server)
        port = re.search(rf"{LISTENING}(\d+)", server.output())
        assert port, f"the guest book does not start:\n{server.output()}"
        return int(port[1])

    def visit(self, person: Visitor) -> http.Response:
        return person.get("/login")

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        self.visit(person)
        return person.post_form("/login", {"user": account.name, "password": account.password})

    def look(self, person: Visitor) -> Seen:
        page = person.get("/")
        return Seen(page.status, json.loads(page.body)["user"])

    def write(self, person: Visitor, text: str) -> None:
        person.post_form("/entries", {"text": text})

    def has_written(self, text: str) -> bool:
        entries = json.loads(Visitor(self.direct()).get("/").body)["entries"]
        return {"by": self.ALICE.name, "text": text} in entries

    def log_out(self, person: Visitor) -> http.Response:
        return person.post_form("/logout", {})
