"""What narrows a list: the fields that were asked for, and a region with all that lies in it."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.vocabularies import regions

_NARROW: Final = ("occupation", "level", "kind", "status")


def narrowed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filter of the fields that have a value."""
    return {name: asked[name] for name in _NARROW if asked.get(name) is not None}


def within(region: str | None) -> dict[str, Any]:
    """Return the filter of a region (None: everywhere) and all below it."""
    if region is None:
        return {}
    return {"region": {"$in": [code for code in regions.CODES if regions.covers(region, code)]}}
