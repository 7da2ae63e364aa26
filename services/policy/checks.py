"""What can be wrong with a rule's data. Each finding is a field and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from contracts.vocabularies import groups, levels, modes, occupations, regions
from contracts.vocabularies.money import FUNDS, MEMORANDUM, PAYEES
from contracts.vocabularies.statuses import SOURCING_WAYS
from services.policy import topics
from services.policy.caps import tables_at_cap
from services.policy.rules import STATUSES, Rule
from services.policy.topics import CLAIMS, TOPICS

Found = tuple[str, str]
Placed = tuple[Rule, str, int]

_KNOWN = {each.name for each in fields(Rule)}
_NEEDED = _KNOWN - {"valid_to", "note", "applies", "values", "after_gap"}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list_of(known: Callable[[str], bool]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return (
            isinstance(value, list)
            and bool(value)
            and all(_is_text(each) and known(each) for each in value)
            and len(set(value)) == len(value)
        )

    return check


def _is_day(value: Any) -> bool:
    return type(value) is date


_VALUES: dict[str, Callable[[Any], bool]] = {
    topics.COUNT: _is_count,
    topics.FEN: _is_count,
    topics.PERCENT: lambda value: _is_count(value) and value <= 100,
    topics.GROUPS: _is_list_of(groups.exists),
    topics.GRADUATION: lambda value: value in ("this_year", "within_2_years"),
    topics.RATE: lambda value: _is_count(value) and 1 <= value <= 1000,
    topics.YES_NO: lambda value: isinstance(value, bool),
    topics.LEVEL: lambda value: _is_text(value) and levels.exists(value),
    topics.LEVELS: _is_list_of(levels.exists),
    topics.KIND: lambda value: _is_text(value) and modes.KINDS.exists(value),
    topics.FUND: lambda value: _is_text(value) and FUNDS.exists(value),
    topics.FILES: _is_list_of(topics.EVIDENCE.__contains__),
}
_FACTS: dict[str, Callable[[str], bool]] = {
    "organisation": modes.ORGANISATIONS.exists,
    "kind": modes.KINDS.exists,
    "occupation": occupations.exists,
    "level": levels.exists,
    "certificate": lambda code: levels.exists(code) or code == "first_operation",
    "with_firm": ("yes", "no").__contains__,
    "payee": PAYEES.exists,
    "organiser": PAYEES.exists,
    "claim": CLAIMS.__contains__,
    "payroll": ("compared", "documents", "none").__contains__,
    "way": SOURCING_WAYS.__contains__,
}
_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "topic": (lambda value: value in TOPICS, "is not a known topic"),
    "jurisdiction": (lambda value: _is_text(value) and regions.exists(value), "is not a known region"),
    "payee": (_is_list_of(PAYEES.exists), "is not a list of known payees"),
    "fund": (
        _is_list_of(lambda code: FUNDS.exists(code) or MEMORANDUM.exists(code)),
        "is not a list of known funds",
    ),
    "valid_from": (_is_day, "is not a day"),
    "valid_to": (_is_day, "is not a day"),
    "status": (lambda value: value in STATUSES, f"is none of {', '.join(STATUSES)}"),
    **dict.fromkeys(("id", "clause", "zh", "en", "note", "after_gap"), (_is_text, "is empty or not text")),
}


def problems_of_file(content: Mapping[str, Any]) -> list[Found]:
    """Return what is wrong with the parts of a rule file."""
    found = [(name, "is not defaults or rule") for name in content if name not in ("defaults", "rule")]
    if not isinstance(content.get("defaults", {}), dict):
        found.append(("defaults", "is not a table"))
    rules = content.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        found.append(("rule", "is not a list of tables: write [[rule]]"))
    return found


def problems_of_place(raw: Mapping[str, Any], province: str) -> list[Found]:
    """Return what is wrong with where a sound rule holds: it may not leave the province of its folder."""
    if not regions.covers(province, raw["jurisdiction"]):
        return [("jurisdiction", f"is outside of {province}, the folder's province")]
    return []


def problems_of_rule(raw: Mapping[str, Any], documents: Sequence[str]) -> list[Found]:
    """Return what is wrong with one rule as it stands in its file."""
    found = [(name, "is not a field of a rule") for name in sorted(set(raw) - _KNOWN)]
    found += [(name, "is missing") for name in sorted(_NEEDED - set(raw))]
    found += [(name, text) for name, (good, text) in _FIELDS.items() if name in raw and not good(raw[name])]
    if "document" in raw and raw["document"] not in documents:
        found.append(("document", "is not in documents.toml"))
    if found:
        return found
    return [*_validity(raw), *_content(raw)]


def _validity(raw: Mapping[str, Any]) -> list[Found]:
    last = raw.get("valid_to")
    if last is not None and last < raw["valid_from"]:
        return [("valid_to", "is before valid_from")]
    if raw["status"] == "expired" and last is None:
        return [("valid_to", "is missing: an expired rule has a last day")]
    return []


def _content(raw: Mapping[str, Any]) -> list[Found]:
    topic = TOPICS[raw["topic"]]
    values, applies = raw.get("values", {}), raw.get("applies", {})
    shapes = [
        (name, "is not a table") for name in ("values", "applies") if not isinstance(raw.get(name, {}), dict)
    ]
    if shapes:
        return shapes
    known = {**topic.values, **topic.optional}
    found = [(f"values.{name}", "is missing") for name in topic.values if name not in values]
    for name, value in values.items():
        if name not in known:
            found.append((f"values.{name}", f"has no place in {raw['topic']}"))
        elif not _VALUES[known[name]](value):
            found.append((f"values.{name}", f"is not {known[name]}"))
    for name, value in applies.items():
        if name not in topic.applies:
            found.append((f"applies.{name}", f"has no place in {raw['topic']}"))
        elif not _is_text(value):
            found.append((f"applies.{name}", "is empty or not text"))
        elif not _FACTS[name](value):
            found.append((f"applies.{name}", f"knows no {value}"))
    if not topic.memorandum and not all(FUNDS.exists(code) for code in raw["fund"]):
        found.append(("fund", "names money of others, which pays no claim"))
    return found or _figures(raw["topic"], values)


def _figures(topic: str, values: Mapping[str, Any]) -> list[Found]:
    """Return which figures of one rule cannot stand together."""
    if topic == "cost_share" and sum(values.values()) != 100:
        return [("values", f"the shares sum to {sum(values.values())}, not to 100")]
    if topic == "oriented_cap" and values["min_months"] > values["max_months"]:
        return [("values.max_months", "is less than min_months")]
    if topic == "grade_weights" and sum(values.values()) != 100:
        return [("values", f"the weights sum to {sum(values.values())}, not to 100")]
    if topic == "grade_thresholds" and not values["a"] > values["b"] > values["c"]:
        return [("values", "a grade must ask for more than the one below it")]
    if topic == "follow_up_visits" and sorted(values.values()) != list(dict.fromkeys(values.values())):
        return [("values", "a revisit must come after the one before it")]
    return []


def problems_of_set(placed: Sequence[Placed]) -> Iterable[tuple[Rule, str, int, str, str]]:
    """Yield what is wrong with rules together: the field and what is wrong with it."""
    yield from problems_of_time(placed)
    yield from _ambiguous(placed)
    where = {rule.id: (rule, file, line) for rule, file, line in placed}
    for rule, text in tables_at_cap(rule for rule, _, _ in placed):
        yield *where[rule.id], "values", text


def _ambiguous(placed: Sequence[Placed]) -> Iterable[tuple[Rule, str, int, str, str]]:
    """Yield rules of which neither comes before the other though both may fit: as many facts, other ones."""
    alike: dict[tuple[str, str, int], list[Placed]] = {}
    for rule, file, line in placed:
        topic = TOPICS[rule.topic]
        if topic.applies and not topic.together:
            alike.setdefault((rule.topic, rule.jurisdiction, len(rule.applies)), []).append(
                (rule, file, line)
            )
    for group in alike.values():
        for (one, _, _), (other, file, line) in combinations(group, 2):
            if set(one.applies) != set(other.applies) and _both_fit(one, other):
                yield other, file, line, "applies", f"fits as well as {one.id} for the same facts and days"


def _both_fit(one: Rule, other: Rule) -> bool:
    shared = set(one.applies) & set(other.applies)
    days = max(one.valid_from, other.valid_from) <= min(one.valid_to or date.max, other.valid_to or date.max)
    return days and all(one.applies[name] == other.applies[name] for name in shared)


def problems_of_time(placed: Iterable[Placed]) -> Iterable[tuple[Rule, str, int, str, str]]:
    """Yield ids used twice, and rules of one key whose days overlap or leave a gap."""
    chains: dict[tuple[Any, ...], list[Placed]] = {}
    seen: set[str] = set()
    for rule, file, line in placed:
        if rule.id in seen:
            yield rule, file, line, "id", "is used twice"
        seen.add(rule.id)
        for key in _keys(rule):
            chains.setdefault(key, []).append((rule, file, line))
    for chain in chains.values():
        ordered = sorted(chain, key=lambda each: each[0].valid_from)
        for (before, _, _), (rule, file, line) in pairwise(ordered):
            text = _between(before, rule)
            if text:
                yield rule, file, line, "valid_from", text


def _keys(rule: Rule) -> list[tuple[Any, ...]]:
    """Return what must hold one rule at a time: for grounds each part of a document, else the parameter."""
    topic = TOPICS[rule.topic]
    if topic.ground:
        parts = rule.fund if topic.by == "fund" else rule.values["groups"]
        return [(rule.topic, rule.jurisdiction, rule.document, part) for part in parts]
    return [(rule.topic, rule.jurisdiction, *sorted(rule.applies.items()))]


def _between(before: Rule, rule: Rule) -> str:
    if before.valid_to is None or before.valid_to >= rule.valid_from:
        return f"overlaps {before.id}, which ends {before.valid_to or 'never'}"
    if before.valid_to + timedelta(days=1) < rule.valid_from and not rule.after_gap:
        return f"leaves a gap after {before.id}, which ends {before.valid_to}; say why in after_gap"
    return ""
