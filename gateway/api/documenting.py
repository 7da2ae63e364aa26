"""How an endpoint shows in the OpenAPI 3.1 document."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from flask_smorest import Api
from marshmallow import Schema

from gateway.api.endpoint import Endpoint

VERSION: Final = "1.0.0"
PROBLEM: Final = "Problem"
_TEXT: Final = {"type": "string"}
_SAID: Final = {"type": "object", "properties": {"zh": _TEXT, "en": _TEXT}, "required": ["zh", "en"]}
_KEY_HEADER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "重试时使用同一键，效果只发生一次 / repeat it on a retry: the effect happens once",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}
_MATCH_HEADER: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "读取时的 ETag；已被更新时返回 412 / the ETag of a read; 412 when it has changed",
    "schema": _TEXT,
}
_NONE_MATCH_HEADER: Final = {"name": "If-None-Match", "in": "header", "schema": _TEXT}
PROBLEM_SCHEMA: Final = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "code": _TEXT,
        "message": _SAID,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": _TEXT, **_SAID["properties"]},  # type: ignore[dict-item]
                "required": ["field", "zh", "en"],
            },
        },
        "way_out": _SAID,
        "correlation": _TEXT,
    },
    "required": ["type", "title", "status", "detail", "code", "message", "errors", "way_out", "correlation"],
}


class WudanApi(Api):  # type: ignore[misc]
    """flask-smorest's Api without its error handler: gateway.problems has that."""

    def _register_error_handlers(self) -> None:
        """Leave errors to gateway.problems."""


def document(app: Any) -> WudanApi:
    """Return the Api that blueprints are registered with."""
    app.config.update(
        API_TITLE="五单 Wudan",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": "提单、列单、选单、接单、买单 / vocational training in five orders"},
            "security": [{"bearer": []}],
        },
    )
    api = WudanApi(
        app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=schema_name)}
    )
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.schema(PROBLEM, PROBLEM_SCHEMA)
    return api


def schema_name(schema: Any) -> str:
    """Return a name of its own for each schema: the part it belongs to, then the class."""
    kind = schema if isinstance(schema, type) else type(schema)
    part = kind.__module__.rpartition(".")[2].title().replace("_", "")
    return f"{part}{kind.__name__.lstrip('_')}"


def described(endpoint: Endpoint, view: Callable[..., Any]) -> Callable[..., Any]:
    """Attach an endpoint's documentation to its view, as flask-smorest reads it."""
    doc: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": _description(endpoint),
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint),
    }
    body = _shown_schema(endpoint) if endpoint.has_body else None
    if body is not None:
        needed = any(field.required for field in body().fields.values())
        media_type = "multipart/form-data" if endpoint.form else "application/json"
        doc["requestBody"] = {"required": needed, "content": {media_type: {"schema": body}}}
    if endpoint.open:
        doc["security"] = [{}, {"bearer": []}]
    view._apidoc = {"manual_doc": doc}  # type: ignore[attr-defined]
    return view


def _description(endpoint: Endpoint) -> str:
    who = ", ".join(sorted(endpoint.roles)) or (
        "任何人 / anyone" if endpoint.open else "已登录者 / who is signed in"
    )
    text = (endpoint.request.__doc__ or "").strip() if endpoint.request.__doc__ != Schema.__doc__ else ""
    return f"{text}\n\n角色 / roles: {who}".strip()


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = [dict(_KEY_HEADER), dict(_MATCH_HEADER)] if endpoint.changes else []
    if endpoint.has_body:
        return found
    found.append(dict(_NONE_MATCH_HEADER))
    query = _shown_schema(endpoint)
    return [*found, {"in": "query", "schema": query}] if query else found


def _placed(endpoint: Endpoint) -> set[str]:
    """Return the fields that the address fills by itself."""
    variables = [part[1:-1].rpartition(":")[2] for part in endpoint.rule.split("/") if part.startswith("<")]
    return {endpoint.path.get(name, name) for name in variables} | set(endpoint.fixed)


def _shown_schema(endpoint: Endpoint) -> type[Schema] | None:
    """Return the request's schema without what the address fills, None when nothing is left."""
    hidden = _placed(endpoint)
    if not set(endpoint.schema.fields) - hidden:
        return None
    if not hidden:
        return endpoint.request
    meta = type("Meta", (endpoint.request.Meta,), {"exclude": tuple(sorted(hidden))})
    name = endpoint.name.title().replace("-", "").replace("_", "") + "Asked"
    made: type[Schema] = type(
        name, (endpoint.request,), {"Meta": meta, "__module__": f"gateway.{endpoint.tag}"}
    )
    return made


def _responses(endpoint: Endpoint) -> Mapping[str, Any]:
    done: dict[str, Any] = {"description": "完成 / done"}
    if endpoint.answer is not None:
        done["content"] = {"application/json": {"schema": endpoint.answer}}
    if endpoint.binary:
        done["content"] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    problem = {
        "description": "RFC 9457 问题说明 / problem details",
        "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
    }
    return {str(endpoint.status): done, "default": problem}
