"""Writes docs/policy/rules.md from the data: `python -m services.policy.table > docs/policy/rules.md`."""

import sys
import tomllib
from typing import Any

from contracts.vocabularies import groups, regions
from contracts.vocabularies.money import FUNDS, MEMORANDUM, PAYEES
from services.policy.loader import DATA, FOLDERS, rules_for
from services.policy.results import yuan
from services.policy.rules import STATUSES, Rule
from services.policy.topics import FEN, GROUPS, TOPICS

HEAD = """# Rules, one by one

Made from `services/policy/data` by `python -m services.policy.table`; a test fails when it is stale.
示例 (illustrative) marks figures that no document holds: they are examples, never a rate of an authority.
演示 rules are loaded in demonstration mode only.
"""
COLUMNS = (
    "| rule | what 内容 | figures 数值 | clause 条款 | where 地区 "
    "| payee 领取人 | fund 资金 | days 期间 | status 状态 |"
)


def render() -> str:
    """Return the whole page."""
    parts = [HEAD, _documents()]
    for jurisdiction in FOLDERS:
        published = {rule.id for rule in rules_for(jurisdiction).rules}
        full = rules_for(jurisdiction, demonstration=True)
        edition = rules_for(jurisdiction).edition
        parts.append(f"## {regions.name(jurisdiction)} {regions.name(jurisdiction, 'en')} ({edition})\n")
        for topic, meaning in TOPICS.items():
            rules = [rule for rule in full.rules if rule.topic == topic]
            if rules:
                rows = [_row(rule, rule.id not in published) for rule in _in_order(rules)]
                head = f"### {meaning.zh} {meaning.en}\n\n{COLUMNS}\n|{' --- |' * 9}"
                parts.append("\n".join([head, *rows, *_notes(rules), ""]))
    return "\n".join(parts)


def _in_order(rules: list[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: (rule.jurisdiction, rule.valid_from, rule.id))


def _documents() -> str:
    documents = tomllib.loads((DATA / "documents.toml").read_text("utf-8"))
    rows = [f"| {name} | {each['zh']} | {each['en']} |" for name, each in documents.items()]
    return "\n".join(["| short name | 文件 | document |", "| --- | --- | --- |", *rows, ""])


def _row(rule: Rule, demonstration: bool) -> str:
    days = f"{rule.valid_from} – {rule.valid_to or ''}".strip()
    status = " ".join(STATUSES[rule.status]) + (" · 演示 demonstration only" if demonstration else "")
    cells = [
        f"`{rule.id}`",
        f"{rule.zh}<br>{rule.en}",
        "<br>".join(_figures(rule)),
        f"{rule.document} {rule.clause}",
        regions.name(rule.jurisdiction),
        "、".join(PAYEES.name(each) for each in rule.payee),
        "、".join((FUNDS if FUNDS.exists(each) else MEMORANDUM).name(each) for each in rule.fund),
        days,
        status,
    ]
    return f"| {' | '.join(cells)} |"


def _figures(rule: Rule) -> list[str]:
    topic = TOPICS[rule.topic]
    types = {**topic.values, **topic.optional}
    applies = [f"{name}: {value}" for name, value in rule.applies.items()]
    return applies + [f"{name}: {_figure(types[name], value)}" for name, value in rule.values.items()]


def _figure(kind: str, value: Any) -> str:
    if kind == FEN:
        return f"{yuan(value)} 元"
    if kind == GROUPS:
        return "、".join(groups.name(each) for each in value)
    return str(value)


def _notes(rules: list[Rule]) -> list[str]:
    notes: dict[str, list[str]] = {}
    for rule in _in_order(rules):
        for note in (rule.note, rule.after_gap):
            if note:
                notes.setdefault(note, []).append(f"`{rule.id}`")
    return ["", *(f"- {', '.join(ids)}: {note}" for note, ids in notes.items())] if notes else []


if __name__ == "__main__":
    sys.stdout.write(render())
