"""The first pages: the map as a plain list, a class, sign-in. None of them needs JavaScript."""

import json
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from contracts.vocabularies import levels, occupations, regions
from contracts.vocabularies.errors import CATALOGUE, Refusal
from gateway.accounts.auth import LIFETIME
from gateway.api import map as map_api
from gateway.api import schemas
from gateway.api.cursors import FIELD
from gateway.map.cards import plain
from gateway.map.store import CLASSES
from gateway.parts import SESSION_COOKIE, address, caller, identity, parts, set_session
from gateway.web import language

_STATIC: Final = Path(__file__).parent / "static"
_FORM_COOKIE: Final = "wudan_form"
_FILTERS: Final = ("region", "occupation", "level")
_LIST: Final = "page-classes"
_CLASSES: Final = schemas.ClassesAsked()
_CREDENTIALS: Final = schemas.Credentials()


def register(app: Flask) -> None:
    """Add the pages to the app."""
    app.jinja_env.globals.update(
        t=language.t, term=language.term, moment=language.moment, money=language.money, lang=language.chosen,
        here=lambda: request.full_path.rstrip("?"), signed_in=identity, form_token=_form_token,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/classes/<id>", view_func=one_class)
    app.add_url_rule("/sign-in", view_func=sign_in_form)
    app.add_url_rule("/sign-in", view_func=sign_in, methods=["POST"])
    app.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
    app.add_url_rule("/language/<code>", view_func=switch)
    app.add_url_rule("/static/<path:name>", view_func=static)


def home() -> str:
    """The map as a list, with filters and pages in the address."""
    parts().requests.hit(caller())
    asked = {name: request.args[name] for name in (*_FILTERS, FIELD) if request.args.get(name)}
    filters = {name: value for name, value in asked.items() if name != FIELD}
    body: dict[str, Any] = dict(filters)
    problems = _CLASSES.validate(body)
    if problems:
        raise Refusal("not_found", what=request.full_path[:200])
    if FIELD in asked:
        body[FIELD] = parts().cursors.opened(asked[FIELD], _LIST, filters)
    found = map_api.listing(_LIST, CLASSES, body, urlencode(sorted(asked.items())).encode())
    page = json.loads(parts().map.dated(found))
    following = urlencode({**filters, FIELD: page["next"]}) if page["next"] else None
    return render_template("home.html", page=page, following=following, asked=asked, choices=_choices())


def one_class(id: str) -> str:
    """A class with its timetable and seats."""
    parts().requests.hit(caller())
    found = parts().map.detail(CLASSES, id) if len(id) <= 80 else None
    if found is None:
        raise Refusal("not_found", what=language.t("该班次", "this class"))
    return render_template("class.html", it=json.loads(found[0]), as_of=plain(parts().map.state().as_of))


def sign_in_form() -> Response:
    """The form."""
    return _form({})


def sign_in() -> AnyResponse:
    """Check the form, the name and the password, and open a session."""
    parts().forms.check(request.cookies.get(_FORM_COOKIE, ""), request.form.get("csrf_token", ""))
    parts().sign_ins.hit(address())
    given = {name: request.form.get(name, "") for name in ("username", "password")}
    try:
        if _CREDENTIALS.validate(given):
            raise Refusal("gateway.credentials")
        account = parts().auth.sign_in(given["username"], given["password"], address())
    except Refusal as refusal:
        text = CATALOGUE[refusal.code]
        return _form(
            {"said": text.say(language.chosen(), refusal.facts), "name": given["username"]}, refusal.status
        )
    secret, _until = parts().auth.grant(account, "session")
    response = redirect(_local(request.form.get("next", "")), 303)
    set_session(response, secret, int(LIFETIME["session"].total_seconds()))  # type: ignore[arg-type]
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
    response = redirect(_local(request.args.get("next", "")), 303)
    response.set_cookie(
        language.COOKIE, code, max_age=31_536_000, samesite="Lax", secure=parts().config.https
    )
    return response


def static(name: str) -> Response:
    """Styles and small scripts of our own."""
    return send_from_directory(_STATIC, name, max_age=3600)


def _form(shown: dict[str, str], status: int = 200) -> Response:
    cookie = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    token = parts().forms.token(cookie)
    following = _local(request.values.get("next", ""))
    response = make_response(
        render_template("sign-in.html", token=token, following=following, **shown), status
    )
    response.set_cookie(_FORM_COOKIE, cookie, httponly=True, samesite="Strict", secure=parts().config.https)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form_token() -> str:
    return parts().forms.token(request.cookies.get(SESSION_COOKIE, ""))


def _local(target: str) -> str:
    """Return a path of this site: a form or link must not send people elsewhere."""
    split = urlsplit(target)
    safe = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not split.netloc
        and not split.scheme
    )
    return target if safe and all(32 < ord(char) < 127 and char != "\\" for char in target) else "/"


def _choices() -> dict[str, list[tuple[str, str]]]:
    shandong = regions.PROVINCES[0]
    return {
        "region": [(code, regions.name(code)) for code in (shandong, *regions.children(shandong))],
        "occupation": [(each.code, language.t(each.zh, each.en)) for each in occupations.OCCUPATIONS],
        "level": [(each.code, language.t(each.zh, each.en)) for each in levels.LEVELS],
    }
