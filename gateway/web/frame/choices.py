"""The words of codes: for a choice in a form and for a code that is shown, from the field's vocabularies."""

import importlib
import pkgutil
from functools import cache
from typing import Any, Final

from marshmallow import fields, validate

import contracts.vocabularies
from contracts.fields import OccupationCode, RegionCode
from contracts.vocabularies import groups, levels, occupations, regions
from contracts.vocabularies.terms import Vocabulary
from gateway.web.language import Text

Choice = tuple[str, Text]
# the same codes with other words elsewhere
_BY_NAME: Final = {"level": levels.LEVELS, "group": groups.GROUPS, "groups": groups.GROUPS}
_SKIPPED: Final = frozenset({"errors", "data"})


def codes_of(field: fields.Field[Any] | None) -> tuple[str, ...]:
    """Return the codes that a field takes, none when it is free."""
    if isinstance(field, fields.List):
        return codes_of(field.inner)
    for check in field.validators if field is not None else ():
        if isinstance(check, validate.OneOf):
            return tuple(check.choices)
    return ()


def choices_of(name: str, field: fields.Field[Any]) -> list[Choice]:
    """Return what a field can be given, in the order of its vocabulary; empty for a field without codes."""
    inner = field.inner if isinstance(field, fields.List) else field
    if isinstance(inner, OccupationCode):
        return [(each.code, Text(f"{each.zh}（{each.code}）", f"{each.en} ({each.code})"))
                for each in occupations.OCCUPATIONS]  # fmt: skip
    if isinstance(inner, RegionCode):
        return region_choices()
    codes = codes_of(field)
    if not codes:
        return []
    known = _words(name, frozenset(codes))
    ordered = [code for code in known if code in codes] + [code for code in codes if code not in known]
    return [(code, known.get(code, Text(code, code))) for code in ordered]


@cache
def region_choices() -> list[Choice]:
    """Return all regions in the order of their codes, which is from above to below."""
    return [(code, Text(regions.full_name(code), regions.name(code, "en"))) for code in sorted(regions.CODES)]


def word(name: str, field: fields.Field[Any] | None, code: str) -> Text:
    """Return the word of one code of a field; the code itself where no vocabulary has it."""
    if isinstance(field, RegionCode):
        return (
            Text(regions.full_name(code), regions.name(code, "en")) if regions.exists(code) else _plain(code)
        )
    if isinstance(field, OccupationCode):
        return _term(occupations.OCCUPATIONS, code) if occupations.exists(code) else _plain(code)
    codes = codes_of(field)
    if codes:
        return _words(name, frozenset(codes)).get(code, _plain(code))
    return _words(name, frozenset({code})).get(code, _plain(code)) if name in _BY_NAME else _plain(code)


def _plain(code: str) -> Text:
    return Text(code, code)


def _term(vocabulary: Vocabulary, code: str) -> Text:
    term = vocabulary.term(code)
    return Text(term.zh, term.en)


@cache
def _words(name: str, codes: frozenset[str]) -> dict[str, Text]:
    """Return the words of the smallest vocabulary that has all the codes."""
    if name in _BY_NAME:
        return {each.code: Text(each.zh, each.en) for each in _BY_NAME[name]}
    fitting = [known for known in _vocabularies() if codes <= known.keys()]
    return min(fitting, key=len, default={})


@cache
def _vocabularies() -> list[dict[str, Text]]:
    found = []
    for module in pkgutil.iter_modules(contracts.vocabularies.__path__):
        if module.name in _SKIPPED:
            continue
        for value in vars(importlib.import_module(f"contracts.vocabularies.{module.name}")).values():
            if isinstance(value, Vocabulary):
                found.append({each.code: Text(each.zh, each.en) for each in value})
            elif isinstance(value, dict) and value and _is_words(value):
                found.append({code: Text(zh, code.replace("_", " ")) for code, zh in value.items()})
    return found


def _is_words(value: dict[Any, Any]) -> bool:
    return all(isinstance(one, str) for pair in value.items() for one in pair)
