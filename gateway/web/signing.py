"""Sign-in, sign-out, the switch of language; what was typed into a form outlives its session."""

from typing import Any, Final

from flask import Flask, Response, current_app, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from contracts.vocabularies.errors import Refusal
from gateway.api import schemas
from gateway.parts import SESSION_COOKIE, address, identity, parts
from gateway.web import language
from gateway.web.frame import sessions, site, views
from gateway.web.frame.calls import errors_of
from gateway.web.frame.kinds import FormPage
from gateway.web.language import Text

_KEPT: Final = "kept:"
_CREDENTIALS: Final = schemas.Credentials()
_BACK: Final = Text(
    "已重新登录，您填写的内容仍在。请核对后提交。",
    "You are signed in again. Check what you entered and send it.",
)


def register(app: Flask) -> None:
    """Add the pages to the app."""
    app.add_url_rule("/sign-in", view_func=sign_in_form)
    app.add_url_rule("/sign-in", view_func=sign_in, methods=["POST"])
    app.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
    app.add_url_rule("/language/<code>", view_func=switch)


def sign_in_form() -> Response:
    """The form."""
    return sessions.sign_in_page({})


def sign_in() -> AnyResponse:
    """Check the form, the name and the password, and open a session."""
    parts().forms.check(request.cookies.get(sessions.FORM_COOKIE, ""), request.form.get("csrf_token", ""))
    parts().sign_ins.hit(address())
    given = {name: request.form.get(name, "") for name in ("username", "password")}
    shown: dict[str, Any] = {"name": given["username"], **_kept()}
    try:
        if _CREDENTIALS.validate(given):
            raise Refusal("gateway.credentials")
        account = parts().auth.sign_in(given["username"], given["password"], address())
    except Refusal as refusal:
        said = [("f-username", text) for texts in errors_of(refusal).values() for text in texts]
        return sessions.sign_in_page({**shown, "summary": said}, refusal.status)
    secret = sessions.begin_session(account)
    response = _back_to_form() or redirect(
        sessions.local(request.form.get("next", "")) if _asked() else "/work", 303
    )
    sessions.keep_session(response, secret)
    return response


def sign_out() -> AnyResponse:
    """End the session (identity() has checked the form's token)."""
    who = identity()
    if who is not None:
        parts().auth.revoke(who)
    response = redirect("/", 303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def switch(code: str) -> AnyResponse:
    """Choose the language and go back."""
    if code not in ("zh", "en"):
        raise Refusal("gateway.no_route")
    response = redirect(sessions.local(request.args.get("next", "")), 303)
    response.set_cookie(
        language.COOKIE, code, max_age=31_536_000, httponly=True, samesite="Lax", secure=parts().config.https
    )
    return response


def _asked() -> bool:
    return sessions.local(request.form.get("next", "")) != "/"


def _kept() -> dict[str, Any]:
    target = request.form.get("again", "")
    if not target or sessions.local(target) != target:
        return {}
    kept = [
        (name.removeprefix(_KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(_KEPT)
    ]
    return {"again": target, "kept": kept}


def _back_to_form() -> AnyResponse | None:
    """Show the form that was sent before with what was typed, when there was one."""
    kept = _kept()
    if not kept:
        return None
    try:
        endpoint, variables = current_app.url_map.bind("").match(kept["again"])
    except HTTPException:
        return None
    page = next((each for each in site.pages().values() if each.name == endpoint), None)
    if not isinstance(page, FormPage) or not site.may(page, sessions.signed_in()):
        return None
    return views.again(page, dict(variables), MultiDict(kept["kept"]), _BACK, kept["again"])
