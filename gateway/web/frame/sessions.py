"""Who a page is for: the session, the token that ties a form to it, and how both outlive a sign-in."""

import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Response, g, make_response, render_template, request

from contracts.vocabularies.errors import Refusal
from gateway.accounts.auth import LIFETIME, Identity
from gateway.accounts.store import Holder
from gateway.parts import SESSION_COOKIE, caller, identity, parts, set_session

FORM_COOKIE: Final = "wudan_form"
OWN_FIELDS: Final = frozenset({"csrf_token", "_button"})


def caller_of_page() -> str:
    """Return what rate limits count by; a form that is too old counts by address."""
    try:
        return caller()
    except Refusal:
        return f"address:{request.remote_addr or 'unknown'}"


def signed_in() -> Holder | None:
    """Return the account of the session, None when there is none."""
    who = identity()
    return who.account if who else None


def stands_for_somebody(account: Holder) -> bool:
    """Whether an account has registered its person or body."""
    actors = parts().services.actors
    if not any(actors.stands_for(account)):
        actors.token(account, "selection")  # any service but intake: intake is asked and the answer kept
    return any(actors.stands_for(account))


def unchecked() -> Holder | None:
    """Return the account of the session for showing a page only, when the form's token did not fit."""
    cookie = request.cookies.get(SESSION_COOKIE)
    g.identity = parts().auth.identify(cookie, "session") if cookie else None
    return g.identity.account if g.identity else None


def begin_session(account: Holder) -> str:
    """Open a session, which the rest of this request has too; return its secret."""
    secret, _until = parts().auth.grant(account, "session")
    g.identity = parts().auth.identify(secret, "session")
    g.session_secret = secret
    return secret


def keep_session(response: Any, secret: str) -> None:
    """Give the browser its session."""
    set_session(response, secret, int(LIFETIME["session"].total_seconds()))


def sign_in_again() -> Response:
    """Ask who sent a form after the session had ended to sign in; what was typed goes along."""
    return sign_in_page({"again": request.path, "kept": kept_fields()}, 401)


def form_cookie() -> str:
    """Return the value that ties forms to a browser without a session, made when it has none yet."""
    if "form_cookie" not in g:
        g.form_cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    return str(g.form_cookie)


def keep_form_cookie(response: Response) -> Response:
    """Give the browser the value once a form was shown."""
    if "form_cookie" in g:
        response.set_cookie(
            FORM_COOKIE, g.form_cookie, httponly=True, samesite="Strict", secure=parts().config.https
        )
    return response


def form_token() -> str:
    """Return the token that ties a form to the session, or to the browser that has none."""
    if safely_signed_in() is None:
        return parts().forms.token(form_cookie())
    return parts().forms.token(g.get("session_secret") or request.cookies.get(SESSION_COOKIE, ""))


def safely_signed_in() -> Identity | None:
    """Return who is signed in for what is shown on a page; a form's wrong token is refused elsewhere."""
    try:
        return identity()
    except Refusal:
        unchecked()
        return g.identity  # type: ignore[no-any-return]


def local(target: str) -> str:
    """Return a path of this site: a form or link must not send people elsewhere."""
    split = urlsplit(target)
    safe = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not split.netloc
        and not split.scheme
    )
    return target if safe and all(32 < ord(char) < 127 and char != "\\" for char in target) else "/"


def kept_fields() -> list[tuple[str, str]]:
    """Return what was typed into a form whose session was lost, without what is the frame's own."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS]


def sign_in_page(shown: dict[str, Any], status: int = 200) -> Response:
    """Return the form of signing in."""
    token = parts().forms.token(form_cookie())
    following = local(request.values.get("next", ""))
    given = {"summary": [], "again": None, "kept": [], **shown}
    response = make_response(
        render_template("sign-in.html", token=token, following=following, **given), status
    )
    response.headers["Cache-Control"] = "no-store"
    return response
