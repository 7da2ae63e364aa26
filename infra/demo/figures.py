"""What has to come out, reckoned from seats, persons, days and prices, beside what the API says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

WORKERS: Final = 24
HEADCOUNT: Final = 20
CLASS_SEATS: Final = (20, 4)
DAYS: Final = 5
HOURS_A_DAY: Final = 8
OCCUPATION: Final = "6-18-02-04"
LEVEL: Final = "4"
# fen a person; made-up rates, marked illustrative in the rules (services/policy/data/shandong/yantai.toml)
STANDARD_FEN: Final = 180_000
STANDARD_RULE: Final = "sd.yantai.project.welder.4"
LIVING_COST_FEN: Final = 3_000
LIVING_COST_GROUPS: Final = (
    "rural_transfer", "difficulty", "unemployed", "poverty_relief", "disabled", "social_relief",
    "not_continuing",
)  # fmt: skip
ADVANCE_PERCENT: Final = 60
RATE_PERCENT: Final = 85
ATTENDED_PERCENT: Final = 80
EMPLOYED: Final = 17


@dataclass(frozen=True)
class Offer:
    """A bid: fen a person, and the points that each of the three panel members gives, by criterion."""

    price_fen: int
    points: tuple[tuple[int, int, int], ...]


WEIGHTS: Final = {"plan": 30, "teachers": 40, "equipment": 30}
OFFERS: Final = (
    Offer(175_000, ((85, 92, 90), (85, 90, 88), (85, 94, 86))),
    Offer(169_000, ((95, 70, 72), (95, 74, 70), (95, 68, 75))),
    Offer(180_000, ((75, 88, 85), (75, 85, 88), (75, 90, 80))),
)


def points_of(offer: Offer) -> int:
    """Return the mean of the panel's weighted points, in hundredths of a point."""
    weights = tuple(WEIGHTS.values())
    sums = [sum(weight * point for weight, point in zip(weights, each, strict=True)) for each in offer.points]
    return (2 * sum(sums) + len(sums)) // (2 * len(sums))


def winner() -> int:
    """Return which of the offers has the most points."""
    return max(range(len(OFFERS)), key=lambda place: points_of(OFFERS[place]))


PRICE_FEN: Final = min(STANDARD_FEN, OFFERS[winner()].price_fen)
ADVANCE_FEN: Final = PRICE_FEN * ADVANCE_PERCENT // 100


@dataclass(frozen=True)
class Learner:
    """One on a roster, as the demonstration has it happen. days: attended; entitled: to living costs."""

    person_ref: str
    days: int
    passed: bool
    entitled: bool

    @property
    def completed(self) -> bool:
        """Whether enough was attended and the test passed."""
        return self.passed and self.days * 100 >= DAYS * ATTENDED_PERCENT

    @property
    def living_cost_fen(self) -> int:
        """Living costs: the daily rate for each day attended, for those entitled."""
        return LIVING_COST_FEN * self.days if self.entitled else 0


def advance_fen(learners: Iterable[Learner]) -> int:
    """Return the first 60 %: for everyone who attended."""
    return sum(ADVANCE_FEN for each in learners if each.days)


def balance_fen(learners: Iterable[Learner]) -> int:
    """Return the rest: the price less the advance for who completed; who did not, is set off."""
    return sum(PRICE_FEN - ADVANCE_FEN if each.completed else -ADVANCE_FEN for each in learners if each.days)


def living_cost_fen(learners: Iterable[Learner]) -> int:
    """Return all living costs."""
    return sum(each.living_cost_fen for each in learners)


def yuan(fen: int) -> str:
    """Return fen as yuan: 105000 → 1,050.00."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


@dataclass(frozen=True)
class Line:
    """One figure: what it has to be and what it is."""

    stage: str
    zh: str
    en: str
    expected: Any
    found: Any
    money: bool

    @property
    def right(self) -> bool:
        """Whether both are the same."""
        return bool(self.expected == self.found)

    def shown(self, value: Any) -> str:
        """Return a value as the table has it."""
        return yuan(value) if self.money and isinstance(value, int) else str(value)


@dataclass
class Table:
    """The figures of a run, in the order in which they came up."""

    lines: list[Line] = field(default_factory=list)

    def add(self, stage: str, zh: str, en: str, expected: Any, found: Any, money: bool = False) -> None:
        """Compare one figure. money: in fen."""
        self.lines.append(Line(stage, zh, en, expected, found, money))

    @property
    def wrong(self) -> list[Line]:
        """The figures that are off."""
        return [line for line in self.lines if not line.right]
