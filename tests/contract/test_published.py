"""No published fact changes in a breaking way without a new version; and a breaking change would be seen."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from contracts import publishing
from contracts.fields import Contract, Ref
from contracts.registry import EVENTS, Event
from services.chassis.events import UPCASTERS

SHAPE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "enum": ["a", "b"]},
        "size": {"type": "integer", "minimum": 1, "maximum": 9},
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "id": {"type": "string", "pattern": "^[a-z]+$"},
        "note": {"type": ["null", "string"]},
        "parts": {
            "type": "array",
            "maxItems": 5,
            "items": {"type": "object", "properties": {"id": {"type": "string"}}},
        },
    },
    "required": ["code", "size", "parts"],
}


def at(shape: dict[str, Any], *path: str) -> dict[str, Any]:
    for key in path:
        shape = shape[key]
    return shape


def take_away(shape: dict[str, Any]) -> None:
    del shape["properties"]["note"]


def rename(shape: dict[str, Any]) -> None:
    shape["properties"]["remark"] = shape["properties"].pop("note")


def change(*path: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda shape: at(shape, *path).update(values)


BREAKING = {
    "field taken away": take_away,
    "field renamed": rename,
    "optional field now required": change(required=["code", "size", "parts", "note"]),
    "required field now optional": change(required=["code", "size"]),
    "type changed": change("properties", "size", type="string"),
    "null now possible": change("properties", "size", type=["integer", "null"]),
    "null no longer possible": change("properties", "note", type="string"),
    "code taken away": change("properties", "code", enum=["a"]),
    "codes now listed": change("properties", "name", enum=["a"]),
    "floor raised": change("properties", "size", minimum=2),
    "ceiling lowered": change("properties", "size", maximum=8),
    "text shorter": change("properties", "name", maxLength=10),
    "list shorter": change("properties", "parts", maxItems=4),
    "bound where there was none": change("properties", "note", maxLength=10),
    "pattern changed": change("properties", "id", pattern="^[a-z]{3}$"),
    "check changed": change("properties", "id", format="credit-code"),
    "inside a list": change("properties", "parts", "items", "properties", "id", type="integer"),
    "inside a list, required": change("properties", "parts", "items", required=["id"]),
}
FAITHFUL = {
    "optional field added": change("properties", more={"type": "string"}),
    "code added": change("properties", "code", enum=["a", "b", "c"]),
    "any code": lambda shape: at(shape, "properties", "code").pop("enum"),
    "ceiling raised": change("properties", "size", maximum=10),
    "floor taken away": lambda shape: at(shape, "properties", "size").pop("minimum"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_seen(name: str) -> None:
    changed = copy.deepcopy(SHAPE)
    BREAKING[name](changed)
    assert list(publishing.differences(SHAPE, changed)), name


@pytest.mark.parametrize("name", FAITHFUL)
def test_a_faithful_change_passes(name: str) -> None:
    changed = copy.deepcopy(SHAPE)
    FAITHFUL[name](changed)
    assert changed != SHAPE
    assert list(publishing.differences(SHAPE, changed)) == []


def test_every_published_fact_keeps_its_promise() -> None:
    assert publishing.breaches(publishing.published(), publishing.current()) == []


def test_every_fact_is_published_as_it_is() -> None:
    behind = publishing.unpublished(publishing.published(), publishing.current())
    assert behind == [], "run `python -m contracts.publishing` and commit contracts/published/"


def test_every_old_version_can_be_read() -> None:
    steps = {
        (type, version)
        for type, versions in EVENTS.items()
        for version in versions
        if version < max(versions)
    }
    assert steps <= set(UPCASTERS)


class Before(Contract):
    person_ref = Ref(required=True)


class After(Before):
    region = fields.String(required=True)


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Declare the versions of one fact that only this test knows."""

    def declare(*kinds: type[Contract]) -> None:
        versions = {number: Event("intake.sample.told", number, kind) for number, kind in enumerate(kinds, 1)}
        monkeypatch.setitem(EVENTS, "intake.sample.told", versions)

    return declare


def test_a_declared_fact_is_watched_from_contract_to_file(
    declared: Callable[..., None], tmp_path: Path
) -> None:
    declared(Before)
    assert publishing.publish(tmp_path) == []
    first = (tmp_path / "intake.json").read_text(encoding="utf-8")
    assert "1" in json.loads(first)["intake.sample.told"]

    declared(After)
    broken = publishing.publish(tmp_path)
    assert broken == ["intake.sample.told v1: data.region: is required, and facts told before may lack it"]
    assert (tmp_path / "intake.json").read_text(encoding="utf-8") == first, "a breach publishes nothing"

    declared(Before, After)
    assert publishing.publish(tmp_path) == []
    assert set(publishing.published(tmp_path)["intake.sample.told"]) == {"1", "2"}

    declared(Before)
    assert publishing.publish(tmp_path) == ["intake.sample.told v2: is no longer declared"]
