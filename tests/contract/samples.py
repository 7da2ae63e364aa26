"""A valid sample of any contract, made from its fields: the least, everything, nulls where they may be."""

import json
from collections.abc import Callable
from typing import Any, Final, Literal

from marshmallow import Schema, ValidationError, fields, validate

from contracts.fields import _Checked
from contracts.registry import COMMANDS, EVENTS, QUERIES
from contracts.shapes import load_all, shape_name
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code

Variant = Literal["least", "full", "null"]
VARIANTS: Final[tuple[Variant, ...]] = ("least", "full", "null")
_CANDIDATES: Final = (
    "示例甲",
    "a1",
    "ABCD12345678",
    "13800000000",
    "6222000000000000",
    "370611",
    "2021-11",
    "6-18-02-04",
    "a" * 64,
    "YQ==",
    "YWFh" * 10 + "YWE=",
    "YWFh" * 21 + "YQ==",
    # an uncompressed point
    "BGFh" + "YWFh" * 20 + "YWE=",
    "12345678",
    "ABCDEFGH234567AB",
    make_citizen_id(),
    make_credit_code(1),
    "/wudan/intake",
    "intake.person.registered",
    "urn:wudan:intake.person.registered:v1",
    "9787000000000",
    "https://example.org/course",
)
"""One of these fits any text field with a pattern or a check of its own."""

_PERSON: Final = ("id_number", "name", "phone", "region", "groups", "bank_account")
_FIRM: Final = ("headcount", "skills", "training_kind")
_WORKERS: Final = {"kind": "worker", "occupation_edition": "2022", "posts": []}
# Contracts whose fields depend on one another: what has to go from the sample, or come to it.
_WITHOUT: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("commands.selection_vouchers.IssueVouchersRequest", "full"): ("person_refs", "groups"),
    ("commands.settlement_claims.SubmitClaimRequest", "full"): ("project_id", "class_id", "certificates"),
    ("commands.acceptance_bids.BroughtBid", "full"): ("problem",),
    ("commands.selection_sharing.IssueCredentialRequest", "full"): ("scope",),
    ("commands.intake.PostDemandRequest", "full"): ("group", "person", "proof", "posts"),
    ("commands.intake_demands.ChangeDemandRequest", "full"): ("group", "proof", "posts"),
}
_WITH: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("commands.selection_vouchers.IssueVouchersRequest", "least"): {"class_id": "c1"},
    ("commands.selection_vouchers.IssueVouchersRequest", "full"): {"voucher_fen": 180_000},
    ("commands.selection_vouchers.IssueVouchersRequest", "null"): {"class_id": "c1"},
    ("commands.settlement_claims.SubmitClaimRequest", "least"): {
        "kind": "project_advance",
        "project_id": "p1",
    },
    ("commands.settlement_claims.SubmitClaimRequest", "full"): {"kind": "wage_month", "as_school": False},
    ("commands.settlement_claims.SubmitClaimRequest", "null"): {
        "kind": "project_advance",
        "project_id": "p1",
        "as_school": False,
    },
    ("commands.acceptance_bids.BroughtBid", "least"): {"content": "YQ=="},
    ("commands.acceptance_bids.BroughtBid", "null"): {"content": "YQ=="},
    ("commands.selection_sharing.IssueCredentialRequest", "least"): {"entry_id": "e1"},
    ("commands.selection_sharing.IssueCredentialRequest", "null"): {"kind": "record"},
    ("commands.selection_records.AnswerCorrectionRequest", "least"): {"strike": True},
    ("commands.intake.PostDemandRequest", "least"): {"kind": "worker"},
    ("commands.intake.PostDemandRequest", "null"): _WORKERS,
    ("commands.intake.PostDemandRequest", "full"): {"occupation_edition": "2022"},
    ("commands.intake_demands.ChangeDemandRequest", "least"): {"kind": "worker"},
    ("commands.intake_demands.ChangeDemandRequest", "null"): _WORKERS,
    ("commands.intake_demands.ChangeDemandRequest", "full"): {"occupation_edition": "2022"},
}


def contracts() -> dict[str, type[Schema]]:
    """Return every schema of a command, a query or a fact, nested ones included, by its shape_name."""
    load_all()
    calls = [*COMMANDS.values(), *QUERIES.values()]
    roots = [each for call in calls for each in (call.request, call.answer)]
    roots += [event.data for versions in EVENTS.values() for event in versions.values()]
    return _with_nested(roots)


def requests() -> dict[str, type[Schema]]:
    """Return the schemas that people's input goes through, nested ones included."""
    load_all()
    return _with_nested([call.request for call in [*COMMANDS.values(), *QUERIES.values()]])


def sample(kind: type[Schema], variant: Variant) -> dict[str, Any]:
    """Return a sample as it stands in JSON. Raises AssertionError for a field that no candidate fits."""
    name = shape_name(kind)
    made = {
        key: value(field, variant)
        for key, field in kind().fields.items()
        if (field.required or variant != "least") and key not in _WITHOUT.get((name, variant), ())
    }
    return made | _WITH.get((name, variant), {})


def value(field: fields.Field[Any], variant: Variant) -> Any:
    """Return a value that a field takes."""
    if variant == "null" and field.allow_none:
        return None
    for kind, make in _MAKERS:
        if isinstance(field, kind):
            return make(field, variant)
    return _text(field)


def _text(field: fields.Field[Any]) -> str:
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return str(next(iter(check.choices)))
    for candidate in _CANDIDATES:
        try:
            field.deserialize(candidate)
        except ValidationError:
            continue
        return candidate
    raise AssertionError(f"no candidate of tests/contract/samples.py fits {field.name}: add one")


def _number(field: fields.Field[Any], _: Variant) -> Any:
    ranges = [check for check in field.validators if isinstance(check, validate.Range)]
    low = max((check.min for check in ranges if check.min is not None), default=1)
    return low + 0.5 if isinstance(field, fields.Float) else low


def _list(field: Any, variant: Variant) -> list[Any]:
    lengths = [check.min or 0 for check in field.validators if isinstance(check, validate.Length)]
    lengths += [
        check.equal for check in field.validators if isinstance(check, validate.Length) and check.equal
    ]
    return [value(field.inner, variant) for _ in range(max([1, *lengths]))]


def _dict(field: Any, variant: Variant) -> dict[str, Any]:
    if field.key_field is None:
        return {"key": "示例"}
    return {value(field.key_field, variant): value(field.value_field, variant)}


_MAKERS: Final[tuple[tuple[type, Callable[[Any, Variant], Any]], ...]] = (
    (fields.Constant, lambda field, _: field.constant),
    (_Checked, lambda field, _: _text(field)),
    (fields.DateTime, lambda field, _: "2027-03-01T01:02:03.004Z"),
    (fields.Date, lambda field, _: "2027-03-01"),
    (fields.Boolean, lambda field, _: True),
    (fields.Number, _number),
    (fields.Nested, lambda field, variant: sample(type(field.schema), variant)),
    (fields.List, _list),
    (fields.Dict, _dict),
)


def _with_nested(roots: list[type[Schema]]) -> dict[str, type[Schema]]:
    found: dict[str, type[Schema]] = {}
    waiting = list(roots)
    while waiting:
        kind = waiting.pop()
        if shape_name(kind) not in found:
            found[shape_name(kind)] = kind
            waiting += [nested for field in kind().fields.values() for nested in _nested(field)]
    return dict(sorted(found.items()))


def _nested(field: Any) -> list[type[Schema]]:
    if isinstance(field, fields.List):
        return _nested(field.inner)
    return [type(field.schema)] if isinstance(field, fields.Nested) else []


def through_json(data: Any) -> Any:
    """Return what arrives when data is sent as JSON."""
    return json.loads(json.dumps(data, ensure_ascii=False))
