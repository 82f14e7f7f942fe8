"""The support library itself: what judges the gateway has to be strict and to record truly."""

import json

import pytest

from support import http
from support.backend import FakeBackend
from support.client import connect_tcp
from support.policy import basic_policy, form_login_policy, to_yaml


def reader_of(*pieces: bytes) -> http.Reader:
    remaining = list(pieces)
    return http.Reader(lambda: remaining.pop(0) if remaining else b"")


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_malformed_response_is_refused(bytes_sent: bytes) -> None:
    with pytest.raises(http.Malformed):
        reader_of(bytes_sent).response()


def test_two_content_lengths_fail_the_test() -> None:
    twice = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"

    with pytest.raises(AssertionError, match="stands 2 times"):
        reader_of(twice).response()


def test_truncated_body_is_refused() -> None:
    with pytest.raises(http.ConnectionEnded):
        reader_of(http.response(200, b"hello")[:-1]).response()


def test_pipelined_responses_are_read_one_by_one() -> None:
    first = http.response(200, http.chunked(b"one", b"two"), [("Transfer-Encoding", "chunked")])
    both = b"HTTP/1.1 100 Continue\r\n\r\n" + first + http.response(404, b"gone")
    reader = reader_of(*(both[at : at + 1] for at in range(len(both))))

    answers = [reader.response(), reader.response()]

    assert [answer.body for answer in answers] == [b"onetwo", b"gone"]
    assert [interim.status for interim in answers[0].interim] == [100]
    assert reader.at_end()


def test_unframed_response_lasts_until_close() -> None:
    assert reader_of(b"HTTP/1.1 200 OK\r\n\r\nab", b"c").response().body == b"abc"


def test_backend_records_exact_bytes_and_answers_by_rule(backend: FakeBackend) -> None:
    backend.on("POST", "/login", http.redirect("/home", "APP=1; HttpOnly"))
    sent = http.form_request("POST", "/login?x=1", {"user": "alice"}, [("X-Odd", "a  b")])
    with connect_tcp(backend.port) as client:
        client.send_split(sent + http.request("GET", "/other"), 7)

        answers = [client.read_response(), client.read_response()]

    assert [answer.status for answer in answers] == [302, 200]
    assert answers[0].set_cookies() == {"APP": "1"}
    assert backend.connections[0].received == sent + http.request("GET", "/other")
    assert [request.path for request in backend.requests] == ["/login", "/other"]
    assert backend.requests[0].body == b"user=alice"


def test_streaming_script_answers_before_the_body_came(backend: FakeBackend) -> None:
    def refuse(received: http.Request) -> bytes:
        return http.response(413, b"too large")

    backend.on("PUT", None, refuse, streaming=True)
    with connect_tcp(backend.port) as client:
        client.send(b"PUT /file HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")

        assert client.read_response().status == 413
        assert client.is_closed_by_peer()


def test_stopped_backend_refuses(backend: FakeBackend) -> None:
    backend.stop()

    with pytest.raises(ConnectionRefusedError):
        connect_tcp(backend.port)


def test_policy_is_written_as_block_style_yaml() -> None:
    text = to_yaml({"a": 1, "b": [{"c": "on", "d": ["x y", "z"]}], "e": {}})

    assert text == 'a: 1\nb:\n  -\n    c: "on"\n    d:\n      - "x y"\n      - z\ne: {}\n'


@pytest.mark.parametrize("make", [basic_policy, form_login_policy])
def test_ready_made_policies_are_fresh_dicts(make) -> None:
    make("http://a")["session"]["idle_timeout"] = "1s"

    assert "1s" not in json.dumps(make("http://a"))
