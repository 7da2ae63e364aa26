"""Reads the officer's cases: Markdown pages with the usual facts (a toml block) and tables of what differs.

A column is named in the block's `[columns]` with the fact that it sets, such as `people.0.completed`; a cell
left empty keeps the usual fact. `a、b` is a list, `×20` twenty of the usual, numbered, `2026-11-30×12` twelve
days running; `-` takes a fact away. What a case expects stands under 应付 (yuan), 结论, 理由, 条款 and 规则.
"""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.policy import Calculation, Decision
from tests.policy.plain import ask

CASES = Path(__file__).parent / "cases"
TITLE, OWED, OUTCOME, FACT, CLAUSE, RULE = "情形", "应付", "结论", "理由", "条款", "规则"
_EXPECTED = {TITLE, OWED, OUTCOME, FACT, CLAUSE, RULE}
_OUTCOMES = {
    "应付": "payable", "不付": "refused", "暂不拨付": "held", "书面决定": "decision_needed",
    "应追回": "recovery_due", "可": "yes", "不可": "no", "待证明": "needs_proof",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One row: the function asked, with which facts, and what is expected by column."""

    place: str
    call: str
    given: dict[str, Any]
    expected: dict[str, str]

    def ask(self) -> Any:
        """Return the answer of the function."""
        return ask(self.call, self.given)


def cases() -> list[Case]:
    """Return all cases of all pages."""
    return [case for path in sorted(CASES.glob("*.md")) for case in _page(path)]


def told(answer: Calculation | Decision, expected: dict[str, str]) -> dict[str, str]:
    """Return what an answer says in the words of the columns that a case expects."""
    outcome = next(word for word, code in _OUTCOMES.items() if code == answer.outcome)
    if isinstance(answer, Decision):
        ground = next(line for line in answer.lines if line.outcome == answer.outcome)
        facts = [ground for ground in answer.lines if ground.fact == expected.get(FACT)] or [ground]
        ruling = facts[0]
        said = {FACT: ruling.fact}
    else:
        refused = [each for each in answer.refusals if each.fact == expected.get(FACT)] or answer.refusals
        ruling = (refused if FACT in expected else answer.lines or refused)[0]
        fact = refused[0].fact if refused else ""
        said = {OWED: f"{answer.total_fen / 100:.2f}", FACT: fact}
    said |= {OUTCOME: outcome, CLAUSE: f"{ruling.document} {ruling.clause}", RULE: ruling.rule_id}
    return {name: said[name] for name in expected}


def _page(path: Path) -> Iterator[Case]:
    head: dict[str, Any] = {}
    columns: list[str] = []
    block: list[str] | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            if block is None:
                block = []
            else:
                head, block, columns = tomllib.loads("\n".join(block)), None, []
        elif block is not None:
            block.append(line)
        elif not line.startswith("|"):
            columns = []
        elif not columns:
            columns = _cells(line)
        elif not set(line) <= set("|-: "):
            yield _case(f"{path.stem}:{number}", head, dict(zip(columns, _cells(line), strict=True)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _case(place: str, head: dict[str, Any], row: dict[str, str]) -> Case:
    given = deepcopy(head["given"])
    facts = {name: cell for name, cell in row.items() if name not in _EXPECTED and cell}
    for name in sorted(facts, key=lambda each: not facts[each].startswith("×")):
        _set(given, head["columns"][name].split("."), facts[name])
    expected = {name: cell for name, cell in row.items() if name in _EXPECTED - {TITLE} and cell}
    if OWED in expected:
        expected[OWED] = f"{float(expected[OWED].replace(',', '')):.2f}"
    return Case(f"{place} {row[TITLE]}", head["call"], given, expected)


def _set(given: Any, path: list[str], cell: str) -> None:
    for part in path[:-1]:
        given = given[int(part)] if isinstance(given, list) else given[part]
    last: Any = int(path[-1]) if isinstance(given, list) else path[-1]
    given[last] = _value(given.get(last) if isinstance(given, dict) else given[last], cell)


def _value(usual: Any, cell: str) -> Any:
    if cell == "-":
        return None
    if cell.startswith("×"):
        return [_numbered(usual[0], number) for number in range(1, int(cell[1:]) + 1)]
    days = re.fullmatch(r"(\d{4}-\d\d-\d\d)×(\d+)", cell)
    if days:
        first = date.fromisoformat(days[1])
        return [first + timedelta(days=number) for number in range(int(days[2]))]
    return cell


def _numbered(usual: dict[str, Any], number: int) -> dict[str, Any]:
    copy = deepcopy(usual)
    copy["person_ref"] = f"w{number}"
    if "certificate" in copy:
        copy["certificate"]["number"] = f"C{number}"
    return copy
