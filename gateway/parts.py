"""The working parts of one gateway process, and who is behind the request in hand."""

from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, g, request

from contracts.vocabularies.errors import Refusal
from gateway.accounts.auth import Auth, Identity
from gateway.accounts.forms import FormTokens
from gateway.api.cursors import Cursors
from gateway.config import Config
from gateway.gatherer import Gatherers
from gateway.limits import SharedLimit
from gateway.map.reader import MapReader
from gateway.notices.store import NoticeStore
from gateway.rpc import Services
from services.chassis.clock import Clock

SESSION_COOKIE = "wudan_session"
_KEY = "wudan"
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Parts:
    """Made once by create_app."""

    config: Config
    auth: Auth
    forms: FormTokens
    services: Services
    gathered: Gatherers
    cursors: Cursors
    requests: SharedLimit
    sign_ins: SharedLimit
    map: MapReader
    notices: NoticeStore
    clock: Clock

    def install(self) -> None:
        """Make these the parts of the current app."""
        current_app.extensions[_KEY] = self


def parts() -> Parts:
    """Return the parts of the current app."""
    return cast(Parts, current_app.extensions[_KEY])


def identity() -> Identity | None:
    """Return who is signed in, None for nobody.

    Raises Refusal `gateway.unauthenticated` for a token that is unknown or has ended, and `gateway.form`
    when a page's session is used to change something without the page's form token.
    """
    if "identity" not in g:
        g.identity = _identified()
    return cast("Identity | None", g.identity)


def _identified() -> Identity | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        found = parts().auth.identify(secret.strip(), "token") if scheme.lower() == "bearer" else None
        if found is None:
            raise Refusal("gateway.unauthenticated")
        return found
    cookie = request.cookies.get(SESSION_COOKIE)
    found = parts().auth.identify(cookie, "session") if cookie else None
    if found is not None and request.method not in _SAFE:
        sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
        parts().forms.check(cookie or "", sent)
    return found


def caller() -> str:
    """Return what rate limits count by: the account, or the address of who is not signed in."""
    who = identity()
    return f"account:{who.account.id}" if who else f"address:{address()}"


def address() -> str:
    """Return the address that the request comes from."""
    return request.remote_addr or "unknown"


def set_session(response: Response, secret: str, seconds: int) -> None:
    """Give the browser its session."""
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=parts().config.https,
        path="/",
    )
