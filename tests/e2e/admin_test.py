"""`sallyport sessions` and the socket behind it (REV-004, ADM-001, ADM-003)."""

import json
import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.backend import FakeBackend, backend_with_login
from support.gateway import Gateway, run_sallyport
from support.policy import Policy, guarded_policy
from support.visitor import Visitor
from support.wait import PATIENCE

StartGateway = Callable[..., Gateway]


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    backend_with_login(backend, "APP=1; Path=/")
    policy = guarded_policy(backend.url)
    policy["admin"] = {"socket": "admin.sock"}
    return policy


@pytest.fixture
def gateway(start_gateway: StartGateway, policy: Policy) -> Gateway:
    return start_gateway(policy)


def socket_of(gateway: Gateway) -> Path:
    return gateway.folder / "admin.sock"


def sessions(gateway: Gateway, *arguments: str, code: int = 0) -> str:
    done = run_sallyport("sessions", *arguments, "--config", gateway.policy_file)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr or done.stdout


def listed(gateway: Gateway, *arguments: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in sessions(gateway, "list", "--json", *arguments).splitlines()]


def household(gateway: Gateway) -> dict[str, list[Visitor]]:
    """Two users with two browsers each."""
    visitors: dict[str, list[Visitor]] = {"alice": [], "bob": []}
    for user, browsers in visitors.items():
        for source in ("127.0.0.1", "127.0.1.1"):
            browsers.append(Visitor(gateway, source=source))
            assert browsers[-1].log_in(user).status == 302
    return visitors


def statuses(visitors: list[Visitor]) -> list[int]:
    return [visitor.get("/app").status for visitor in visitors]


def test_sessions_are_listed_and_shown_without_a_secret(gateway: Gateway) -> None:
    visitors = household(gateway)

    text = sessions(gateway, "list")
    rows = listed(gateway, "--user", "alice")

    assert text.splitlines()[0].split()[:2] == ["SESSION", "USER"] and len(text.splitlines()) == 5
    assert [row["user"] for row in rows] == ["alice", "alice"]
    assert {row["last"] for row in rows} == {"127.0.0.1", "127.0.1.1"}
    shown = sessions(gateway, "show", rows[0]["session"])
    assert rows[0]["session"] in shown and "alice" in shown
    for visitor in visitors["alice"] + visitors["bob"]:
        for part in str(visitor.session).split(".")[2:]:
            assert part not in text + shown + gateway.audit.text()
    assert "no sessions" in sessions(gateway, "show", "0" * 32, code=1)


def test_a_user_is_put_out_everywhere_at_once(gateway: Gateway) -> None:
    visitors = household(gateway)

    told = sessions(gateway, "revoke", "--user", "alice", "--reason", "lost phone")

    assert told.startswith("revoked 2 sessions\n")
    assert statuses(visitors["alice"]) == [401, 401]
    assert statuses(visitors["bob"]) == [200, 200]
    (record,) = gateway.audit.records("authz_admin")
    assert (record["action"], record["selection"], record["why"]) == ("revoke", "user=alice", "lost phone")
    assert (record["sessions_before"], record["sessions_after"], record["dry_run"]) == ("2", "0", "no")
    assert f"uid {os.geteuid()}" in record["actor"]
    assert {r["user"] for r in gateway.audit.records("session_revoked")} == {"alice"}
    assert len(gateway.audit.records("session_use_after_expire", reason="revoked")) == 2


def test_a_rehearsal_changes_nothing(gateway: Gateway) -> None:
    visitors = household(gateway)

    told = sessions(gateway, "revoke", "--everything", "--dry-run")

    assert told.startswith("would revoke 4 sessions\n")
    assert statuses(visitors["alice"] + visitors["bob"]) == [200] * 4
    (record,) = gateway.audit.records("authz_admin")
    assert (record["dry_run"], record["sessions_before"], record["sessions_after"]) == ("yes", "4", "4")


@pytest.mark.parametrize(
    "arguments, alice, bob",
    [
        (["--network", "127.0.1.0/24"], [200, 401], [200, 401]),
        (["--network", "127.0.1.0/24", "--user", "bob"], [200, 200], [200, 401]),
        (["--created-before", "1h"], [200, 200], [200, 200]),
        (["--created-before", "2100-01-01T00:00:00Z"], [401, 401], [401, 401]),
        (["--everything"], [401, 401], [401, 401]),
    ],
)
def test_what_is_meant_can_be_said_in_many_ways(
    gateway: Gateway, arguments: list[str], alice: list[int], bob: list[int]
) -> None:
    visitors = household(gateway)

    sessions(gateway, "revoke", *arguments)

    assert statuses(visitors["alice"]) == alice
    assert statuses(visitors["bob"]) == bob


@pytest.mark.parametrize("option", ["--session", "--family"])
def test_one_session_goes_by_its_handle(gateway: Gateway, option: str) -> None:
    visitors = household(gateway)
    (row,) = listed(gateway, "--user", "alice", "--network", "127.0.1.1")

    sessions(gateway, "revoke", option, row["session"])

    assert statuses(visitors["alice"]) == [200, 401]


@pytest.mark.parametrize(
    "arguments",
    [
        ["revoke"],
        ["revoke", "--network", "127.0.1.0/33"],
        ["revoke", "--created-before", "yesterday"],
        ["revoke", "--created-before", "2026-02-30T00:00:00Z"],
        ["list", "--session", "x"],
        ["show"],
        ["end"],
        [],
    ],
)
def test_what_makes_no_sense_ends_nothing(gateway: Gateway, arguments: list[str]) -> None:
    visitors = household(gateway)

    done = run_sallyport("sessions", *arguments, *(["--config", gateway.policy_file] if arguments else []))

    assert done.returncode == 2 and done.stderr
    assert statuses(visitors["alice"] + visitors["bob"]) == [200] * 4


def test_every_command_explains_itself() -> None:
    for command in ([], ["list"], ["show"], ["revoke"]):
        done = run_sallyport("sessions", *command, "--help")
        assert done.returncode == 0 and "--help" in done.stdout
    assert "Exit codes" in run_sallyport("sessions", "--help").stdout


def test_nobody_to_ask_is_said(tmp_path: Path) -> None:
    done = run_sallyport("sessions", "list", "--socket", tmp_path / "none.sock")

    assert done.returncode == 3 and "none.sock" in done.stderr


def test_the_socket_is_the_owners_alone_and_goes_with_the_process(gateway: Gateway) -> None:
    status = socket_of(gateway).stat()

    assert stat.S_ISSOCK(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o600
    gateway.stop()
    assert not socket_of(gateway).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_is_not_let_in_even_where_the_file_lets_him(gateway: Gateway) -> None:
    os.chmod(socket_of(gateway), 0o666)
    for folder in [gateway.folder, *gateway.folder.parents]:
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            os.chmod(folder, 0o755)

    ask = (
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(20);"
        "s.connect(sys.argv[1]); s.sendall(b'list everything=1\\n'); print(s.recv(100))"
    )
    done = subprocess.run(
        ["/usr/bin/python3", "-c", ask, str(socket_of(gateway))],
        user=65534, group=65534, extra_groups=[], capture_output=True, text=True, timeout=PATIENCE, check=False,
    )

    assert "b'ok" not in done.stdout
    gateway.audit.wait_for("authz_fail", reason="admin_refused")


def test_garbage_and_silence_disturb_nobody(gateway: Gateway) -> None:
    alice = Visitor(gateway)
    alice.log_in()
    silent = []
    for said in (b"", b"\x00\xff\n", b"x" * 8192, b"list limit=-1\n", b"list user=%zz\n"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(PATIENCE)
        link.connect(str(socket_of(gateway)))
        link.sendall(said)
        if said.endswith(b"\n"):
            assert link.recv(100).startswith(b"error ")
        silent.append(link)

    assert alice.get("/app").status == 200
    assert len(listed(gateway)) == 1
    for link in silent:
        link.close()


def test_a_stale_socket_is_replaced_and_a_live_one_is_not(
    start_gateway: StartGateway, policy: Policy, tmp_path: Path
) -> None:
    place = tmp_path / "one.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(place))
    policy["admin"]["socket"] = str(place)
    start_gateway(policy)

    with pytest.raises(AssertionError, match="somebody answers there already"):
        start_gateway(policy)

    place_of_a_file = tmp_path / "file"
    place_of_a_file.write_text("mine")
    policy["admin"]["socket"] = str(place_of_a_file)
    with pytest.raises(AssertionError, match="something else of that name"):
        start_gateway(policy)
    assert place_of_a_file.read_text() == "mine"
