"""A scenario (测算方案): a rule set with dated changes laid over it, checked as the data itself is.

It answers what-if questions and nothing else: its edition says `+scenario`, what it changed cites the
document `scenario`, and no claim can get at it, because claims take their rules from `rules_for` alone.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from services.policy.checks import Placed, problems_of_place, problems_of_rule, problems_of_set
from services.policy.loader import DATA, Problem, RulesInvalid, digest
from services.policy.rules import Rule, RuleSet

DOCUMENT: Final = "scenario"
MARK: Final = "+scenario"
_CHANGE: Final = {"rule", "valid_from", "valid_to", "values", "ends"}
_LISTS: Final = ("payee", "fund")
_DAYS: Final = ("valid_from", "valid_to", "ends")
_PARTS: Final = ("change", "rule")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands: the file and the line, or the number of the entry where there are no lines."""

    file: str
    line: int

    def wrong(self, rule: str, field: str, text: str) -> Problem:
        """Return what is wrong with a field of the entry."""
        return Problem(self.file, self.line, rule, field, text)


def overlaid(rules: RuleSet, name: str, content: Mapping[str, Any], lines: Sequence[int] = ()) -> RuleSet:
    """Return the rules with the changes of a scenario.

    `content` holds `change` (entries with `rule`: the id of a rule, and either `valid_from` with the `values`
    that differ from then on, `valid_to` if they end, or `ends`: the rule's last day) and `rule` (new rules,
    written as in the data, with `clause`, `zh`, `en`, `document` and `status` filled in where they are not
    given). `lines` are the lines of the entries, changes first. Raises RulesInvalid naming every mistake.
    """
    entries = _entries(name, content, lines)
    documents = (*tomllib.loads((DATA / "documents.toml").read_text("utf-8")), DOCUMENT)
    placed: dict[str, Placed] = {rule.id: (rule, f"{rules.edition}", 0) for rule in rules.rules}
    for part, entry, place in entries:
        if part == "change":
            _change(placed, entry, place, name, documents)
        else:
            _add(placed, entry, place, rules, name, documents)
    found = [
        Problem(file, line, rule.id, field, text)
        for rule, file, line, field, text in problems_of_set(list(placed.values()))
    ]
    if found:
        raise RulesInvalid(found)
    ordered = sorted((rule for rule, _, _ in placed.values()), key=lambda rule: rule.id)
    return RuleSet(rules.jurisdiction, f"{rules.edition}{MARK}", ordered, digest(ordered))


def read_scenario(name: str, text: str) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Return the content of a scenario written as TOML, and the lines of its entries. Raises RulesInvalid."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RulesInvalid([Problem(name, 1, "-", "-", str(problem))]) from problem
    heads = {f"[[{part}]]": part for part in _PARTS}
    numbered = [(heads.get(line.strip()), number) for number, line in enumerate(text.splitlines(), 1)]
    lines = [number for part in _PARTS for head, number in numbered if head == part]
    return content, tuple(lines)


def _entries(
    name: str, content: Mapping[str, Any], lines: Sequence[int]
) -> list[tuple[str, dict[str, Any], _Place]]:
    first = _Place(name, 1)
    strange = [first.wrong("-", part, "is not change or rule") for part in sorted(set(content) - set(_PARTS))]
    found = list(_all_entries(content))
    strange += [first.wrong("-", part, "is not a table") for part, entry in found if not _is_table(entry)]
    if strange:
        raise RulesInvalid(strange)
    if not found:
        raise RulesInvalid([first.wrong("-", "change", "a scenario changes at least one rule")])
    numbers = lines if len(lines) == len(found) else range(1, len(found) + 1)
    return [
        (part, _with_days(entry, _Place(name, number)), _Place(name, number))
        for (part, entry), number in zip(found, numbers, strict=True)
    ]


def _all_entries(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in _PARTS:
        given = content.get(part, ())
        yield from ((part, entry) for entry in (given if isinstance(given, list | tuple) else [None]))


def _is_table(entry: Any) -> bool:
    return isinstance(entry, Mapping)


def _with_days(entry: Mapping[str, Any], place: _Place) -> dict[str, Any]:
    """Return an entry with its days as days: JSON has them as text."""
    days = {}
    for field in _DAYS:
        if isinstance(entry.get(field), str):
            try:
                days[field] = date.fromisoformat(entry[field])
            except ValueError:
                raise RulesInvalid([place.wrong(_named(entry), field, "is not a day")]) from None
    return {**entry, **days}


def _named(entry: Mapping[str, Any]) -> str:
    return str(entry.get("rule", entry.get("id", "-")))


def _change(
    placed: dict[str, Placed], entry: dict[str, Any], place: _Place, name: str, documents: Sequence[str]
) -> None:
    id = _named(entry)
    wrong = [place.wrong(id, field, "is not a field of a change") for field in sorted(set(entry) - _CHANGE)]
    if id not in placed:
        wrong.append(place.wrong(id, "rule", "is no rule of this edition"))
    if ("ends" in entry) == ("valid_from" in entry):
        wrong.append(place.wrong(id, "valid_from", "is needed, or else ends"))
    values = entry.get("values")
    if "valid_from" in entry and not (isinstance(values, Mapping) and values):
        wrong.append(place.wrong(id, "values", "is missing"))
    wrong += [
        place.wrong(id, field, "is not a day")
        for field in _DAYS
        if field in entry and type(entry[field]) is not date
    ]
    if wrong:
        raise RulesInvalid(wrong)
    rule, file, line = placed[id]
    if "ends" in entry:
        _end(placed, id, entry["ends"], place)
        return
    begins = entry["valid_from"]
    if not rule.valid_from <= begins <= (rule.valid_to or begins):
        raise RulesInvalid([place.wrong(id, "valid_from", "is outside the days of the rule")])
    raw = asdict(rule) | {
        "id": f"{id}@{begins}",
        "document": DOCUMENT,
        "clause": name,
        "status": "illustrative",
        "valid_from": begins,
        "valid_to": entry.get("valid_to", rule.valid_to),
        "values": {**rule.values, **entry["values"]},
        "after_gap": "",
    }
    changed = _checked(raw, place, documents)
    if begins == rule.valid_from:
        del placed[id]
    else:
        placed[id] = (replace(rule, valid_to=begins - timedelta(days=1)), file, line)
    placed[changed.id] = (changed, place.file, place.line)


def _end(placed: dict[str, Placed], id: str, last: date, place: _Place) -> None:
    rule, file, line = placed[id]
    if last < rule.valid_from:
        del placed[id]
    elif rule.valid_to is not None and last > rule.valid_to:
        raise RulesInvalid([place.wrong(id, "ends", f"is after the rule's own end, {rule.valid_to}")])
    else:
        placed[id] = (replace(rule, valid_to=last), file, line)


def _add(
    placed: dict[str, Placed],
    entry: dict[str, Any],
    place: _Place,
    rules: RuleSet,
    name: str,
    documents: Sequence[str],
) -> None:
    filled = {"document": DOCUMENT, "clause": name, "status": "illustrative", "zh": name, "en": "scenario"}
    rule = _checked({**filled, "jurisdiction": rules.jurisdiction, **entry}, place, documents)
    if rule.id in placed:
        raise RulesInvalid([place.wrong(rule.id, "id", "is used already")])
    elsewhere = problems_of_place({"jurisdiction": rule.jurisdiction}, rules.jurisdiction)
    if elsewhere:
        raise RulesInvalid([place.wrong(rule.id, field, text) for field, text in elsewhere])
    placed[rule.id] = (rule, place.file, place.line)


def _checked(raw: Mapping[str, Any], place: _Place, documents: Sequence[str]) -> Rule:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in raw.items()}
    given = {name: value for name, value in plain.items() if value is not None and value != ""}
    wrong = problems_of_rule(given, documents)
    if wrong:
        raise RulesInvalid([place.wrong(_named(raw), field, text) for field, text in wrong])
    content: dict[str, Any] = {"valid_to": None, **given}
    content |= {name: tuple(given[name]) for name in _LISTS}
    return Rule(**content)
