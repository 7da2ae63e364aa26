"""The public map: /v1/map/classes, /v1/map/challenges, /v1/map/projects. Nobody signs in for it."""

from collections.abc import Callable
from typing import Any, Final

from flask import Response, request

from contracts.vocabularies.errors import Refusal
from gateway.api import answering, schemas
from gateway.api.cursors import FIELD
from gateway.api.endpoint import Asked, Endpoint
from gateway.map.reader import Listing
from gateway.map.store import CHALLENGES, CLASSES, PROJECTS
from gateway.parts import parts

_FRESH: Final = "no-cache"


def _list(name: str, collection: str) -> Callable[[Asked], Response]:
    def listed(asked: Asked) -> Response:
        return _answer(listing(name, collection, asked.body, request.query_string))

    return listed


def listing(name: str, collection: str, body: dict[str, Any], key: bytes) -> Listing:
    """Read a page of the map; body: checked, with the list's own cursor; key: to keep it under."""
    filters = {
        _COLUMNS.get(field, field): value for field, value in body.items() if field not in (FIELD, "limit")
    }
    shown = {field: value for field, value in body.items() if field != FIELD}

    def seal(following: str) -> str:
        return parts().cursors.sealed(following, name, shown)

    limit = body.get("limit", 20)
    return parts().map.listing((name, key), collection, filters, body.get(FIELD), limit, seal)


def _known(name: str) -> Callable[[], Response | None]:
    """Return a look into memory before the request is read; benchmarks may ask for a fresh read."""

    def look() -> Response | None:
        if parts().config.bench and request.headers.get("Cache-Control") == _FRESH:
            return None
        found = parts().map.known((name, request.query_string))
        return _answer(found) if found else None

    return look


def _answer(found: Listing) -> Response:
    response = Response(parts().map.dated(found), mimetype="application/json")
    response.set_etag(str(found.watermark), weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return answering.conditional(response)


def _one(collection: str) -> Callable[[Asked], Response]:
    def shown(asked: Asked) -> Response:
        found = parts().map.detail(collection, asked.body["id"], asked.body.get("min_version", 0))
        if found is None:
            raise Refusal("not_found", what=asked.body["id"])
        text, version = found
        response = Response(text, mimetype="application/json")
        response.set_etag(f"{version}-{answering.digest(text.encode())}")
        response.headers["Cache-Control"] = "public, no-cache"
        return response

    return shown


def _pair(name: str, collection: str, asked: Any, summary: str) -> list[Endpoint]:
    return [
        Endpoint(
            f"map-{name}", "GET", f"/map/{name}", "map", asked, schemas.Listed, frozenset(),
            _list(f"map-{name}", collection), open=True, shortcut=_known(f"map-{name}"), summary=summary,
        ),
        Endpoint(
            f"map-{name}-one", "GET", f"/map/{name}/<id>", "map", schemas.ThingAsked, schemas.Shown,
            frozenset(), _one(collection), open=True, summary=summary,
        ),
    ]  # fmt: skip


_COLUMNS: Final = {"region": "areas"}
ENDPOINTS = [
    *_pair("classes", CLASSES, schemas.ClassesAsked, "培训班次 / classes"),
    *_pair("challenges", CHALLENGES, schemas.ChallengesAsked, "揭榜项目 / open challenges"),
    *_pair("projects", PROJECTS, schemas.MapPage, "培训项目 / projects"),
]
