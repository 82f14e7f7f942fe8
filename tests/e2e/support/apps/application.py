"""What the story of login and logout asks of an application: the hands and eyes of a person."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

from support import http
from support.plain import PlainServer
from support.recorder import Recorder
from support.visitor import Visitor

EXAMPLES = Path(__file__).resolve().parents[4] / "config" / "examples"
SHIPPED_LISTENER, SHIPPED_BACKEND = "127.0.0.1:8443", "http://127.0.0.1:9000"


@dataclass(frozen=True)
class Account:
    name: str
    password: str


@dataclass(frozen=True)
class Seen:
    """A page of the application, and whom the application took its visitor for."""

    status: int
    user: str | None


class Over(enum.Enum):
    """What becomes of a session in which a second user logs in."""

    BECOMES = "the second user's, under a new id"
    STAYS = "the first user's: the second is refused"
    ENDS = "nobody's"


class Application(ABC):
    """A running, unmodified application and a recorder in front of it. Use it in a `with` statement.

    Its methods act for a `Visitor`, who may come through a gateway or straight to the application.
    """

    ALICE: ClassVar[Account] = Account("alice", "correct horse battery")
    BOB: ClassVar[Account] = Account("bob", "staple of the bob")

    policy: ClassVar[str]
    """The file in config/examples/ that protects it."""
    cookies: ClassVar[tuple[str, ...]]
    """The names of its cookies that an attacker might plant."""
    over: ClassVar[Over]
    """What becomes of a session in which a second user logs in."""
    has_sessions_before_login: ClassVar[bool] = True
    """Whether its first page sets a cookie, so that a stranger has a session with the gateway, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._running = ExitStack()
        try:
            self.port = self.start()
            self.recorder = self._running.enter_context(Recorder(self.port))
        except BaseException:
            self._running.close()
            raise

    @property
    def url(self) -> str:
        """Where a gateway finds it: at the recorder."""
        return self.recorder.url

    @property
    def direct_url(self) -> str:
        """Where it listens itself, past the recorder."""
        return f"http://127.0.0.1:{self.port}"

    def direct(self) -> PlainServer:
        """The way to it past gateway and recorder."""
        return PlainServer(self.port)

    @abstractmethod
    def start(self) -> int:
        """Starts it by means of `until_stopped` and returns its port."""

    @abstractmethod
    def visit(self, person: Visitor) -> http.Response:
        """The first page that somebody opens; where there is a form to log in, the page with the form."""

    @abstractmethod
    def log_in(self, person: Visitor, account: Account) -> http.Response:
        """Whatever a browser does between the form and the page behind it; the answer to the password."""

    @abstractmethod
    def look(self, person: Visitor) -> Seen:
        """A page that tells who the application believes to talk to."""

    @abstractmethod
    def write(self, person: Visitor, text: str) -> None:
        """Changes something that only a user may change."""

    @abstractmethod
    def has_written(self, text: str) -> bool:
        """Whether `write(person, text)` had its effect: looked up behind the gateway."""

    @abstractmethod
    def log_out(self, person: Visitor) -> http.Response:
        """Ends the session as a person would."""

    def until_stopped(self, resource: Any) -> Any:
        """Ends `resource` when the application is stopped."""
        return self._running.enter_context(resource)

    def logs(self) -> dict[str, str]:
        """What it and its servers wrote: name of the file → text."""
        files = sorted(self.folder.glob("*.log"))
        return {file.name: file.read_text(errors="replace") for file in files}

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> "Application":
        return self

    def __exit__(self, kind: type | None, error: Any, trace: TracebackType | None) -> None:
        self.stop()

    def shipped_policy(self) -> str:
        """The shipped example for it, with a free port and its own address."""
        text = (EXAMPLES / self.policy).read_text()
        for shipped, ours in [(SHIPPED_LISTENER, "127.0.0.1:0"), (SHIPPED_BACKEND, self.url)]:
            assert text.count(shipped) == 1, f"{shipped} stands {text.count(shipped)} times"
            text = text.replace(shipped, ours)
        return text


StartApplication = Callable[[type[Application]], Application]
LearningStep = tuple[str, Callable[[Visitor], object]]


def learning_steps(application: Application) -> Iterator[LearningStep]:
    """What `sallyport learn` asks a person to do, in its order; one `Visitor` does all of it."""
    alice = application.ALICE
    yield "visit", application.visit
    yield "fail", lambda person: application.log_in(person, Account(alice.name, "not the password"))
    yield "login", lambda person: application.log_in(person, alice)
    yield "page", application.look
    yield "logout", application.log_out
