"""From an answer to a response: ETag and 304, signed cursors, the key that was used."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, json, request

from gateway.api.cursors import FIELD, Cursors

_PRIVATE: Final = "private, no-cache"


def of_result(result: Mapping[str, Any], status: int) -> Response:
    """Return an answer as JSON, with an ETag made of its version and content."""
    raw = json.dumps(result, ensure_ascii=False).encode()
    response = Response(raw, status, mimetype="application/json")
    version = result.get("version")
    content = digest(raw)
    response.set_etag(f"{version}-{content}" if isinstance(version, int) else content)
    response.headers["Cache-Control"] = _PRIVATE
    return response


def digest(raw: bytes) -> str:
    """Return what tells two representations of one version apart."""
    return hashlib.sha256(raw).hexdigest()[:16]


def conditional(response: Response) -> Response:
    """Turn a read into 304 when the client has it already (If-None-Match)."""
    response.make_conditional(request)
    return response


def with_cursor(result: dict[str, Any], cursors: Cursors, name: str, asked: Mapping[str, Any]) -> Response:
    """Return a page of a list; its `next` is signed, and stands in a Link header too."""
    following = result.get("next")
    if following is None:
        return of_result(result, 200)
    sealed = cursors.sealed(following, name, asked)
    response = of_result({**result, "next": sealed}, 200)
    given = [(key, value) for key, value in request.args.items(multi=True) if key != FIELD]
    query = urlencode([*given, (FIELD, sealed)])
    response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return response
