"""`sallyport learn`: a person is led through a login, and a policy comes out."""

import json
import signal
import stat
import threading
from pathlib import Path

import pytest

from support.backend import FakeBackend, Received
from support.client import Client
from support.gateway import run_sallyport, write_policy
from support.http import chunked, redirect, response
from support.learner import Learner
from support.pki import Pki
from support.wait import until

GOOD, NOTHING_LEARNED, BAD_USAGE, CANNOT_RUN = range(4)
CASES = Path(__file__).parent.parent / "cases" / "recordings"
FORM = b'<form action="/login" method="post"><input name="user"><input type="password" name="pw"></form>'
HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.fixture
def shop(backend: FakeBackend) -> FakeBackend:
    """A backend with a login form, whose password is `right-secret`."""

    def log_in(received: Received) -> bytes:
        if b"pw=right-secret" in received.read_body():
            return redirect(f"{backend.url}/home", "shop_auth=0123456789abcdef; HttpOnly")
        return response(401, b"<p class='error'>wrong</p>", [HTML])

    backend.on("GET", "/login", response(200, FORM, [HTML, ("Set-Cookie", "sid=fedcba9876543210; Path=/")]))
    backend.on("POST", "/login", log_in)
    backend.on("GET", "/logout", redirect("/login", "shop_auth=; Max-Age=0"))
    return backend


def walk_through(learner: Learner, browser: Client) -> None:
    learner.answer("alice")
    learner.wait_for("1 visit")
    assert FORM == browser.get("/login").body
    learner.answer()
    learner.wait_for("2 fail")
    form = {"user": "alice", "pw": "wrong-secret"}
    assert browser.post_form("/login", form, ("Cookie", "sid=fedcba9876543210")).status == 401
    learner.answer()
    learner.wait_for("3 login")
    form = {"user": "alice", "pw": "right-secret"}
    answer = browser.post_form("/login", form, ("Cookie", "sid=fedcba9876543210"))
    assert (answer.status, answer.get("Location")) == (302, "/home")
    learner.answer()
    learner.wait_for("4 page")
    browser.get("/home", ("Cookie", "sid=fedcba9876543210; shop_auth=0123456789abcdef"))
    learner.answer()
    learner.wait_for("5 logout")
    browser.get("/logout", ("Cookie", "sid=fedcba9876543210; shop_auth=0123456789abcdef"))
    learner.answer()


def test_a_person_is_led_through_a_login(shop: FakeBackend, tmp_path: Path) -> None:
    record, output = tmp_path / "shop.jsonl", tmp_path / "shop.yaml"
    with Learner(shop.url, "--host", "shop.example.org", "--record", record, "--output", output) as learner:
        with learner.connect() as browser:
            walk_through(learner, browser)
        assert learner.wait_until_ended() == GOOD, learner.stderr.decode()

    policy = output.read_text()
    assert 'when: { method: POST, path: /login, form: { user: "*" } }' in policy
    assert "status: 302" in policy and 'set_cookie: "shop_auth*"' in policy
    assert "path: /logout" in policy and "host: shop.example.org" in policy
    assert "page: /login" in policy and "pre_login_cookies: withhold" in policy
    assert f'servers: [ "{shop.url}" ]' in policy
    assert learner.stdout == b""
    said = learner.stderr.decode()
    assert said.count("1 request, 0 POSTs") == 3 and said.count("1 request, 1 POST\n") == 2
    assert "Passwords are not kept" in said
    for file in (record, output):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_recording_holds_no_password_and_no_id(shop: FakeBackend, tmp_path: Path) -> None:
    record = tmp_path / "shop.jsonl"
    with Learner(shop.url, "--record", record) as learner:
        with learner.connect() as browser:
            walk_through(learner, browser)
        learner.wait_until_ended()

    text = record.read_text()
    for secret in ("secret", "0123456789abcdef", "fedcba9876543210"):
        assert secret not in text + learner.stdout.decode() + learner.stderr.decode()
    assert "user=alice&pw=redacted" in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0] == {"sallyport_recording": 1, "user": "alice", "host": ""}
    assert [line["step"] for line in lines[1:]] == ["visit", "fail", "login", "page", "logout"]


def test_what_was_recorded_can_be_learned_from_again(shop: FakeBackend, tmp_path: Path) -> None:
    record = tmp_path / "shop.jsonl"
    with Learner(shop.url, "--record", record) as learner:
        with learner.connect() as browser:
            walk_through(learner, browser)
        learner.wait_until_ended()

    again = run_sallyport("learn", "--from", record, "--backend", shop.url)

    assert (again.returncode, again.stdout) == (GOOD, learner.stdout.decode())


def test_a_step_that_shows_nothing_can_be_done_again(shop: FakeBackend) -> None:
    with Learner(shop.url) as learner, learner.connect() as browser:
        learner.answer("alice")
        learner.wait_for("1 visit")
        learner.answer()
        learner.wait_for("0 requests, 0 POSTs")
        learner.wait_for("Do it again")
        browser.get("/login")
        learner.answer()
        learner.wait_for("2 fail")
        browser.get("/login")
        learner.answer()
        learner.wait_for("No request carried the user name")
        learner.answer("s")
        learner.wait_for("3 login")


def test_ctrl_c_shows_what_was_seen_until_then(shop: FakeBackend, tmp_path: Path) -> None:
    record = tmp_path / "shop.jsonl"
    with Learner(shop.url, "--record", record) as learner, learner.connect() as browser:
        learner.answer("alice")
        learner.wait_for("1 visit")
        browser.get("/login")
        learner.process.send_signal(signal.SIGINT)

        assert learner.wait_until_ended() == NOTHING_LEARNED

    assert "# There is no `logins` section:" in learner.stdout.decode()
    assert len(record.read_text().splitlines()) == 2


def test_the_end_of_input_is_an_end(shop: FakeBackend) -> None:
    with Learner(shop.url) as learner:
        learner.end_input()

        assert learner.wait_until_ended() == NOTHING_LEARNED

    assert "no user name was given" in learner.stderr.decode()


def test_bodies_are_forwarded_whole_and_recorded_in_part(backend: FakeBackend, tmp_path: Path) -> None:
    big = b"x" * 1_000_000
    backend.on("POST", "/echo", lambda received: response(200, received.read_body(), [HTML]))
    record = tmp_path / "big.jsonl"
    with Learner(backend.url, "--record", record) as learner, learner.connect() as browser:
        learner.answer("alice")
        answer = browser.request("POST", "/echo", [("Content-Type", "text/plain")], big)
        learner.end_input()
        learner.wait_until_ended()

    assert answer.body == big == backend.last_request().body
    exchange = json.loads(record.read_text().splitlines()[1])
    for part in ("request", "response"):
        assert len(exchange[part]["body"]) == 256 * 1024 and exchange[part]["body_truncated"]


def test_chunked_bodies_and_bodies_without_an_end_arrive(backend: FakeBackend) -> None:
    def until_close(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        received.connection.close()

    backend.on("GET", "/chunked", response(200, chunked(b"one", b"two"), [("Transfer-Encoding", "chunked")]))
    backend.on("GET", "/close", until_close)
    with Learner(backend.url) as learner, learner.connect() as browser:
        assert browser.get("/chunked").body == b"onetwo"
        assert browser.get("/close").body == b"all of it"
        assert browser.get("/").body == b"hello"
        answer = browser.request("POST", "/", [("Transfer-Encoding", "chunked")], chunked(b"up", b"load"))
        assert answer.status == 200

    assert backend.last_request().body == b"upload"


def test_messages_without_bodies_pass(backend: FakeBackend) -> None:
    backend.on("HEAD", "/", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    backend.on("GET", "/none", response(204))
    backend.on("GET", "/early", b"HTTP/1.1 103 Early Hints\r\n\r\n" + response(200, b"late"))
    with Learner(backend.url) as learner, learner.connect() as browser:
        assert browser.request("HEAD", "/").get("Content-Length") == "5"
        assert browser.get("/none").status == 204
        assert browser.get("/early").body == b"late"


def test_the_backend_is_asked_what_the_browser_asked(backend: FakeBackend) -> None:
    with Learner(backend.url) as learner, learner.connect() as browser:
        browser.request(
            "GET",
            "/a;jsessionid=1?b=%2f",
            [("Accept-Encoding", "gzip"), ("If-None-Match", '"x"'), ("Upgrade", "x"), ("Connection", "upgrade")],
            host="wiki.test:8080",
        )

    asked = backend.last_request()
    assert asked.target == "/a;jsessionid=1?b=%2f"
    assert asked.get("Host") == "wiki.test:8080"
    assert asked.get("Accept-Encoding") == "identity"
    assert not asked.has("If-None-Match") and not asked.has("Upgrade")


def test_a_backend_that_is_down_is_told(backend: FakeBackend) -> None:
    backend.stop()
    with Learner(backend.url) as learner, learner.connect() as browser:
        answer = browser.get("/")

    assert answer.status == 502


def test_a_backend_that_breaks_off_breaks_off(backend: FakeBackend) -> None:
    def torn(received: Received) -> None:
        received.connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        received.connection.abort()

    backend.on("GET", "/torn", torn)
    with Learner(backend.url) as learner:
        with learner.connect() as browser, pytest.raises(AssertionError):
            browser.get("/torn")
        with learner.connect() as browser:
            assert browser.get("/").body == b"hello"


def test_many_pages_at_once_are_served(backend: FakeBackend) -> None:
    gate = threading.Barrier(6)

    def together(_: Received) -> bytes:
        gate.wait(20)
        return response(200, b"ok")

    backend.on("GET", "/together", together)
    answers: list[bytes] = []

    def ask() -> None:
        with learner.connect() as browser:
            answers.append(browser.get("/together").body)

    with Learner(backend.url) as learner:
        askers = [threading.Thread(target=ask) for _ in range(6)]
        for asker in askers:
            asker.start()
        until(lambda: len(answers) == 6, "six answers")
        for asker in askers:
            asker.join()


WRONG_OPTIONS = {
    "neither a backend nor a recording": [],
    "a backend with TLS": ["--backend", "https://127.0.0.1:9"],
    "a backend with a path": ["--backend", "http://127.0.0.1:9/x"],
    "a backend that is no URL": ["--backend", "127.0.0.1:9"],
    "a backend elsewhere": ["--backend", "http://192.0.2.1:80"],
    "a listener elsewhere": ["--backend", "http://127.0.0.1:9", "--listen", "0.0.0.0:0"],
    "a listener by name": ["--backend", "http://127.0.0.1:9", "--listen", "localhost:0"],
    "a listener without a port": ["--backend", "http://127.0.0.1:9", "--listen", "127.0.0.1"],
    "a recording to read and one to write": ["--from", "a", "--record", "b"],
}


@pytest.mark.parametrize("options", WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_wrong_options_are_told(options: list[str]) -> None:
    done = run_sallyport("learn", *options)

    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    assert len(done.stderr) > 20


def test_elsewhere_needs_a_reason() -> None:
    done = run_sallyport("learn", "--backend", "http://192.0.2.1:80")

    assert "passwords would cross the network in the clear" in done.stderr
    assert "--insecure-plaintext" in done.stderr


def test_with_a_reason_it_may_listen_anywhere(backend: FakeBackend) -> None:
    with Learner(backend.url, "--insecure-plaintext", "own cable") as learner:
        assert learner.port > 0


def test_files_are_never_written_over(backend: FakeBackend, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    for option in ("--record", "--output"):
        done = run_sallyport("learn", "--backend", backend.url, "--listen", "127.0.0.1:0", option, tmp_path / "there")

        assert (done.returncode, done.stdout) == (CANNOT_RUN, "")
        assert "is there already" in done.stderr
    assert (tmp_path / "there").read_text() == "mine"


def test_a_port_that_is_taken_is_told(backend: FakeBackend) -> None:
    done = run_sallyport("learn", "--backend", backend.url, "--listen", f"127.0.0.1:{backend.port}")

    assert done.returncode == CANNOT_RUN
    assert "cannot listen there" in done.stderr


def test_a_recording_that_is_none_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"sallyport_recording":1,"user":"alice"}\n{}\nx\n')

    done = run_sallyport("learn", "--from", file)

    assert (done.returncode, done.stdout) == (NOTHING_LEARNED, "")
    assert done.stderr.splitlines() == [
        f"{file}:2: `step` is missing; it must be a text",
        f"{file}:3: is not JSON at byte 1",
    ]


def test_a_recording_that_is_missing_is_told(tmp_path: Path) -> None:
    done = run_sallyport("learn", "--from", tmp_path / "none")

    assert done.returncode == CANNOT_RUN
    assert "cannot be read" in done.stderr


@pytest.mark.parametrize("name", ["no_failure", "nothing_tells", "password_in_query"])
def test_what_cannot_be_told_is_no_success(name: str) -> None:
    done = run_sallyport("learn", "--from", CASES / f"{name}.jsonl")

    assert done.returncode == NOTHING_LEARNED
    assert "There is no `logins` section" in done.stdout
    assert done.stderr.startswith("sallyport learn: ")


@pytest.mark.parametrize("name", sorted(file.stem for file in CASES.glob("*.yaml")))
def test_what_is_learned_is_a_policy_that_check_accepts(name: str, tmp_path: Path, pki: Pki) -> None:
    policy = (CASES / f"{name}.yaml").read_text()

    done = run_sallyport("check", write_policy(tmp_path, pki, policy))

    assert (done.returncode, done.stderr) == (GOOD, "")


def test_help_names_every_option() -> None:
    text = run_sallyport("learn", "--help").stdout

    for option in ("--backend", "--listen", "--host", "--record", "--output", "--from", "--insecure-plaintext"):
        assert option in text
