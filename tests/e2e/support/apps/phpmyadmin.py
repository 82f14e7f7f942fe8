"""phpMyAdmin from Debian's package, with configuration, data and a MariaDB of its own."""

import re
import shutil
from pathlib import Path

from support import http
from support.apps.application import Account, Over, Seen
from support.apps.databases import DatabaseApplication
from support.apps.page import between, field
from support.apps.php import serve_php
from support.visitor import Visitor

PACKAGED = Path("/usr/share/phpmyadmin")
HOME = "/index.php?route=/"


class PhpMyAdmin(DatabaseApplication):
    policy = "phpmyadmin.yaml"
    cookies = ("phpMyAdmin", "pmaAuth-1", "pmaUser-1", "phpMyAdmin_https", "pmaAuth-1_https")
    over = Over.ENDS

    def start(self) -> int:
        database = self.start_database()
        tree = self.folder / "tree"
        shutil.copytree(PACKAGED, tree)
        self._configure(tree, database.socket)
        port, server = serve_php(self.folder, tree, {})
        self.until_stopped(server)
        return port

    def visit(self, person: Visitor) -> http.Response:
        return person.get(HOME)

    def log_in(self, person: Visitor, account: Account) -> http.Response:
        page = self.visit(person).body
        form = {"route": "/", "lang": "en", "token": field(page, "token"), "server": "1"}
        if b"set_session" in page:
            form["set_session"] = field(page, "set_session")
        credentials = {"pma_username": account.name, "pma_password": account.password}
        return person.post_form(HOME, {**form, **credentials})

    def look(self, person: Visitor) -> Seen:
        page = person.get(HOME)
        name = between(page.body, "User: ", "@localhost")
        return Seen(page.status, name.strip() if name else None)

    def write(self, person: Visitor, text: str) -> None:
        form = {"token": self._token(person), "ajax_request": "true", "db": "notes"}
        person.post_form("/index.php?route=/import", {**form, "sql_query": self.insertion(text)})

    def log_out(self, person: Visitor) -> http.Response:
        return person.post_form("/index.php?route=/logout", {"token": self._token(person)})

    def _token(self, person: Visitor) -> str:
        return field(person.get(HOME).body, "token")

    def _configure(self, tree: Path, socket: Path) -> None:
        """vendor_config.php is there to name other places for the configuration and for cached files."""
        configuration = self.folder / "config.inc.php"
        configuration.write_text(
            "<?php\n$cfg['blowfish_secret'] = 'thirty-two bytes, as it shall be';\n"
            "$cfg['Servers'][1]['auth_type'] = 'cookie';\n$cfg['Servers'][1]['host'] = 'localhost';\n"
            f"$cfg['Servers'][1]['socket'] = '{socket}';\n"
        )
        vendor = tree / "libraries" / "vendor_config.php"
        text = vendor.read_text()
        for key, place in [("configFile", configuration), ("tempDir", f"{self.folder / 'tmp'}/")]:
            text, count = re.subn(rf"('{key}' => )'[^']*'", rf"\g<1>'{place}'", text)
            assert count == 1, f"{vendor} names {key} {count} times"
        vendor.write_text(text)
