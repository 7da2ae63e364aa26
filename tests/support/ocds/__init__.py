"""Checks of Open Contracting packages with the standard's own schemas and merge tool."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ocdsmerge
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

_HERE = Path(__file__).parent
_URL = "https://standard.open-contracting.org/schema/1__1__5/release-schema.json"
_SCHEMAS = {
    kind: json.loads((_HERE / f"{kind}-schema.json").read_text("utf-8"))
    for kind in ("release", "release-package", "record-package")
}
_FORMATS = FormatChecker(())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value)
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value) is not None


@_FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def problems(package: dict[str, Any]) -> list[str]:
    """Return what the standard's schema of release or record packages finds wrong, with its place."""
    kind = "record-package" if "records" in package else "release-package"
    registry = Registry().with_resource(_URL, DRAFT4.create_resource(_SCHEMAS["release"]))
    validator = Draft4Validator(_SCHEMAS[kind], registry=registry, format_checker=_FORMATS)
    found = validator.iter_errors(json.loads(json.dumps(package)))
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in found]


def merged(releases: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the compiled release that the standard's merge tool makes of releases."""
    made: dict[str, Any] = ocdsmerge.Merger(_SCHEMAS["release"]).create_compiled_release(releases)
    return made
