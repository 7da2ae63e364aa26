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

from services.policy.checks import problems_of_rule, problems_of_time
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
    head = _toml(folder / "edition.toml", folder)
    documents = tuple(_toml(DATA / "documents.toml", DATA))
    rules: list[tuple[Rule, str, int]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        content = {} if path.name == "edition.toml" else _toml(path, folder)
        if content.pop("demonstration", False) and not demonstration:
            continue
        found, wrong = _read(path, folder, content, documents)
        rules += found
        problems += wrong
    problems += [
        Problem(file, line, rule.id, name, text) for rule, file, line, name, text in problems_of_time(rules)
    ]
    if problems:
        raise RulesInvalid(problems)
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


def _toml(path: Path, folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, FileNotFoundError) as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else 1
        raise RulesInvalid([Problem(f"{folder.name}/{path.name}", line, "-", "-", str(error))]) from error


def _read(
    path: Path, folder: Path, content: Mapping[str, Any], documents: tuple[str, ...]
) -> tuple[list[tuple[Rule, str, int]], list[Problem]]:
    file = f"{folder.name}/{path.name}"
    lines = _lines_of_ids(path)
    rules, problems = [], []
    strange = sorted(set(content) - {"defaults", "rule"})
    problems += [Problem(file, 1, "-", name, "is not defaults or rule") for name in strange]
    for raw in content.get("rule", ()):
        merged = {**content.get("defaults", {}), **raw}
        rule_id = str(merged.get("id", "-"))
        line = lines.get(rule_id, 1)
        wrong = problems_of_rule(merged, documents)
        problems += [Problem(file, line, rule_id, name, text) for name, text in wrong]
        if not wrong:
            rules.append((_rule(merged), file, line))
    return rules, problems


def _lines_of_ids(path: Path) -> dict[str, int]:
    numbered = enumerate(path.read_text("utf-8").splitlines(), 1)
    found = ((number, re.match(r'\s*id\s*=\s*"([^"]+)"', line)) for number, line in numbered)
    return {match[1]: number for number, match in found if match}


def _rule(merged: Mapping[str, Any]) -> Rule:
    content: dict[str, Any] = {"valid_to": None, **merged}
    content |= {name: tuple(content[name]) for name in _LISTS}
    return Rule(**content)
