"""Contracts as JSON Schema (draft 7, as AsyncAPI 3 takes it), by apispec's converter for marshmallow."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

import contracts.commands
import contracts.events
from contracts.envelope import CallEnvelope, CloudEvent
from contracts.fields import Base64, Contract, _Checked
from contracts.registry import COMMANDS, EVENTS, QUERIES

Shape = dict[str, Any]
REFERENCE: Final = "#/components/schemas/"


def load_all() -> None:
    """Import every module that declares a command, a query or an event."""
    for package in (contracts.commands, contracts.events):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")


def shape_name(schema: Any) -> str:
    """Return a name of its own for each schema: where it is declared, then its class."""
    kind = schema if isinstance(schema, type) else type(schema)
    return f"{kind.__module__.removeprefix('contracts.')}.{kind.__name__.lstrip('_')}"


def shapes() -> dict[str, Shape]:
    """Return the JSON Schema of every contract, by shape_name, sorted; nested ones are references."""
    load_all()
    plugin = MarshmallowPlugin(schema_name_resolver=shape_name)
    spec = APISpec(title="contracts", version="1", openapi_version="3.1.0", plugins=[plugin])
    cast(Any, plugin.converter).add_attribute_function(_own_fields)
    for schema in _roots():
        if shape_name(schema) not in spec.components.schemas:
            spec.components.schema(shape_name(schema), schema=schema)
    found: dict[str, Shape] = spec.to_dict()["components"]["schemas"]
    words = {shape_name(kind): kind.__doc__ for kind in _all_kinds(Schema)}
    for name, shape in found.items():
        text = words.get(name)
        if text and text not in (Schema.__doc__, Contract.__doc__):
            shape["description"] = " ".join(text.split())
    return dict(sorted(found.items()))


def inlined(shape: Any, known: Mapping[str, Shape]) -> Any:
    """Return a shape with every reference replaced by what it refers to."""
    if isinstance(shape, list):
        return [inlined(item, known) for item in shape]
    if not isinstance(shape, dict):
        return shape
    if "$ref" in shape:
        return inlined(known[shape["$ref"].removeprefix(REFERENCE)], known)
    return {key: inlined(value, known) for key, value in shape.items()}


def _roots() -> list[type[Schema]]:
    calls = [*COMMANDS.values(), *QUERIES.values()]
    facts = [event.data for versions in EVENTS.values() for event in versions.values()]
    return [
        CloudEvent,
        CallEnvelope,
        *facts,
        *(each for call in calls for each in (call.request, call.answer)),
    ]


def _all_kinds(kind: type[Schema]) -> list[type[Schema]]:
    return [each for child in kind.__subclasses__() for each in (child, *_all_kinds(child))]


def _own_fields(_converter: Any, field: Any, ret: Shape, **_: Any) -> Shape:
    """Say of our own fields what apispec cannot know, and write patterns as JSON Schema does."""
    if isinstance(field, fields.Constant):
        return {"const": field.constant}
    if isinstance(field, _Checked):
        name = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "-", type(field).__name__).lower()
        return {"maxLength": 64, "format": name}
    if isinstance(field, Base64):
        return {"type": "string", "contentEncoding": "base64"}
    if "pattern" in ret:
        return {"pattern": ret["pattern"].replace(r"\Z", "$")}
    return {}
