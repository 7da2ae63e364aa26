"""The facts as they were published, and whether a changed contract still keeps faith with them.

`contracts/published/<service>.json` holds the JSON Schema of every version of every fact. Facts are kept for
ever and read again (replay, audit), so a version may only change in ways that leave every fact told under it
readable, and every promise to its readers kept: a field may be added when it is optional, a limit widened, a
code added. Anything else needs a new version, with an upcaster (services.chassis.events.UPCASTERS).

`python -m contracts.publishing` writes what is new, and refuses, line by line, what would break.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from contracts.registry import EVENTS
from contracts.shapes import Shape, inlined, shape_name, shapes

FOLDER: Final = Path(__file__).parent / "published"
Published = dict[str, dict[str, Shape]]
_WORDS: Final = ("description", "title", "default", "example", "examples")
_FLOORS: Final = ("minimum", "minLength", "minItems", "exclusiveMinimum")
_CEILINGS: Final = ("maximum", "maxLength", "maxItems", "exclusiveMaximum")


def current() -> Published:
    """Return the shapes that the code declares: type → version → JSON Schema without references or words."""
    known = shapes()
    return {
        type: {
            str(number): _bare(inlined(known[shape_name(event.data)], known))
            for number, event in versions.items()
        }
        for type, versions in sorted(EVENTS.items())
    }


def published(folder: Path = FOLDER) -> Published:
    """Return the shapes that were published."""
    found: Published = {}
    for file in sorted(folder.glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def breaches(before: Published, now: Published) -> list[str]:
    """Return every published promise that the code no longer keeps, one line each."""
    return [
        line for type, versions in before.items() for line in _breaches_of(type, versions, now.get(type, {}))
    ]


def unpublished(before: Published, now: Published) -> list[str]:
    """Return the versions, `type vN`, whose published shape is missing or behind the code."""
    return [
        f"{type} v{number}"
        for type, versions in now.items()
        for number, shape in versions.items()
        if before.get(type, {}).get(number) != shape
    ]


def publish(folder: Path = FOLDER) -> list[str]:
    """Write what the code declares, unless that breaks a promise; return the breaches (none: written)."""
    before, now = published(folder), current()
    broken = breaches(before, now)
    if not broken:
        folder.mkdir(exist_ok=True)
        for service in sorted({type.split(".")[0] for type in now}):
            content = {type: versions for type, versions in now.items() if type.split(".")[0] == service}
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{service}.json").write_text(f"{text}\n", encoding="utf-8")
    return broken


def differences(old: Any, new: Any, path: str = "data") -> Iterator[str]:
    """Yield each way in which `new` breaks what `old` promised; both are JSON Schemas without references."""
    if set(_types(old)) != set(_types(new)):
        yield f"{path}: type was {'/'.join(_types(old))}, is {'/'.join(_types(new))}"
        return
    yield from _fields(old, new, path)
    yield from _values(old, new, path)
    if "items" in old and "items" in new:
        yield from differences(old["items"], new["items"], f"{path}[]")
    judged = {"type", "properties", "required", "enum", "items", *_FLOORS, *_CEILINGS}
    for key in sorted((set(old) | set(new)) - judged):
        if old.get(key) != new.get(key):
            yield f"{path}: {key} was {_short(old.get(key))}, is {_short(new.get(key))}"


def _fields(old: Shape, new: Shape, path: str) -> Iterator[str]:
    had, has = old.get("properties", {}), new.get("properties", {})
    needed, needs = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(set(had) | set(has)):
        where = f"{path}.{name}"
        if name not in has:
            yield f"{where}: was taken away"
        elif name in needs and name not in needed:
            yield f"{where}: is required, and facts told before may lack it"
        elif name in needed and name not in needs:
            yield f"{where}: was always there, may now be missing"
        elif name in had:
            yield from differences(had[name], has[name], where)


def _values(old: Shape, new: Shape, path: str) -> Iterator[str]:
    if "enum" in new:
        gone = [code for code in old.get("enum", ["(any)"]) if code not in new["enum"]]
        if gone:
            yield f"{path}: no longer takes {_short(gone)}"
    for key in _FLOORS:
        if key in new and (key not in old or new[key] > old[key]):
            yield f"{path}: {key} was {old.get(key, 'none')}, is {new[key]}"
    for key in _CEILINGS:
        if key in new and (key not in old or new[key] < old[key]):
            yield f"{path}: {key} was {old.get(key, 'none')}, is {new[key]}"


def _breaches_of(type: str, versions: Mapping[str, Shape], now: Mapping[str, Shape]) -> Iterator[str]:
    for number, shape in versions.items():
        if number not in now:
            yield f"{type} v{number}: is no longer declared"
            continue
        for line in differences(shape, now[number]):
            yield f"{type} v{number}: {line}"


def _types(shape: Shape) -> list[str]:
    kinds = shape.get("type", "any")
    return sorted(kinds) if isinstance(kinds, list) else [kinds]


def _bare(shape: Any) -> Any:
    if isinstance(shape, list):
        return [_bare(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    # A field may be called `description` or `title`: below `properties` the keys are names, not words.
    return {
        key: {name: _bare(field) for name, field in value.items()} if key == "properties" else _bare(value)
        for key, value in shape.items()
        if key not in _WORDS
    }


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


if __name__ == "__main__":
    broken = publish()
    for line in broken:
        sys.stderr.write(f"{line}\n")
    if broken:
        sys.exit("declare a new version of the fact, event(type, N + 1, …), with an upcaster for the old one")
