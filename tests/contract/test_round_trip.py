"""Every contract carries its data whole, says the same as its JSON Schema, and refuses what is wrong."""

from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from marshmallow import Schema, ValidationError, fields

from contracts.fields import _Checked
from contracts.shapes import inlined, shape_name, shapes
from tests.contract.samples import VARIANTS, Variant, contracts, requests, sample, through_json

CONTRACTS = contracts()
SHAPES = shapes()
INTEGERS = [
    (name, key)
    for name, kind in CONTRACTS.items()
    for key, field in kind().fields.items()
    if isinstance(field, fields.Integer)
]


def shape_of(kind: type[Schema]) -> Any:
    return inlined(SHAPES[shape_name(kind)], SHAPES)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_sent_arrives_whole(name: str, variant: Variant) -> None:
    schema = CONTRACTS[name]()
    loaded = schema.load(sample(CONTRACTS[name], variant))
    sent = through_json(schema.dump(loaded))
    assert schema.load(sent) == loaded
    assert through_json(schema.dump(schema.load(sent))) == sent
    Draft202012Validator(shape_of(CONTRACTS[name])).validate(sent)


def test_every_shape_is_a_json_schema_of_the_draft_that_asyncapi_takes() -> None:
    for shape in SHAPES.values():
        Draft7Validator.check_schema(shape)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_field_refuses_another_kind_of_value(name: str) -> None:
    schema, whole = CONTRACTS[name](), sample(CONTRACTS[name], "full")
    for key, field in schema.fields.items():
        if isinstance(field, fields.Constant):
            continue
        wrong = "text" if isinstance(field, fields.Nested | fields.List | fields.Dict) else {"no": "such"}
        with pytest.raises(ValidationError) as refused:
            schema.load(whole | {key: wrong})
        assert key in refused.value.normalized_messages(), f"{name}.{key} takes {wrong!r}"


@pytest.mark.parametrize("name", CONTRACTS)
def test_missing_and_unknown_fields_are_refused(name: str) -> None:
    schema, whole = CONTRACTS[name](), sample(CONTRACTS[name], "full")
    for key, field in schema.fields.items():
        if field.required:
            with pytest.raises(ValidationError, match=key):
                schema.load({name: value for name, value in whole.items() if name != key})
    with pytest.raises(ValidationError, match="no_such_field"):
        schema.load(whole | {"no_such_field": 1})


@pytest.mark.parametrize(("name", "key"), INTEGERS)
def test_a_whole_number_is_nothing_else(name: str, key: str) -> None:
    schema, whole = CONTRACTS[name](), sample(CONTRACTS[name], "full")
    for wrong in ("1", 1.5, 1.0, True, float("nan"), 10**30):
        with pytest.raises(ValidationError) as refused:
            schema.load(whole | {key: wrong})
        assert key in refused.value.normalized_messages(), f"{name}.{key} takes {wrong!r}"


@pytest.mark.parametrize("name", requests())
def test_no_text_that_people_send_is_without_bounds(name: str) -> None:
    schema, whole = CONTRACTS[name](), sample(CONTRACTS[name], "full")
    for key, field in schema.fields.items():
        if isinstance(field, fields.String | _Checked):
            with pytest.raises(ValidationError) as refused:
                schema.load(whole | {key: "甲" * 100_000})
            assert key in refused.value.normalized_messages(), f"{name}.{key} takes 100,000 characters"
        if isinstance(field, fields.List):
            with pytest.raises(ValidationError) as refused:
                schema.load(whole | {key: list(whole.get(key) or ["x"]) * 3_001})
            assert key in refused.value.normalized_messages(), f"{name}.{key} takes a list without end"
