"""Every error leaves as an RFC 9457 problem, with its words in Chinese and English and the way out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Flask, Response, g, json, make_response, render_template, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from contracts.vocabularies.errors import CATALOGUE, Refusal
from gateway.web import language as pages_language
from services.chassis import logs
from services.chassis.mongo import is_outage

LARGEST_BODY: Final = 1_000_000
MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final = {
    202: ("尚未就绪", "Not there yet"),
    400: ("请求有误", "Bad request"),
    401: ("需要登录", "Sign-in needed"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不可用", "Method not possible"),
    409: ("与现状冲突", "Conflict"),
    412: ("资料已更新", "It has changed"),
    413: ("内容过大", "Too large"),
    415: ("媒体类型不支持", "Media type not taken"),
    422: ("内容不符合要求", "Content not valid"),
    429: ("过于频繁", "Too many requests"),
    500: ("系统错误", "Internal error"),
    503: ("暂时不可用", "Unavailable"),
    504: ("超时", "Out of time"),
}
# marshmallow's and apispec's own words, which come in English only.
_WORDS: Final = (
    (r"Missing data for required field\.", "缺少必填字段"),
    (r"Field may not be null\.", "不得为空"),
    (r"Unknown field\.", "没有这个字段"),
    (r"Not a valid string\.|Not a valid utf-8 string\.", "应为文字"),
    (r"Not a valid integer\.", "应为整数"),
    (r"Not a valid number\.", "应为数字"),
    (r"Not a valid boolean\.", "应为 true 或 false"),
    (r"Not a valid list\.", "应为列表"),
    (r"Not a valid mapping type\.|Invalid input type\.", "应为对象"),
    (r"Not a valid (?:aware )?datetime\.", "应为带时区的时刻（ISO 8601）"),
    (r"Not a valid date\.", "应为日期（YYYY-MM-DD）"),
    (r"String does not match expected pattern\.", "格式不符"),
    (r"Must be one of: (.*)\.", r"应为其中之一：\1"),
    (r"Longer than maximum length (\d+)\.", r"长度不得超过 \1"),
    (r"Shorter than minimum length (\d+)\.", r"长度不得少于 \1"),
    (r"Length must be between (\d+) and (\d+)\.", r"长度应为 \1 至 \2"),
    (r"Length must be (\d+)\.", r"长度应为 \1"),
    (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", r"应为 \1 至 \2"),
    (r"Must be greater than or equal to (\S+)\.", r"不得小于 \1"),
    (r"Must be less than or equal to (\S+)\.", r"不得大于 \1"),
)
_PATTERNS: Final = tuple((re.compile(english), chinese) for english, chinese in _WORDS)


class Invalid(Exception):
    """A request that breaks its contract; errors: marshmallow's messages by field."""

    def __init__(self, errors: Any) -> None:
        super().__init__("invalid")
        self.errors = errors


def language() -> str:
    """Return the reader's language, `zh` unless English is preferred."""
    chosen = request.accept_languages.best_match(("zh", "en"), default="zh")
    return chosen or "zh"


def answer(problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as a response, as a page to who asked for one."""
    if _wants_page():
        response = make_response(render_template("problem.html", **_as_page(problem)), problem["status"])
    else:
        response = Response(json.dumps(problem), problem["status"], mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    if problem["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wudan"'
    return response


def _as_page(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem in the language of the pages, without advice that is meant for programs."""
    english = pages_language.chosen() == "en"
    way = problem["way_out"]["en" if english else "zh"]
    return {
        "problem": problem,
        "title": TITLES[problem["status"]][english],
        "way": "" if "/v1/" in way else way,
    }


def _wants_page() -> bool:
    best = request.accept_mimetypes.best_match(("application/json", "text/html"), default="application/json")
    return best == "text/html" and not request.path.startswith("/v1/")


def of_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return the problem of a refusal; a service's own `invalid` names several fields."""
    if refusal.code == "invalid" and isinstance(refusal.facts.get("errors"), list):
        return of_invalid(_nested(refusal.facts["errors"]))
    facts = {**refusal.facts, "field": refusal.field or "", "correlation": g.get("correlation", "")}
    text = CATALOGUE[refusal.code]
    words = {each: text.say(each, facts) for each in ("zh", "en")}
    errors = [{"field": refusal.field, **words}] if refusal.field else []
    ways = {each: text.way_out(each, facts) for each in ("zh", "en")}
    return _problem(refusal.code, text.status, words, ways, errors)


def of_invalid(errors: Any) -> dict[str, Any]:
    """Return the problem of a request that breaks its contract, naming each field."""
    listed = [{"field": field, **said} for field, said in _flat(errors)]
    fields = ", ".join(dict.fromkeys(entry["field"] for entry in listed))
    text = CATALOGUE["invalid"]
    words = {
        each: text.say(
            each, {"field": fields, "reason": pause.join(dict.fromkeys(e[each] for e in listed[:9]))}
        )
        for each, pause in (("zh", "；"), ("en", "; "))
    }
    return _problem("invalid", text.status, words, {"zh": text.way_zh, "en": text.way_en}, listed)


def _problem(
    code: str, status: int, words: Mapping[str, str], ways: Mapping[str, str], errors: list[dict[str, Any]]
) -> dict[str, Any]:
    said = language()
    return {
        "type": f"/v1/problems/{code}",
        "title": TITLES[status][said == "en"],
        "status": status,
        "detail": words[said],
        "instance": request.path,
        "code": code,
        "message": dict(words),
        "errors": errors,
        "way_out": dict(ways),
        "correlation": g.get("correlation", ""),
    }


def told(errors: Any) -> list[tuple[str, dict[str, str]]]:
    """Return marshmallow's messages as (dotted field, words in both tongues)."""
    return list(_flat(errors))


def _nested(errors: list[dict[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(str(error.get("field")), []).append(str(error.get("reason")))
    return found


def _flat(errors: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Walk marshmallow's nested messages and give (dotted field, words in both tongues)."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, here)
    elif isinstance(errors, list | tuple):
        for inner in errors:
            yield from _flat(inner, path)
    else:
        yield path, _both(str(errors))


def _both(message: str) -> dict[str, str]:
    zh, slash, en = message.partition(" / ")
    if slash:
        return {"zh": zh, "en": en}
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return {"zh": found.expand(chinese), "en": message}
    return {"zh": message, "en": message}


def register(app: Flask) -> None:
    """Have every error of the app leave as a problem."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        seconds = refusal.facts.get("seconds", 1 if refusal.status == 503 else None)
        return answer(of_refusal(refusal), {"Retry-After": str(seconds)} if seconds is not None else None)

    @app.errorhandler(Invalid)
    def invalid(problem: Invalid) -> Response:
        return answer(of_invalid(problem.errors))

    @app.errorhandler(ValidationError)
    def broken(problem: ValidationError) -> Response:
        return answer(of_invalid(problem.messages))

    @app.errorhandler(HTTPException)
    def http(problem: HTTPException) -> Response:
        return _of_http(problem)

    @app.errorhandler(Exception)
    def failed(problem: Exception) -> Response:
        if is_outage(problem):
            logs.get().warning("database unavailable", reason=type(problem).__name__)
            return answer(of_refusal(Refusal("unavailable", what="database")), {"Retry-After": "1"})
        logs.get().exception("request failed", path=request.path)
        return answer(of_refusal(Refusal("internal")))


def _of_http(problem: HTTPException) -> Response:
    if problem.code is None or problem.code < 400:
        return Response(problem.get_body(), problem.code or 500, problem.get_headers())
    if isinstance(problem, RequestEntityTooLarge):
        return answer(of_refusal(Refusal("gateway.too_large", limit=LARGEST_BODY)))
    if isinstance(problem, MethodNotAllowed):
        allowed = ", ".join(sorted(problem.valid_methods or ()))
        return answer(of_refusal(Refusal("gateway.method", method=request.method)), {"Allow": allowed})
    if problem.code >= 500:
        return answer(of_refusal(Refusal("internal")))
    return answer(of_refusal(Refusal("gateway.no_route" if problem.code == 404 else "gateway.bad_request")))
