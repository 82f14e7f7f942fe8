"""The command line: exit codes 0 to 3, what stands on which stream, and that a policy which is
not accepted starts nothing (CFG-001)."""

import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.backend import FakeBackend
from support.gateway import Gateway, run_sallyport, write_policy
from support.pki import Pki
from support.policy import Policy, basic_policy, to_yaml

StartGateway = Callable[..., Gateway]
Done = subprocess.CompletedProcess[str]

GOOD, BAD_POLICY, BAD_USAGE, CANNOT_RUN = range(4)
COMPLAINT = re.compile(r"(?P<file>[^:]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): (?P<text>\S.*)")


@pytest.fixture
def policy() -> Policy:
    return basic_policy("http://127.0.0.1:9")


def run_once(folder: Path, file: Path) -> Done:
    """`run` on a policy with which it cannot go on running."""
    return run_sallyport("run", "--config", file, "--ready-file", folder / "ready.json")


def complaints(done: Done) -> list[tuple[int, int, str]]:
    """Line, column and text of every complaint; the last line of standard error counts them."""
    *lines, last = done.stderr.splitlines()
    found = [COMPLAINT.fullmatch(line) for line in lines]
    assert all(found), done.stderr
    noun = "complaint" if len(lines) == 1 else "complaints"
    assert last == f"{len(lines)} {noun}; nothing was started"
    return [(int(each["line"]), int(each["column"]), each["text"]) for each in found if each]


def test_version_says_which_sallyport_and_which_openssl() -> None:
    done = run_sallyport("version")

    assert (done.returncode, done.stderr) == (GOOD, "")
    assert re.fullmatch(r"sallyport \d+\.\d+\.\d+\nOpenSSL 3\.\S+ .+\n", done.stdout)


@pytest.mark.parametrize("command", [[], ["run"], ["check"], ["learn"], ["version"]], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_there_for_everything(command: list[str], option: str) -> None:
    done = run_sallyport(*command, option)

    assert (done.returncode, done.stderr) == (GOOD, "")
    assert f"Usage: {' '.join(['sallyport', *command])}" in done.stdout
    assert "Exit codes: 0 success, 1 the policy file is not accepted, 2 wrong usage" in done.stdout


def test_help_names_every_command_and_option() -> None:
    everything = run_sallyport("--help").stdout
    run = run_sallyport("run", "--help").stdout

    assert all(re.search(rf"^  {name} +\S", everything, re.MULTILINE) for name in ("run", "check", "learn", "version"))
    assert "--config" in run and "--ready-file" in run


WRONG_USAGE = {
    "nothing": [],
    "an unknown command": ["serve"],
    "an unknown option": ["version", "--verbose"],
    "run without a policy": ["run"],
    "run with an option that lacks its value": ["run", "--config"],
    "check without a policy": ["check"],
    "learn from nothing": ["learn"],
    "learn with an option that lacks its value": ["learn", "--from"],
    "check with two policies": ["check", "a.yaml", "b.yaml"],
    "two commands": ["version", "check"],
}


@pytest.mark.parametrize("arguments", WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage_is_told_with_a_way_out(arguments: list[str]) -> None:
    done = run_sallyport(*arguments)

    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    assert done.stderr.splitlines()[-1] == "Run with --help for more information."
    assert len(done.stderr.splitlines()) > 1


def test_check_accepts_a_good_policy_and_says_so(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    file = write_policy(tmp_path, pki, policy)

    done = run_sallyport("check", file)

    assert (done.returncode, done.stdout, done.stderr) == (GOOD, f"{file}: ok\n", "")
    assert not (tmp_path / "audit.jsonl").exists()


def test_check_needs_no_certain_folder(
    tmp_path: Path, pki: Pki, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of files begin in the folder of the policy, wherever one stands."""
    write_policy(tmp_path / "etc", pki, policy)
    monkeypatch.chdir(tmp_path)

    assert run_sallyport("check", "etc/policy.yaml").stdout == "etc/policy.yaml: ok\n"


def test_every_complaint_comes_at_once_and_with_its_place(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    """CFG-001: from all steps of the reading, in the order of the file."""
    policy["version"] = 2
    policy["listeners"][0]["tls"]["key"] = "missing.key"
    policy["session"]["idle_timeout"] = 30
    policy["session"]["sto"] = "memory"
    policy["routes"][0]["backend"] = "ap"
    del policy["routes"][0]["host"]
    file = write_policy(tmp_path, pki, policy)

    for done in (run_sallyport("check", file), run_once(tmp_path, file)):
        assert (done.returncode, done.stdout) == (BAD_POLICY, "")
        found = complaints(done)
        assert len(found) == 6 and found == sorted(found)
        for key in ("version", "tls.key", "idle_timeout", "sto", "backend", "host"):
            assert sum(bool(re.search(rf"\b{re.escape(key)}\b", text)) for *_, text in found) >= 1, key
        assert all(line.startswith(f"{file}:") for line in done.stderr.splitlines()[:-1])


def test_a_complaint_points_at_the_very_spot(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    text = to_yaml(policy).replace("idle_timeout:", "idle_timeuot:")
    file = write_policy(tmp_path, pki, text)

    [(line, column, sentence)] = complaints(run_sallyport("check", file))

    assert text.splitlines()[line - 1][column - 1 :].startswith("idle_timeuot:")
    assert sentence == "session.idle_timeuot is an unknown key; did you mean `idle_timeout`?"


NOT_A_POLICY = {
    "not YAML": "version: [1\n",
    "two documents": "version: 1\n---\nversion: 1\n",
    "a key twice": "version: 1\nversion: 1\n",
    "a NUL": "version: 1\0\n",
    "a list": "- version: 1\n",
}


@pytest.mark.parametrize("text", NOT_A_POLICY.values(), ids=NOT_A_POLICY)
def test_what_is_no_policy_is_told_where(tmp_path: Path, pki: Pki, text: str) -> None:
    file = write_policy(tmp_path, pki, text)

    for done in (run_sallyport("check", file), run_once(tmp_path, file)):
        assert (done.returncode, done.stdout) == (BAD_POLICY, "")
        assert complaints(done)


def test_an_empty_policy_is_not_accepted(tmp_path: Path, pki: Pki) -> None:
    """There is no place in it to point at."""
    file = write_policy(tmp_path, pki, "")

    for done in (run_sallyport("check", file), run_once(tmp_path, file)):
        assert done.returncode == BAD_POLICY
        assert done.stderr == f"{file}: the policy has no value\n1 complaint; nothing was started\n"


@pytest.mark.parametrize("command", [["check"], ["run", "--config"]], ids=["check", "run"])
def test_a_policy_that_cannot_be_read_is_not_accepted(tmp_path: Path, command: list[str]) -> None:
    for file in (tmp_path / "nowhere.yaml", tmp_path):
        done = run_sallyport(*command, file)

        assert (done.returncode, done.stdout) == (BAD_POLICY, "")
        first, last = done.stderr.splitlines()
        assert first.startswith(f"{file}: cannot be read: ")
        assert last == "1 complaint; nothing was started"


def test_a_bad_policy_starts_nothing(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    """Not on the good part of it either: no listener, no ready file, no audit file."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    policy["listeners"][0]["address"] = f"127.0.0.1:{port}"
    policy["session"]["idle_timeout"] = "0s"
    file = write_policy(tmp_path, pki, policy)

    assert run_once(tmp_path, file).returncode == BAD_POLICY

    assert not (tmp_path / "ready.json").exists() and not (tmp_path / "audit.jsonl").exists()
    with socket.create_server(("127.0.0.1", port)):
        pass  # The port is as free as it was.


@pytest.mark.parametrize("name, mode", [("session.key", 0o640), ("session.key", 0o604), ("tls.key", 0o644)])
def test_a_key_that_others_may_read_starts_nothing(
    tmp_path: Path, pki: Pki, policy: Policy, name: str, mode: int
) -> None:
    """CFG-005, TLS-008; and the complaint says what to do."""
    file = write_policy(tmp_path, pki, policy)
    (tmp_path / name).chmod(mode)

    done = run_once(tmp_path, file)

    assert done.returncode == BAD_POLICY
    [(_, _, sentence)] = complaints(done)
    assert "`chmod 600` makes it private" in sentence
    assert not (tmp_path / "audit.jsonl").exists()


def test_complaints_hold_no_secret(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    """LOG-003: neither a key that was written where its file's name belongs, nor what a key file holds."""
    policy["session"]["keys"] = [{"id": "k1", "secret": "c4n4ry-inline-secret-of-the-policy"}]
    file = write_policy(tmp_path, pki, policy)
    inline = run_sallyport("check", file)
    policy["session"]["keys"] = [{"id": "k1", "file": "session.key"}]
    (tmp_path / "session.key").write_bytes(b"c4n4ry-changeme-" * 3)
    guessable = run_sallyport("check", write_policy(tmp_path, pki, policy))

    for done in (inline, guessable):
        assert done.returncode == BAD_POLICY and complaints(done)
        assert "c4n4ry" not in done.stderr


def cannot_run(done: Done) -> str:
    """The one line of the operator's log that says why."""
    assert (done.returncode, done.stdout) == (CANNOT_RUN, "")
    *_, last = done.stderr.splitlines()
    match = re.fullmatch(r"\S+ error not started: (.+)", last)
    assert match, done.stderr
    return match[1]


def test_a_port_in_use_is_told_in_a_sentence(
    tmp_path: Path, pki: Pki, policy: Policy, start_gateway: StartGateway, backend: FakeBackend
) -> None:
    """Whoever listens there: another program, or another Sallyport that would share the port."""
    other = start_gateway(basic_policy(backend.url))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for port in (listener.getsockname()[1], other.port):
            policy["listeners"][0]["address"] = f"127.0.0.1:{port}"
            file = write_policy(tmp_path, pki, policy)
            assert run_sallyport("check", file).returncode == GOOD

            reason = cannot_run(run_once(tmp_path, file))

            assert reason == f"cannot listen on 127.0.0.1:{port}: Address already in use"
    assert not (tmp_path / "ready.json").exists()
    with other.connect() as client:
        assert client.get("/").status == 200


def test_an_address_of_somebody_else_is_told_in_a_sentence(
    tmp_path: Path, pki: Pki, policy: Policy
) -> None:
    """RFC 5737: 192.0.2.1 is nobody's."""
    policy["listeners"][0]["address"] = "192.0.2.1:0"

    reason = cannot_run(run_once(tmp_path, write_policy(tmp_path, pki, policy)))

    assert reason.startswith("cannot listen on 192.0.2.1:0: ")


def test_a_certificate_that_is_none_is_told_in_a_sentence(tmp_path: Path, pki: Pki, policy: Policy) -> None:
    file = write_policy(tmp_path, pki, policy)
    (tmp_path / "tls.pem").write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")

    assert str(tmp_path / "tls.pem") in cannot_run(run_once(tmp_path, file))
    assert not (tmp_path / "ready.json").exists()


def rewrite_key(file: Path, arguments: list[str]) -> None:
    made = subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    file.write_bytes(made.stdout)


OTHER_KEYS = {
    "of another certificate": ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "under a passphrase": ["genrsa", "-aes128", "-passout", "pass:secret"],
}


@pytest.mark.parametrize("arguments", OTHER_KEYS.values(), ids=OTHER_KEYS)
def test_check_tries_the_keys_that_tls_will_use(
    tmp_path: Path, pki: Pki, policy: Policy, arguments: list[str]
) -> None:
    """And nobody is asked for a passphrase."""
    file = write_policy(tmp_path, pki, policy)
    rewrite_key(tmp_path / "tls.key", arguments)

    done = run_sallyport("check", file)

    assert (done.returncode, done.stdout) == (BAD_POLICY, "")
    assert str(tmp_path / "tls.key") in done.stderr


def test_a_ready_file_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, pki: Pki, policy: Policy
) -> None:
    """Whoever waits for it would wait for ever."""
    file = write_policy(tmp_path, pki, policy)

    done = run_sallyport("run", "--config", file, "--ready-file", tmp_path / "nowhere" / "ready.json")

    assert "nowhere" in cannot_run(done)


def test_the_ready_file_tells_the_process_and_every_address(
    start_gateway: StartGateway, backend: FakeBackend
) -> None:
    policy = basic_policy(backend.url)
    policy["listeners"] *= 2

    gateway = start_gateway(policy)

    assert len(set(gateway.ports)) == 2
    addresses = ",".join(f'"127.0.0.1:{port}"' for port in gateway.ports)
    written = (gateway.folder / "ready.json").read_text()
    assert written == f'{{"pid":{gateway.process.pid},"listeners":[{addresses}]}}\n'
    for port in gateway.ports:
        assert f"listening on https://127.0.0.1:{port}\n" in gateway.log()
