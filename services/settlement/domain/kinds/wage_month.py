"""Work-for-training (以工代训): an enterprise claims for a month of wages, to the end of 2021 [600 §2] (S34).

The payroll is verified by comparison with what the registries say; only where that finds nothing are roster
and bank statement asked for.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.vocabularies.errors import Refusal
from services import policy
from services.policy import Calculation, PaidWorker, Rule, RuleSet, WageMonth
from services.settlement.domain import evidence
from services.settlement.domain.claims import WAGE_MONTH
from services.settlement.domain.evidence import Facts, Person
from services.settlement.domain.limits import PAYMENT, SLOT, Wanted


@dataclass(frozen=True)
class PayrollLine:
    """One line of a payroll: who, how much (fen), paid on which day."""

    person_ref: str
    wage_fen: int
    paid_on: date


@dataclass(frozen=True)
class Known:
    """What settlement has been told. insured: who the registries know in this firm over the month.

    documented: whether roster and bank statement are attached; months: earlier wage months of each person.
    """

    people: Mapping[str, Person]
    insured: frozenset[str]
    documented: bool
    months: Mapping[str, int]


@dataclass(frozen=True)
class WageFacts(Facts):
    """The month and who was paid."""

    month: WageMonth
    people: tuple[PaidWorker, ...]

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the monthly rate for each person whose wage is verified."""
        return policy.work_for_training(self.month, self.people, self.day, rules=rules)

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return one of the person's months and the payment row of this month."""
        rate = self._rate(rules)
        most = int(rate.values["max_months"]) if rate else 0
        return [self._wanted(ref, most) for ref in evidence.paid_for(calculation)]

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rule of the most months a person."""
        rate = self._rate(rules)
        return {SLOT: rate} if rate else {}

    def _rate(self, rules: RuleSet) -> Rule | None:
        return rules.find("work_for_training_rate", last_day(self.month), self.region)

    def _wanted(self, person_ref: str, most: int) -> Wanted:
        when = f"{self.month.year}-{self.month.month:02}"
        row = policy.payment_key(f"{person_ref}-{when}", WAGE_MONTH, "enterprise", "whole", self.jurisdiction)
        slots = tuple(slot_rows(self.jurisdiction, person_ref, most))
        return Wanted(person_ref, f"{WAGE_MONTH}-{when}-{person_ref}", slots, ((PAYMENT, row),))


def slot_rows(jurisdiction: str, person_ref: str, most: int) -> list[str]:
    """Return the rows of a person's wage months, of which each month takes one."""
    return [
        policy.payment_key(person_ref, WAGE_MONTH, "months", f"slot{number}", jurisdiction)
        for number in range(1, most + 1)
    ]


def month_of(text: str) -> tuple[int, int]:
    """Return year and month of YYYY-MM."""
    return int(text[:4]), int(text[5:])


def last_day(month: WageMonth) -> date:
    """Return the last day of a wage month."""
    return date(month.year, month.month, monthrange(month.year, month.month)[1])


def check_payroll(lines: Sequence[PayrollLine], month: tuple[int, int], today: date) -> None:
    """Check a payroll: nobody twice, every wage above zero, paid after the month began and not in the future.

    Raises Refusal `settlement.line_twice` or `settlement.line_wrong`, which name the line and the field.
    """
    first, seen = date(*month, 1), dict[str, int]()
    for index, line in enumerate(lines):
        number, path = index + 1, f"payroll.{index}"
        if line.person_ref in seen:
            raise Refusal(
                "settlement.line_twice", field=f"{path}.person_ref", line=number, first=seen[line.person_ref]
            )
        seen[line.person_ref] = number
        if line.wage_fen <= 0:
            zh, en = "工资应大于零", "the wage must be above zero"
            raise Refusal("settlement.line_wrong", field=f"{path}.wage_fen", line=number, zh=zh, en=en)
        if not first <= line.paid_on <= today:
            zh = f"发放日应在 {first} 至 {today} 之间"
            en = f"the day of payment must lie between {first} and {today}"
            raise Refusal("settlement.line_wrong", field=f"{path}.paid_on", line=number, zh=zh, en=en)


def gather(
    enterprise_ref: str,
    region: str,
    month: tuple[int, int],
    lines: Sequence[PayrollLine],
    known: Known,
    day: date,
) -> WageFacts:
    """Return the facts of a payroll that was checked."""
    about = WageMonth(enterprise_ref, region, *month)
    people = tuple(_worker(line.person_ref, known) for line in lines)
    return WageFacts(WAGE_MONTH, day, region, about, people)


def _worker(ref: str, known: Known) -> PaidWorker:
    return PaidWorker(
        person_ref=ref,
        real_name_complete=ref in known.people and known.people[ref].verified,
        payroll="compared" if ref in known.insured else "documents" if known.documented else "none",
        months_before=known.months.get(ref, 0),
    )
