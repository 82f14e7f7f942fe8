"""Policies for tests: a default one as a plain dict to change at will, and its YAML text."""

import json
import re
from typing import Any

Policy = dict[str, Any]

RESERVED_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def basic_policy(backend: str) -> Policy:
    """One listener on a free port, one route for the host `localhost`, no login: `backend` is a URL.

    Change the result before it is given to a Gateway:

        policy = basic_policy(backend.url)
        policy["session"]["idle_timeout"] = "2s"
        policy["routes"][0]["identity"] = {"headers": {"X-Forwarded-User": "user"}}
    """
    return {
        "version": 1,
        "listeners": [
            {"address": "127.0.0.1:0", "tls": {"certificate": "tls.pem", "key": "tls.key"}}
        ],
        "session": {
            "cookie": {"name": "__Host-Http-session", "same_site": "lax"},
            "keys": [{"id": "k1", "file": "session.key"}],
            "store": "memory",
            "idle_timeout": "30m",
            "absolute_timeout": "8h",
        },
        "backends": {"app": {"servers": [backend], "cookies": {"default": "vault"}}},
        "routes": [
            {
                "host": "localhost",
                "paths": [{"prefix": "/", "require": "nothing"}],
                "backend": "app",
            }
        ],
        "audit": {"file": "audit.jsonl"},
    }


def form_login_policy(backend: str) -> Policy:
    """`basic_policy` plus an observed login: POST /login with `user=`, answered 302 when it worked.

    GET /logout ends the session; the user's name goes to the backend as X-Forwarded-User.
    """
    policy = basic_policy(backend)
    policy["logins"] = {
        "form": {
            "page": "/login",
            "when": {"method": "POST", "path": "/login"},
            "user": {"form": "user"},
            "success": {"status": 302},
            "failure": "otherwise",
            "logout": {"path": "/logout"},
        }
    }
    policy["routes"][0]["login"] = "form"
    policy["routes"][0]["identity"] = {"headers": {"X-Forwarded-User": "user"}}
    return policy


def guarded_policy(backend: str) -> Policy:
    """`form_login_policy` where everything under /app needs a user and all else needs nothing."""
    policy = form_login_policy(backend)
    policy["routes"][0]["paths"].insert(0, {"prefix": "/app", "require": {"user": "any"}})
    return policy


def to_yaml(value: Any, indent: int = 0) -> str:
    """Block style for dicts and lists; strings are quoted unless they are plain words."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{_scalar(k)}:{_nested(v, indent)}" for k, v in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}-{_nested(item, indent)}" for item in value)
    return f"{pad}{_scalar(value)}\n"


def _nested(value: Any, indent: int) -> str:
    if isinstance(value, (dict, list)) and value:
        return "\n" + to_yaml(value, indent + 2)
    return f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_][\w-]*", value):
        if value.lower() not in RESERVED_WORDS:
            return value
    return json.dumps(value)
