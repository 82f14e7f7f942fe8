"""Fixtures of the end-to-end tests; README.md beside this file shows how to use them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from support.apps.application import Application, StartApplication
from support.apps.story import RunStory, Story
from support.backend import FakeBackend
from support.dokuwiki import DokuWiki, dokuwiki_policy
from support.gateway import Gateway
from support.pki import Pki, make_pki
from support.policy import Policy, basic_policy

StartGateway = Callable[..., Gateway]


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A certificate authority and a server certificate, made once per run."""
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def backend() -> Iterator[FakeBackend]:
    """A scriptable backend on a free port. What went wrong in it fails the test, too."""
    with FakeBackend() as running:
        yield running
        assert running.failures_are_expected or running.failures == []


@pytest.fixture
def start_gateway(
    request: pytest.FixtureRequest, tmp_path: Path, pki: Pki
) -> Iterator[StartGateway]:
    """Starts gateways: `start_gateway(policy)`. Each must end with exit code 0 after the test."""
    running: list[Gateway] = []
    request.node.gateways = running
    with ExitStack() as ended:

        def start(policy: Policy | str) -> Gateway:
            folder = tmp_path / f"gateway{len(running)}"
            running.append(ended.enter_context(Gateway(folder, pki, policy)))
            return running[-1]

        yield start


@pytest.fixture
def gateway(start_gateway: StartGateway, backend: FakeBackend) -> Gateway:
    """A gateway with `basic_policy` in front of `backend`."""
    return start_gateway(basic_policy(backend.url))


@pytest.fixture
def wiki(tmp_path: Path) -> Iterator[DokuWiki]:
    """An unmodified DokuWiki on a free port, which can also echo request headers."""
    with DokuWiki(tmp_path / "wiki") as running:
        running.add_header_echo()
        yield running


@pytest.fixture
def wiki_gateway(start_gateway: StartGateway, wiki: DokuWiki) -> Gateway:
    """A gateway on the policy that deploy/ ships, in front of `wiki`."""
    return start_gateway(dokuwiki_policy(wiki.url))


@pytest.fixture
def start_application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartApplication]:
    """Starts unmodified applications: `start_application(Adminer)`. A failed test shows their logs."""
    running: list[Application] = []
    request.node.applications = running
    with ExitStack() as ended:

        def start(kind: type[Application]) -> Application:
            folder = tmp_path / f"application{len(running)}"
            running.append(ended.enter_context(kind(folder)))
            return running[-1]

        yield start


@pytest.fixture
def run_story(start_gateway: StartGateway) -> RunStory:
    """`run_story(application, policy_text)` tells the whole story behind a gateway on that policy."""

    def run(application: Application, policy: Policy | str, **particulars: Any) -> None:
        Story(application, start_gateway(policy), **particulars).tell()

    return run


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test shows what its gateways were told, wrote and audited."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed:
        for gateway in getattr(item, "gateways", []):
            policy = gateway.policy_file.read_text()
            report.sections.append((f"policy of {gateway.folder.name}", policy))
            report.sections.append((f"log of {gateway.folder.name}", gateway.log()))
            report.sections.append((f"audit of {gateway.folder.name}", gateway.audit.text()))
        for application in getattr(item, "applications", []):
            report.sections.extend(application.logs().items())
