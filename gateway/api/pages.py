"""The API's document (/v1/openapi.json), the page that browses it (/v1/docs), the words of each problem."""

from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, g, json, render_template, send_from_directory

from contracts.vocabularies.errors import CATALOGUE, Refusal
from gateway.web import headers

# Installed by npm (gateway/assets/package.json), never committed and never loaded from another host.
SWAGGER: Final = Path(__file__).parents[1] / "assets" / "node_modules" / "swagger-ui-dist"
_OWN: Final = Path(__file__).parents[1] / "web" / "static"
_TAKEN: Final = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})


def register(app: Flask, api: Any) -> None:
    """Add the pages to the app."""
    document: list[bytes] = []

    @app.get("/v1/openapi.json")
    def openapi() -> Response:
        if not document:
            document.append(written(api).encode())
        return Response(document[0], mimetype="application/json")

    @app.get("/v1/docs")
    def docs() -> str:
        g.policy = headers.with_inline_styles()
        return render_template("docs.html", built=(SWAGGER / "swagger-ui.css").exists())

    @app.get("/v1/docs/<name>")
    def docs_file(name: str) -> Response:
        if name == "init.js":
            return send_from_directory(_OWN, "docs-init.js")
        if name not in _TAKEN:
            raise Refusal("gateway.no_route")
        return send_from_directory(SWAGGER, name)

    @app.get("/v1/problems/<code>")
    def problem(code: str) -> Response:
        text = CATALOGUE.get(code)
        if text is None:
            raise Refusal("not_found", what=code)
        said = {
            "code": code,
            "status": text.status,
            "message": {"zh": text.zh, "en": text.en},
            "way_out": {"zh": text.way_zh, "en": text.way_en},
        }
        return Response(json.dumps(said), mimetype="application/json")


def written(api: Any) -> str:
    """Return the OpenAPI document as it stands in docs/openapi.json."""
    return json.dumps(_portable(api.spec.to_dict()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _portable(node: Any) -> Any:
    """Return the document with its patterns as JSON Schema reads them: ECMA-262 has no \\Z."""
    if isinstance(node, dict):
        return {
            key: value.replace("\\Z", "$")
            if key == "pattern" and isinstance(value, str)
            else _portable(value)
            for key, value in node.items()
        }
    return [_portable(item) for item in node] if isinstance(node, list) else node
