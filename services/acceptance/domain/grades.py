"""Grades A–D of training bodies by a published formula, each point with its reason [S11; 37 §2; 7 §9].

The documents ask for grades and leave the formula open: weights and thresholds are dated data (`platform`).
Points are whole hundredths. Nothing here knows whether a body is public or private.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.acceptance.domain.employment import months_later
from services.acceptance.domain.facts import Fact
from services.acceptance.domain.providers import Provider
from services.policy import Rule, RuleSet

FULL: Final = 10_000
RULES: Final = ("grade_weights", "grade_thresholds", "grade_window", "grade_credit", "priority_list")
# who a body is sanctioned by: the measures of the register, and those that settlement tells of
_MEASURES: Final = {
    "warning": ("警告", "warning"),
    "suspension": ("暂停", "suspension"),
    "claims_barred": ("暂停申请补贴", "bar from claims"),
    "exit": ("清退", "exit"),
    "handed_on": ("移送", "case handed on"),
}


@dataclass(frozen=True)
class Credit:
    """A mark on the credit record: a measure taken on a day."""

    measure: str
    day: date


@dataclass(frozen=True)
class CreditMark:
    """A sanction that settlement told of. id: the sanction's."""

    id: str
    provider_ref: str
    measure: str
    ground: str
    clause: str
    day: date


@dataclass(frozen=True)
class MoneyLine:
    """Money paid to a body, or demanded back from it. id: of the payment line or of the recovery."""

    id: str
    provider_ref: str
    kind: str
    fen: int
    day: date


@dataclass(frozen=True)
class Record:
    """What is known of a body within the window.

    followed, employed: of classes whose time for finding work is over; marks: the sum of the marks given, of
    `most` possible; fen: paid to it, and demanded back from it.
    """

    learners: int = 0
    completed: int = 0
    followed: int = 0
    employed: int = 0
    answers: int = 0
    marks: int = 0
    most: int = 0
    credits: tuple[Credit, ...] = ()
    paid_fen: int = 0
    demanded_fen: int = 0


@dataclass(frozen=True)
class Formula:
    """The rules of a day and place, by topic."""

    rules: Mapping[str, Rule]
    edition: str
    hash: str

    def values(self, topic: str) -> Mapping[str, Any]:
        """Return the figures of a topic."""
        return self.rules[topic].values

    def since(self, today: date) -> date:
        """Return the first day that counts for results, employment, feedback and money."""
        return months_later(today, -self.values("grade_window")["months"])


@dataclass(frozen=True)
class Line:
    """One criterion: counted ÷ out_of gives the points, None without anything to judge by."""

    criterion: str
    weight: int
    points: int | None
    counted: int
    out_of: int
    zh: str
    en: str
    rule: str


@dataclass(frozen=True)
class Condition:
    """One condition of the priority list."""

    met: bool
    zh: str
    en: str
    rule: str


@dataclass(frozen=True)
class Grade:
    """The letter (None: too little to judge by) with all that leads to it."""

    grade: str | None
    points: int | None
    zh: str
    en: str
    lines: tuple[Line, ...]
    preferred: bool
    conditions: tuple[Condition, ...]


def formula_of(rules: RuleSet, day: date, region: str) -> Formula:
    """Return the formula of a day and place; raises NoRule when a part of it has none in force."""
    return Formula({topic: rules.one(topic, day, region) for topic in RULES}, rules.edition, rules.hash)


def grade(record: Record, formula: Formula, status: str, today: date) -> Grade:
    """Return the grade of a body with this record. status: of the register, for the priority list."""
    lines = _lines(record, formula, today)
    judged = [(line.weight, line.points) for line in lines if line.points is not None and line.weight]
    least = formula.values("grade_window")["people"]
    letter: str | None = None
    points: int | None = None
    if record.learners < least or not judged:
        zh = f"近期培训{record.learners}人，满{least}人方予评级"
        en = f"{record.learners} learners so far; bodies are graded from {least} on"
    else:
        weight = sum(each for each, _ in judged)
        points = sum(each * got for each, got in judged) // weight
        letter = _letter(points, formula.values("grade_thresholds"))
        parts = " + ".join(f"{each}×{_shown(got)}" for each, got in judged)
        zh = f"（{parts}）÷{weight} = {_shown(points)}分，{letter}级"
        en = f"({parts}) ÷ {weight} = {_shown(points)} points: {letter}"
    conditions = _conditions(record, formula, status, points, today)
    return Grade(letter, points, zh, en, lines, all(each.met for each in conditions), conditions)


def told(provider: Provider, now: Grade, formula: Formula) -> tuple[Provider, list[Fact]]:
    """The grade or the place on the priority list is another one: keep and tell it."""
    new = replace(provider, grade=now.grade, preferred=now.preferred)
    data = {
        "region": provider.region, "grade": now.grade, "points": now.points, "preferred": now.preferred,
        "rules_edition": formula.edition, "rules_hash": formula.hash,
    }  # fmt: skip
    return new, [("acceptance.provider.graded", data)]


def in_words(formula: Formula) -> tuple[list[str], list[str]]:
    """Return how the formula works, in Chinese and English, with its figures."""
    zh = [formula.rules[topic].zh for topic in RULES]
    en = [formula.rules[topic].en for topic in RULES]
    zh += [
        "培训成效＝结业人数÷名册人数；就业成效＝核实就业人数÷结业人数；学员评价＝所给分数÷满分",
        "信用记录＝100分减扣分（不低于0）；资金使用＝已付补贴中未被追回的比例",
        "尚无数据的指标不计，其余指标按权重折算；公办、民办机构适用同一公式",
    ]
    en += [
        "results: completed ÷ on the rosters; employment: employed with proof ÷ completed",
        "feedback: marks given ÷ marks possible; credit record: 100 less the points off, 0 at least",
        "money used: the share of what was paid that was not demanded back",
        "a criterion without data is left out and the others make up for its weight",
        "one formula for public and private bodies",
    ]
    return zh, en


def _lines(record: Record, formula: Formula, today: date) -> tuple[Line, ...]:
    window = formula.values("grade_window")
    enough = record.answers >= window["answers"]
    left, marks = _credit(record.credits, formula, today)
    stood = max(0, record.paid_fen - record.demanded_fen)
    short = "" if enough else f"，不足{window['answers']}份不计"
    few = "" if enough else f"; {window['answers']} are needed"
    months = window["employment_after_months"]
    told: dict[str, tuple[int, int, str, str]] = {
        "results": (
            record.completed, record.learners,
            f"名册{record.learners}人，结业{record.completed}人",
            f"{record.completed} of {record.learners} on the rosters completed",
        ),
        "employment": (
            record.employed, record.followed,
            f"结业满{months}个月的{record.followed}人中，核实就业{record.employed}人",
            f"{record.employed} of {record.followed} who completed {months} months ago work, with proof",
        ),
        "feedback": (
            record.marks if enough else 0, record.most if enough else 0,
            f"{record.answers}份评价，得{record.marks}分，满分{record.most}分{short}",
            f"{record.answers} answers, {record.marks} of {record.most} marks{few}",
        ),
        "credit": (left, 100, *marks),
        "money": (
            stood, record.paid_fen,
            f"已付{record.paid_fen / 100:.2f}元，要求退回{record.demanded_fen / 100:.2f}元",
            f"{record.paid_fen / 100:.2f} yuan paid, {record.demanded_fen / 100:.2f} demanded back",
        ),
    }  # fmt: skip
    weights, rule = formula.values("grade_weights"), formula.rules["grade_weights"].id
    return tuple(
        Line(name, weights[name], counted * FULL // out_of if out_of else None, counted, out_of, zh, en,
             formula.rules["grade_credit"].id if name == "credit" else rule)
        for name, (counted, out_of, zh, en) in told.items()
    )  # fmt: skip


def _credit(credits: Iterable[Credit], formula: Formula, today: date) -> tuple[int, tuple[str, str]]:
    """Return what is left of 100 points, and why."""
    values = formula.values("grade_credit")
    since = months_later(today, -values["months"])
    live = [each for each in credits if each.day >= since]
    if not live:
        return 100, (f"近{values['months']}个月无处理", f"no measure in {values['months']} months")
    off = sum(values[each.measure] for each in live)
    zh = "、".join(f"{each.day} {_MEASURES[each.measure][0]}扣{values[each.measure]}分" for each in live)
    en = ", ".join(f"{each.day} {_MEASURES[each.measure][1]} −{values[each.measure]}" for each in live)
    return max(0, 100 - off), (zh, en)


def _letter(points: int, thresholds: Mapping[str, Any]) -> str:
    for letter in ("a", "b", "c"):
        if points >= thresholds[letter] * 100:
            return letter.upper()
    return "D"


def _conditions(
    record: Record, formula: Formula, status: str, points: int | None, today: date
) -> tuple[Condition, ...]:
    values, rule = formula.values("priority_list"), formula.rules["priority_list"].id
    since = months_later(today, -values["clean_months"])
    marks = sum(each.day >= since for each in record.credits)
    got = "—" if points is None else _shown(points)
    least, months = values["points"], values["clean_months"]
    return (
        Condition(
            points is not None and points >= least * 100,
            f"{got}分，须{least}分及以上", f"{got} points; {least} are needed", rule,
        ),
        Condition(
            marks == 0,
            f"近{months}个月处理{marks}次，须为0次", f"{marks} measures in {months} months; 0 allowed", rule,
        ),
        Condition(
            status == "admitted", "须在册且无在执行的处理", "on the register, and no measure holds", rule
        ),
    )  # fmt: skip


def _shown(points: int) -> str:
    return f"{points // 100}.{points % 100:02d}"
