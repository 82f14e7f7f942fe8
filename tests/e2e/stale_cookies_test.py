"""Cookies of the backend that browsers still hold from before the gateway came: refused, told, and taken away."""

from collections.abc import Callable

import pytest

from support import http
from support.backend import FakeBackend
from support.gateway import Gateway
from support.policy import Policy, basic_policy
from support.visitor import SESSION_COOKIE, Visitor

StartGateway = Callable[..., Gateway]


class Browser(Visitor):
    """Keeps cookies by name, domain and path, as browsers do, and those of before the gateway."""

    def __init__(self, gateway: Gateway, host: str) -> None:
        super().__init__(gateway)
        self.host = host
        self.jar: dict[tuple[str, str, str], str] = {}
        self.removals: list[str] = []

    def hold(self, name: str, value: str = "stale", domain: str = "", path: str = "/") -> None:
        self.jar[name, domain, path] = value

    def visit(self, target: str) -> http.Response:
        path = target.partition("?")[0]
        self.cookies = {n: v for (n, _, p), v in self.jar.items() if (path + "/").startswith(p.rstrip("/") + "/")}
        return self.get(target)

    def _store(self, line: str) -> None:
        pair, *attributes = (part.strip() for part in line.split(";"))
        given = dict(attribute.partition("=")[::2] for attribute in attributes)
        name, _, value = pair.partition("=")
        key = (name, given.get("Domain", ""), given["Path"])
        if given.get("Max-Age") == "0":
            self.removals.append(line)
            self.jar.pop(key, None)
        else:
            self.jar[key] = value


@pytest.fixture
def policy(backend: FakeBackend) -> Policy:
    policy = basic_policy(backend.url)
    policy["routes"][0]["host"] = "wiki.app.test"
    names = ["PHPSESSID", "DokuWiki", "JSESSIONID", "odd", "N*", "a b*", "__*", "Http-session"]
    policy["backends"]["app"]["cookies"] = {"rules": [{"name": name, "mode": "vault"} for name in names]}
    policy["workers"] = 1  # Each one remembers for itself what it has told whom.
    return policy


@pytest.fixture
def browser(start_gateway: StartGateway, policy: Policy) -> Browser:
    return Browser(start_gateway(policy), "wiki.app.test")


def names_of(browser: Browser) -> set[str]:
    return {name for name, _, _ in browser.jar}


def test_a_stale_cookie_is_refused_told_and_taken_away(browser: Browser, backend: FakeBackend) -> None:
    browser.hold("PHPSESSID", "5ec2e7")

    answer = browser.visit("/")

    assert not backend.last_request().has("Cookie")
    assert browser.jar == {}
    assert answer.get("Cache-Control") == "no-store"
    audit = browser.gateway.audit
    assert audit.wait_for("backend_cookie_refused")["cookies"] == "PHPSESSID"
    assert "5ec2e7" not in audit.text()


def test_a_browser_that_obeys_is_told_once(browser: Browser) -> None:
    browser.hold("PHPSESSID")

    for _ in range(3):
        browser.visit("/")

    assert len({line for line in browser.removals}) == len(browser.removals)
    assert len(browser.gateway.audit.records("backend_cookie_refused")) == 1


def test_a_cookie_of_a_folder_is_taken_away_there(browser: Browser) -> None:
    for path in ("/wiki", "/wiki/", "/wiki/data"):
        browser.hold("DokuWiki", domain="", path=path)
    browser.hold("JSESSIONID", path="/examples")

    browser.visit("/wiki/data/page")
    browser.visit("/examples")

    assert browser.jar == {}


def test_a_cookie_that_cannot_be_taken_away_is_not_repeated_without_end(browser: Browser) -> None:
    """By a script that sets it again and again, say."""
    for _ in range(50):
        browser.hold("odd", path="/")
        browser.visit("/a/b/c/d/e/f")

    assert len({line for line in browser.removals}) == len(browser.removals)
    assert len(browser.gateway.audit.records("backend_cookie_refused")) == 50


def test_what_the_backend_sets_is_taken_from_the_whole_domain(browser: Browser, backend: FakeBackend) -> None:
    backend.on(None, None, http.response(200, b"", [("Set-Cookie", "SID=fresh; Path=/")]))
    browser.hold("SID", domain="app.test")
    browser.hold("SID", domain="wiki.app.test")

    browser.visit("/")
    browser.visit("/")

    assert names_of(browser) == {SESSION_COOKIE}
    assert backend.last_request().get("Cookie") == "SID=fresh"


def test_what_is_not_known_to_be_the_backends_is_refused_and_left_alone(browser: Browser, backend: FakeBackend) -> None:
    """A single sign-on of the whole domain, or what scripts of the page keep."""
    browser.hold("SSO", domain="app.test")
    browser.hold("consent")

    browser.visit("/")

    assert names_of(browser) == {"SSO", "consent"}
    assert not backend.last_request().has("Cookie")
    assert browser.gateway.audit.records("backend_cookie_refused") == []


def test_our_own_cookie_stays(browser: Browser, backend: FakeBackend) -> None:
    backend.on(None, None, http.response(200, b"", [("Set-Cookie", "SID=fresh; Path=/")]))
    browser.visit("/")
    own = browser.jar.copy()
    for spelling in ("__host-http-session", "__Secure-session", "Http-session"):
        browser.hold(spelling)

    browser.visit("/")

    assert own.items() <= browser.jar.items()
    assert browser.removals == []


@pytest.mark.parametrize("mode", ["pass", "harden", "readable"])
def test_a_cookie_of_another_backend_of_the_host_stays(
    start_gateway: StartGateway, policy: Policy, backend: FakeBackend, mode: str
) -> None:
    policy["backends"]["shop"] = {"servers": [backend.url], "cookies": {"default": "vault"}}
    policy["backends"]["shop"]["cookies"]["rules"] = [{"name": "lang", "mode": mode}]
    policy["routes"].insert(0, dict(policy["routes"][0], backend="shop"))
    policy["routes"][0]["paths"] = [{"prefix": "/shop", "require": "nothing"}]
    browser = Browser(start_gateway(policy), "wiki.app.test")
    browser.hold("lang", "de")
    browser.hold("PHPSESSID")

    browser.visit("/")
    browser.visit("/shop")

    assert names_of(browser) == {"lang"}
    assert backend.last_request().get("Cookie") == "lang=de"


def test_many_names_are_bounded(browser: Browser) -> None:
    for number in range(60):
        browser.hold(f"N{number}{'x' * 100}")

    answer = browser.visit("/a/b/c/d")

    assert len(answer.all("Set-Cookie")) <= 64
    told = browser.gateway.audit.wait_for("backend_cookie_refused")
    assert len(told["cookies"]) <= 8 * 65 and told["count"] == "60"


def test_a_name_that_is_none_is_told_and_not_repeated(browser: Browser) -> None:
    browser.hold("a b\"<")

    browser.visit("/")

    assert browser.removals == []
    assert browser.gateway.audit.wait_for("backend_cookie_refused")["cookies"] == "a%20b\"<"
