"""The first pages: the map as a plain list, a class. None of them needs JavaScript."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request, send_from_directory

from contracts.vocabularies import levels, occupations, regions
from contracts.vocabularies.errors import Refusal
from gateway.api import map as map_api
from gateway.api import schemas
from gateway.api.cursors import FIELD
from gateway.map.cards import plain
from gateway.map.store import CLASSES
from gateway.parts import caller, parts
from gateway.web import language, signing
from gateway.web.frame import assets, flash, labels, sessions, site, views

_STATIC: Final = Path(__file__).parent / "static"
_FILTERS: Final = ("region", "occupation", "level")
_LIST: Final = "page-classes"
_CLASSES: Final = schemas.ClassesAsked()


def register(app: Flask) -> None:
    """Add the pages to the app."""
    language.register(app)
    app.jinja_env.globals.update(
        t=language.t, term=language.term, moment=language.moment, money=language.money, day=language.day,
        lang=language.chosen, here=lambda: request.full_path.rstrip("?"), signed_in=sessions.safely_signed_in,
        form_token=sessions.form_token, navigation=site.navigation, said=flash.said,
        label_of=lambda name: labels.named(name).label, region_name=regions.full_name,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.register(app)
    signing.register(app)
    app.after_request(flash.forget)
    app.after_request(sessions.keep_form_cookie)
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/classes/<id>", view_func=one_class)
    app.add_url_rule("/static/<path:name>", view_func=static)
    for page in site.pages().values():
        app.add_url_rule(page.rule, page.name, views.view_of(page), methods=list(page.methods))


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


def static(name: str) -> Response:
    """Styles and small scripts of our own."""
    return send_from_directory(_STATIC, name, max_age=3600)


def _choices() -> dict[str, list[tuple[str, str]]]:
    shandong = regions.PROVINCES[0]
    return {
        "region": [(code, regions.name(code)) for code in (shandong, *regions.children(shandong))],
        "occupation": [(each.code, language.t(each.zh, each.en)) for each in occupations.OCCUPATIONS],
        "level": [(each.code, language.t(each.zh, each.en)) for each in levels.LEVELS],
    }
