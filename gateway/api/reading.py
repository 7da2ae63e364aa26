"""From a request to a checked body: media type, size, JSON, query parameters, contract, keys and versions."""

import json
import re
import uuid
from typing import Any, Final

from flask import request
from marshmallow import fields
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from contracts.vocabularies.errors import Refusal
from gateway.api.endpoint import Endpoint
from gateway.problems import Invalid

FILE: Final = "file"
_FORM_ROOM: Final = 20_000
_FORM_PARTS: Final = 8
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
_ETAG: Final = re.compile(r'(?:W/)?"([0-9]{1,15})(?:-[0-9a-f]+)?"', re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False, "": True}


def body_of(endpoint: Endpoint, variables: dict[str, str]) -> dict[str, Any]:
    """Return the request's fields as JSON has them, those of the path and fixed ones included.

    Raises Refusal (media type, size, broken JSON, an id in the path that cannot be one) and Invalid.
    """
    given = _given(endpoint)
    placed = {endpoint.path.get(name, name): value for name, value in variables.items()}
    placed |= endpoint.fixed
    doubled = sorted(set(placed) & set(given))
    if doubled:
        raise Invalid({name: ["地址中已有该项 / the address says this already"] for name in doubled})
    return {**given, **placed}


def _given(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.form:
        return _form(endpoint.max_bytes)
    return _json_object(endpoint.max_bytes) if endpoint.has_body else _query(endpoint)


def check_contract(endpoint: Endpoint, body: dict[str, Any]) -> None:
    """Check a body against the endpoint's schema; raises Invalid, `not_found` for a wrong id in the path."""
    errors = endpoint.schema.validate(body)
    if not errors:
        return
    in_path = {endpoint.path.get(name, name) for name in request.view_args or ()}
    if set(errors) & in_path:
        raise Refusal("not_found", what=request.path)
    raise Invalid(errors)


def idempotency_key() -> str:
    """Return the request's Idempotency-Key, a new one when it has none. Raises `gateway.key_format`."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return uuid.uuid4().hex
    if not _KEY.fullmatch(given):
        raise Refusal("gateway.key_format")
    return given


def expected_version() -> int | None:
    """Return the version in If-Match, None when there is none (or `*`). Raises `gateway.if_match`."""
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    found = _ETAG.fullmatch(given)
    if not found:
        raise Refusal("gateway.if_match")
    return int(found.group(1))


def _json_object(limit: int) -> dict[str, Any]:
    if (request.content_length or 0) > limit:
        raise Refusal("gateway.too_large", limit=limit)
    # One more, to tell a chunked body that is too long from one that just fits.
    request.max_content_length = limit + 1
    try:
        raw = request.get_data(cache=True)
    except ClientDisconnected:
        raise Refusal("gateway.bad_request") from None
    if len(raw) > limit:
        raise Refusal("gateway.too_large", limit=limit)
    if not raw and not request.mimetype:
        return {}
    if request.mimetype != "application/json":
        raise Refusal("gateway.media_type", given=request.mimetype[:80] or "-")
    if request.content_encoding:
        raise Refusal("gateway.media_type", given=f"Content-Encoding: {request.content_encoding[:40]}")
    body = _parsed(raw)
    if not isinstance(body, dict):
        raise Refusal("gateway.bad_json", reason="{ … }")
    return body


def _form(limit: int) -> dict[str, Any]:
    """Return the fields of a form and the name of its one file, whose content stays in request.files."""
    if request.mimetype != "multipart/form-data":
        raise Refusal("gateway.media_type", given=request.mimetype[:80] or "-")
    request.max_content_length = limit + _FORM_ROOM
    request.max_form_parts = _FORM_PARTS
    if (request.content_length or 0) > request.max_content_length:
        raise Refusal("gateway.too_large", limit=limit)
    try:
        fields_given, uploads = request.form, request.files
    except RequestEntityTooLarge:
        raise Refusal("gateway.too_large", limit=limit) from None
    except ClientDisconnected:
        raise Refusal("gateway.bad_request") from None
    found: dict[str, Any] = {}
    for name, values in [*fields_given.lists(), *uploads.lists()]:
        if len(values) > 1 or name in found:
            raise Invalid({name: ["只能给一次 / given more than once"]})
        found[name] = values[0] if isinstance(values[0], str) else values[0].filename or ""
    if set(uploads) - {FILE} or (FILE in found and FILE not in uploads):
        raise Invalid({FILE: ["应为一个文件 / one file is needed"]})
    found.pop("csrf_token", None)
    return found


def _parsed(raw: bytes) -> Any:
    """Parse JSON strictly: UTF-8, no NaN, no name twice, no half surrogates, no absurd depth or numbers."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_doubles)
        if _SURROGATE.search(raw):
            json.dumps(body, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise Refusal("gateway.bad_json", reason="nested too deep") from None
    except UnicodeError:
        raise Refusal("gateway.bad_json", reason="not UTF-8") from None
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise Refusal("gateway.bad_json", reason=where) from None
    except ValueError as problem:
        raise Refusal("gateway.bad_json", reason=str(problem)[:80]) from None
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _query(endpoint: Endpoint) -> dict[str, Any]:
    """Return the query parameters by the types of the schema's fields, which refuses unknown ones."""
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        kind = endpoint.schema.fields.get(name)
        if isinstance(kind, fields.List):
            found[name] = [_typed(kind.inner, value) for value in values]
        elif len(values) > 1:
            raise Invalid({name: ["只能给一次 / given more than once"]})
        else:
            found[name] = _typed(kind, values[0])
    return found


def _typed(kind: Any, value: str) -> Any:
    if isinstance(kind, fields.Integer) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(kind, fields.Boolean):
        return _BOOLEANS.get(value.lower(), value)
    return value
