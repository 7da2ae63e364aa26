"""Built scripts and styles: their names with the hash of their content, and the files themselves."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory, url_for

from services.chassis import logs

DIST: Final = Path(__file__).parents[2] / "assets" / "dist"
_YEAR: Final = 31_536_000


@cache
def names() -> dict[str, str]:
    """Return the built file of each name (`base.css`), nothing when `make pages` has not run."""
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        logs.get().warning("pages are not built", way_out="make pages")
        return {}
    found: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return found


def asset(name: str) -> str | None:
    """Return the address of a built file, None when it is not built."""
    built = names().get(name)
    return url_for("built", name=built) if built else None


def register(app: Flask) -> None:
    """Serve the built files: a name never comes back with another content, so browsers keep it."""
    app.jinja_env.globals["asset"] = asset

    @app.get("/assets/<name>")
    def built(name: str) -> Response:
        response = send_from_directory(DIST, name, max_age=_YEAR)
        response.cache_control.public = True
        response.cache_control.immutable = True
        return response
