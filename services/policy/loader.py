"""Reads the rule files of a jurisdiction; refuses each mistake by file, line, rule and field."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.vocabularies import regions
from services.policy.checks import (
    Placed,
    problems_of_file,
    problems_of_place,
    problems_of_rule,
    problems_of_set,
)
from services.policy.places import TOP, Places, field_at, rule_at
from services.policy.places import places as places_of
from services.policy.rules import Rule, RuleSet

DATA = Path(__file__).parent / "data"
FOLDERS = {"370000": "shandong", "140000": "shanxi"}
_LISTS = ("payee", "fund")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the data."""

    file: str
    line: int
    rule: str
    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: rule {self.rule}: {self.field}: {self.text}"


class RulesInvalid(ValueError):
    """The data of a jurisdiction has mistakes; all of them are in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@lru_cache(maxsize=8)
def rules_for(jurisdiction: str, *, demonstration: bool = False) -> RuleSet:
    """Return the rule set of a province code (370000, 140000).

    With `demonstration`, the files marked so are loaded too. Raises LookupError for another jurisdiction and
    RulesInvalid when the shipped data has a mistake.
    """
    if jurisdiction not in FOLDERS:
        raise LookupError(f"no rules for jurisdiction {jurisdiction}")
    return load(DATA / FOLDERS[jurisdiction], demonstration=demonstration)


def load(folder: Path, *, demonstration: bool = False) -> RuleSet:
    """Return the rule set in a folder; raises RulesInvalid naming every mistake."""
    head, problems = _head(folder)
    documents, wrong = _documents()
    problems += wrong
    rules: list[Placed] = []
    where: dict[tuple[str, int], tuple[Places, int]] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "edition.toml":
            continue
        found, wrong = _read(path, folder, documents, head.get("jurisdiction", ""), demonstration, where)
        rules += found
        problems += wrong
    for rule, file, line, name, text in problems_of_set(rules):
        places, number = where[file, line]
        problems.append(Problem(file, places.line(number, name), rule.id, name, text))
    if problems:
        raise RulesInvalid(dict.fromkeys(problems))
    edition = head["edition"] + ("+demonstration" if demonstration else "")
    ordered = sorted((rule for rule, _, _ in rules), key=lambda rule: rule.id)
    return RuleSet(head["jurisdiction"], edition, ordered, digest(ordered))


def digest(rules: Iterable[Rule]) -> str:
    """Return the SHA-256 (hex) of the rules' content; comments and file layout do not count."""
    return digest_of([plain(rule) for rule in rules])


def digest_of(content: list[dict[str, Any]]) -> str:
    """Return the SHA-256 (hex) of rules as `plain` gives them."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(rule: Rule) -> dict[str, Any]:
    """Return a rule as dicts, lists, strings and numbers, as editions keep it."""
    text = json.dumps(asdict(rule), default=_iso)
    content: dict[str, Any] = json.loads(text)
    return content


def _iso(value: Any) -> str:
    if not isinstance(value, date):
        raise TypeError(f"{type(value).__name__} has no place in a rule")
    return value.isoformat()


def _head(folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    """Return what edition.toml says; raises RulesInvalid when it cannot be read."""
    head, places = _toml(folder / "edition.toml", folder)
    file = f"{folder.name}/edition.toml"
    problems = [
        Problem(file, places.line(TOP, name), "-", name, "is not edition or jurisdiction")
        for name in sorted(set(head) - {"edition", "jurisdiction"})
    ]
    for name in ("edition", "jurisdiction"):
        value = head.get(name)
        if not isinstance(value, str) or not value.strip():
            problems.append(
                Problem(file, places.fields.get((TOP, name), 1), "-", name, "is missing or not text")
            )
        elif name == "jurisdiction" and value not in regions.PROVINCES:
            problems.append(Problem(file, places.fields[TOP, name], "-", name, "is not a known province"))
    if problems:
        raise RulesInvalid(problems)
    return head, problems


def _documents() -> tuple[tuple[str, ...], list[Problem]]:
    content, places = _toml(DATA / "documents.toml", DATA)
    problems = [
        Problem(
            "data/documents.toml", places.fields.get((TOP, name), 1), name, "zh, en", "is missing or not text"
        )
        for name, words in content.items()
        if not isinstance(words, dict) or sorted(words) != ["en", "zh"] or not all(words.values())
    ]
    return tuple(content), problems


def _toml(path: Path, folder: Path) -> tuple[dict[str, Any], Places]:
    text = ""
    try:
        text = path.read_text("utf-8")
        return tomllib.loads(text), places_of(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, FileNotFoundError) as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, None)
        about = rule_at(text, line), field_at(text, line, column)
        problem = Problem(f"{folder.name}/{path.name}", line, *about, str(error))
        raise RulesInvalid([problem]) from error


def _read(
    path: Path,
    folder: Path,
    documents: tuple[str, ...],
    province: str,
    demonstration: bool,
    where: dict[tuple[str, int], tuple[Places, int]],
) -> tuple[list[Placed], list[Problem]]:
    try:
        content, places = _toml(path, folder)
    except RulesInvalid as broken:
        return [], list(broken.problems)
    if content.pop("demonstration", False) and not demonstration:
        return [], []
    file = f"{folder.name}/{path.name}"
    problems = [
        Problem(file, places.line(TOP, name), "-", name, text) for name, text in problems_of_file(content)
    ]
    rules: list[Placed] = []
    for number, raw in enumerate([] if problems else content.get("rule", ())):
        merged = {**content.get("defaults", {}), **raw}
        wrong = problems_of_rule(merged, documents) or problems_of_place(merged, province)
        for name, text in wrong:
            who = "defaults" if places.from_defaults(number, name) else str(merged.get("id", "-"))
            problems.append(Problem(file, places.line(number, name), who, name, text))
        if not wrong:
            line = places.starts[number]
            where[file, line] = places, number
            rules.append((_rule(merged), file, line))
    return rules, problems


def _rule(merged: Mapping[str, Any]) -> Rule:
    content: dict[str, Any] = {"valid_to": None, **merged}
    content |= {name: tuple(content[name]) for name in _LISTS}
    return Rule(**content)
