"""A browser reduced to what matters here: it keeps cookies and posts forms."""

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from support import http
from support.gateway import Gateway
from support.plain import PlainServer

SESSION_COOKIE = "__Host-Http-session"


class Visitor:
    """Keeps the cookies it was given. Each request goes over a connection of its own.

    With `keep=True` it goes over one connection that stays open until `close()`. `source` is the
    address to come from, such as 127.0.0.2.
    """

    def __init__(self, gateway: Gateway | PlainServer, keep: bool = False, source: str = "") -> None:
        self.gateway = gateway
        self.source = source
        self.host = f"localhost:{gateway.port}"
        self.cookies: dict[str, str] = {}
        self.fields: http.Fields = []
        """What this browser adds to each request, such as the password of Basic authentication."""
        self._keep = keep
        self._client = gateway.connect(source=source) if keep else None

    @property
    def session(self) -> str | None:
        """The value of the gateway's cookie, as a thief would copy it."""
        return self.cookies.get(SESSION_COOKIE)

    def get(self, target: str, *headers: tuple[str, str]) -> http.Response:
        fields = [*headers, *self.fields, *self._cookie_line()]
        return self._exchange(http.request("GET", target, fields, host=self.host))

    def post_form(
        self, target: str, form: dict[str, str], *headers: tuple[str, str]
    ) -> http.Response:
        fields = [*headers, *self.fields, *self._cookie_line()]
        return self._exchange(http.form_request("POST", target, form, fields, self.host))

    def post(self, target: str, body: bytes, kind: str) -> http.Response:
        """Posts `body` as it is, of the content type `kind`."""
        length = ("Content-Length", str(len(body)))
        fields = [("Content-Type", kind), length, *self.fields, *self._cookie_line()]
        return self._exchange(http.request("POST", target, fields, body, host=self.host))

    def log_in(self, user: str = "alice", password: str = "secret") -> http.Response:
        """Posts the form that `form_login_policy` and `backend_with_login` know."""
        return self.post_form("/login", {"user": user, "password": password})

    def plant(self, name: str, value: str) -> None:
        """Puts a cookie of someone else's choice into this browser."""
        self.cookies[name] = value

    def close(self) -> None:
        if self._client:
            self._client.close()

    def _exchange(self, message: bytes) -> http.Response:
        client = self._client or self.gateway.connect(source=self.source)
        try:
            client.send(message)
            answer = client.read_response()
        finally:
            if not self._keep:
                client.close()
        for line in answer.all("Set-Cookie"):
            self._store(line)
        return answer

    def _cookie_line(self) -> http.Fields:
        if not self.cookies:
            return []
        return [("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))]

    def _store(self, line: str) -> None:
        pair, *attributes = (part.strip() for part in line.split(";"))
        name, _, value = pair.partition("=")
        if any(_is_over(attribute) for attribute in attributes):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def _is_over(attribute: str) -> bool:
    """Whether an attribute of Set-Cookie ends the cookie at once."""
    name, _, value = attribute.partition("=")
    if name.lower() == "expires":
        return parsedate_to_datetime(value).replace(tzinfo=timezone.utc) < datetime.now(timezone.utc)
    return name.lower() == "max-age" and int(value) <= 0
