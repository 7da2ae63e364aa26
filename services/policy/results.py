"""What a calculation says: lines that explain each fen, refusals that name rule, fact and clause."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from services.policy.facts import Outcome
from services.policy.rules import Rule, RuleSet

CalculationOutcome = Literal["payable", "held", "decision_needed", "recovery_due", "refused"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A ratio or a number of units, as whole numbers: 60 % is 60/100, 12 days is 12/1."""

    name: str
    num: int
    den: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One amount (fen) owed for one person: base × factors rounded down, at most the cap, less `less_fen`.

    `what` is a stable code; a negative amount sets an earlier payment off. `status` is that of the rule, or
    illustrative where any figure of the line is. `rests_on` are the rules whose figures went in, where they
    are more than the line's own; they explain and are not compared.
    """

    person_ref: str
    what: str
    base_fen: int
    factors: tuple[Factor, ...]
    cap_fen: int | None
    less_fen: int
    amount_fen: int
    rule_id: str
    document: str
    clause: str
    status: str
    zh: str
    en: str
    rests_on: tuple[str, ...] = field(default=(), compare=False)

    def recomputed(self) -> int:
        """Return the amount (fen) again from base, factors, cap and deduction."""
        return amount(self.base_fen, self.factors, self.cap_fen) - self.less_fen

    @property
    def capped(self) -> bool:
        """Whether the cap is what decided the amount: base × factors reach it."""
        return self.cap_fen is not None and amount(self.base_fen, self.factors) >= self.cap_fen


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """Why something is not owed. `person_ref` is empty when it concerns the whole claim."""

    person_ref: str
    rule_id: str
    fact: str
    document: str
    clause: str
    status: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision; `fact` is a stable code."""

    outcome: Outcome
    fact: str
    rule_id: str
    document: str
    clause: str
    status: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be, such as that a person is trained with a subsidy, and every ground for it."""

    outcome: Outcome
    lines: tuple[Reason, ...]
    edition: str
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts, strings and numbers."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Decision":
        """Return the decision that `to_dict` gave."""
        lines = tuple(Reason(**line) for line in data["lines"])
        return cls(data["outcome"], lines, data["edition"], data["hash"])


@dataclass(frozen=True, slots=True)
class Calculation:
    """The whole answer to a claim. `day` is the day that it was reckoned for; `hash` that of the rule set.

    `held`: nothing is owed yet; `decision_needed`: an officer decides with a reason; `recovery_due`: more was
    paid before than is owed (`total_fen` is negative).
    """

    kind: str
    outcome: CalculationOutcome
    day: date
    jurisdiction: str
    lines: tuple[Line, ...]
    refusals: tuple[RefusalLine, ...]
    total_fen: int
    edition: str
    hash: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, dicts, strings and numbers, fit for JSON and MongoDB."""
        return {
            **{
                name: getattr(self, name)
                for name in ("kind", "outcome", "jurisdiction", "total_fen", "edition", "hash")
            },
            "day": self.day.isoformat(),
            "lines": [
                {
                    **asdict(line),
                    "factors": [asdict(each) for each in line.factors],
                    "rests_on": list(line.rests_on),
                }
                for line in self.lines
            ],
            "refusals": [asdict(refusal) for refusal in self.refusals],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Calculation":
        """Return the calculation that `to_dict` gave."""
        content = dict(data)
        content["day"] = date.fromisoformat(content["day"])
        content["lines"] = tuple(
            Line(
                **{
                    **line,
                    "factors": tuple(Factor(**each) for each in line["factors"]),
                    "rests_on": tuple(line.get("rests_on", ())),
                }
            )
            for line in data["lines"]
        )
        content["refusals"] = tuple(RefusalLine(**refusal) for refusal in data["refusals"])
        return cls(**content)

    def adds_up(self) -> bool:
        """Return whether each line gives its amount again and the lines give the total."""
        each = all(line.recomputed() == line.amount_fen for line in self.lines)
        return each and sum(line.amount_fen for line in self.lines) == self.total_fen


def amount(base_fen: int, factors: Iterable[Factor], cap_fen: int | None = None) -> int:
    """Return base × factors rounded down to the fen, at most the cap: the one rule of rounding."""
    num, den = base_fen, 1
    for factor in factors:
        num, den = num * factor.num, den * factor.den
    owed = num // den
    return owed if cap_fen is None else min(owed, cap_fen)


def yuan(fen: int) -> str:
    """Return fen as yuan for people to read: 180000 → 1,800.00."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def line(
    rule: Rule,
    person_ref: str,
    what: str,
    words: tuple[str, str],
    base_fen: int,
    factors: tuple[Factor, ...] = (),
    cap_fen: int | None = None,
    less_fen: int = 0,
    status: str | None = None,
    rests_on: tuple[str, ...] = (),
) -> Line:
    """Return a line under a rule; `words` are Chinese and English, `status` the rule's unless given."""
    owed = amount(base_fen, factors, cap_fen) - less_fen
    return Line(
        person_ref, what, base_fen, factors, cap_fen, less_fen, owed, rule.id, rule.document, rule.clause,
        status or rule.status, *words, rests_on,
    )  # fmt: skip


def refusal(rule: Rule, person_ref: str, fact: str, words: tuple[str, str]) -> RefusalLine:
    """Return a refusal under a rule; `words` are Chinese and English."""
    return RefusalLine(person_ref, rule.id, fact, rule.document, rule.clause, rule.status, *words)


def reason(outcome: Outcome, fact: str, rule: Rule, zh: str = "", en: str = "") -> Reason:
    """Return a ground of a decision; without words those of the rule."""
    return Reason(
        outcome, fact, rule.id, rule.document, rule.clause, rule.status, zh or rule.zh, en or rule.en
    )


def decision(grounds: Iterable[Reason], rules: RuleSet) -> Decision:
    """Return the decision: no where one ground says no, else needs_proof where one says so, else yes."""
    lines = tuple(grounds)
    outcomes = {line.outcome for line in lines}
    outcome: Outcome = "no" if "no" in outcomes else "needs_proof" if "needs_proof" in outcomes else "yes"
    return Decision(outcome, lines, rules.edition, rules.hash)


def calculation(
    kind: str,
    day: date,
    rules: RuleSet,
    lines: Iterable[Line],
    refusals: Iterable[RefusalLine],
    outcome: CalculationOutcome | None = None,
) -> Calculation:
    """Return the calculation; without `outcome` it follows from the lines."""
    lines, refusals = tuple(lines), tuple(refusals)
    total = sum(each.amount_fen for each in lines)
    if outcome is None:
        outcome = "recovery_due" if total < 0 else "payable" if lines else "refused"
    return Calculation(
        kind, outcome, day, rules.jurisdiction, lines, refusals, total, rules.edition, rules.hash
    )


def merged(parts: Iterable[Calculation]) -> Calculation:
    """Return one calculation of many of one kind, day and rule set; raises ValueError when they differ."""
    parts = tuple(parts)
    heads = {(part.kind, part.day, part.jurisdiction, part.edition, part.hash) for part in parts}
    if len(heads) != 1:
        raise ValueError("only calculations of one kind, day and rule set can be merged")
    kind, day, jurisdiction, edition, digest = heads.pop()
    lines = tuple(each for part in parts for each in part.lines)
    refusals = tuple(each for part in parts for each in part.refusals)
    total = sum(part.total_fen for part in parts)
    outcome: CalculationOutcome = "recovery_due" if total < 0 else "payable" if lines else "refused"
    return Calculation(kind, outcome, day, jurisdiction, lines, refusals, total, edition, digest)
