"""What phpMyAdmin and Adminer have in common: they show one MariaDB to its users, and keep notes in it."""

from support.apps.application import Application
from support.apps.mariadb import MariaDb


class DatabaseApplication(Application):
    """Users of the application are users of the database."""

    def start_database(self) -> MariaDb:
        self.database: MariaDb = self.until_stopped(MariaDb(self.folder / "mariadb", self._first()))
        return self.database

    def has_written(self, text: str) -> bool:
        rows = self.database.ask(
            "SELECT author, text FROM notes.entries", self.ALICE.name, self.ALICE.password
        )
        return f"{self.ALICE.name}@localhost\t{text}" in rows.splitlines()

    @staticmethod
    def insertion(text: str) -> str:
        """A statement that writes `text` together with the database's own name for whoever runs it."""
        return f"INSERT INTO notes.entries VALUES (CURRENT_USER(), '{text}')"

    @classmethod
    def _first(cls) -> list[str]:
        users = [
            f"GRANT ALL ON *.* TO '{account.name}'@'localhost' IDENTIFIED BY '{account.password}'"
            for account in (cls.ALICE, cls.BOB)
        ]
        table = "CREATE TABLE notes.entries (author VARCHAR(64), text VARCHAR(255))"
        return [*users, "CREATE DATABASE notes", table]
