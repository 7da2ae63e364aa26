"""A page's way to a service: the API's own checks and calls (gateway/api/machinery), from typed fields."""

import json
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from flask import Response

from contracts.registry import Call, Command
from contracts.vocabularies.errors import Refusal
from gateway import problems
from gateway.api import machinery
from gateway.api.cursors import FIELD
from gateway.api.endpoint import Endpoint
from gateway.api.route import One, Route
from gateway.parts import parts
from gateway.problems import Invalid
from gateway.web.language import Text

Body = dict[str, Any]
_MISSING: Final = Text("请填写或选择", "fill this in")


@cache
def endpoint_of(call: Call, gathered: One | None = None) -> Endpoint:
    """Return the endpoint that the API's machinery runs for a call of a page."""
    method = "POST" if isinstance(call, Command) else "GET"
    return machinery.endpoint_of(Route(method, f"/{call.name}", call, gathered=gathered))


def ask(call: Call, **body: Any) -> Body:
    """Read from a service as who is signed in. Raises Refusal, Invalid."""
    return run(endpoint_of(call), body)


def asked_or_none(call: Call, **body: Any) -> Body | None:
    """Read what may not be there yet: None for what is not found (or nobody the account stands for)."""
    try:
        return ask(call, **body)
    except Refusal as refusal:
        if refusal.status in (404, 409):
            return None
        raise


def page_of(call: Call, name: str, body: Mapping[str, Any], cursor: str | None) -> tuple[Body, str | None]:
    """Read a page of a list; return it with the sealed cursor of the next one. name: what the cursor is
    good for.
    """
    cursors = parts().cursors
    opened = {FIELD: cursors.opened(cursor, name, body)} if cursor else {}
    found = run(endpoint_of(call), {**body, **opened})
    following = found.get("next")
    return found, cursors.sealed(following, name, body) if following is not None else None


def run(endpoint: Endpoint, body: Mapping[str, Any], key: str = "", version: int | None = None) -> Body:
    """Run an endpoint of the API (a service's or the gateway's own) and return its answer."""
    answer = machinery.perform(endpoint, dict(body), key or uuid.uuid4().hex, version)
    if isinstance(answer, Response):
        found = json.loads(answer.get_data()) if answer.get_data() else {}
        return found if isinstance(found, dict) else {}
    return answer


def errors_of(problem: Refusal | Invalid) -> dict[str, list[Text]]:
    """Return a refusal's words by the dotted path of the field at fault (empty when it is none)."""
    if isinstance(problem, Invalid):
        return _by_field(problems.told(problem.errors))
    said = problems.of_refusal(problem)
    if problem.code == "invalid":
        return _by_field([(error["field"], error) for error in said["errors"]])
    words, way = said["message"], said["way_out"]
    return {problem.field or "": [Text(f"{words['zh']}。{way['zh']}", f"{words['en']}. {way['en']}")]}


def _by_field(errors: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = {}
    for path, words in errors:
        text = _MISSING if words["en"].startswith("Missing data") else Text(words["zh"], words["en"])
        found.setdefault(path, []).append(text)
    return found
