"""People calculated a second and core, each with a line that explains itself or a refusal.

The peer is the bare sum that such lines explain: rate × share, capped, in one loop of plain Python.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from bench.report import Table, kept
from services.policy import (
    Certificate,
    CertifiedPerson,
    ClassFacts,
    ClassTrainingFacts,
    EmploymentFact,
    GroupFact,
    LivingCostFacts,
    PaidWorker,
    PersonFacts,
    ProjectFacts,
    TraineeFacts,
    UpliftPerson,
    WageMonth,
    advance,
    balance,
    certificate_subsidy,
    class_training,
    eligibility,
    employment_uplift,
    living_cost,
    merged,
    work_for_training,
)

RUNS = 5
PEOPLE = 20_000
TARGET = 20_000
REGION, WELDER, LEVEL = "370611", "6-18-02-04", "4"
HELD, DAY = date(2026, 12, 18), date(2027, 4, 1)


def measure(table: Table) -> None:
    """Fill the table: the middle of five runs, by the time that the processor spent."""
    bare = _rate(_bare)
    table.note(f"(p) bare sum of {PEOPLE:,} people, the peer", f"{bare:,.0f} people a second and core")
    for name, run in _runs().items():
        people = _rate(run)
        met = f"at least {TARGET:,} a second and core: {kept(people >= TARGET)}"
        table.note(f"(p) {name}", f"{people:,.0f}; {met}; {bare / people:.0f} × the bare sum")


def _rate(run: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return PEOPLE / statistics.median(took)


def _bare() -> int:
    rate, cap, paid = 180_000, 240_000, 108_000
    return sum(min(rate * 120 // 100, cap) - paid for _ in range(PEOPLE))


def _trainees(advance_fen: int) -> list[TraineeFacts]:
    """A roster on which one in twenty has no certificate and one in fifty no complete record."""
    return [
        TraineeFacts(
            f"w{number}", True, number % 50 != 0, False, "yes", 20, True,
            Certificate(f"C{number}", WELDER, LEVEL, HELD) if number % 20 else None, advance_fen,
        )
        for number in range(PEOPLE)
    ]  # fmt: skip


def _runs() -> dict[str, Callable[[], object]]:
    numbers = range(PEOPLE)
    project = ProjectFacts("P1", REGION, WELDER, LEVEL, HELD)
    training = ClassTrainingFacts("K1", REGION, WELDER, LEVEL, HELD)
    fresh, advanced = _trainees(0), _trainees(108_000)
    work = [EmploymentFact(f"w{number}", date(2027, 2, 1), True) for number in numbers]
    raised = [UpliftPerson(each.person_ref, True, True, 150_000, each) for each in work]
    group = (GroupFact("rural_transfer", True),)
    learners = [LivingCostFacts(f"w{number}", True, True, group) for number in numbers]
    days = [HELD - timedelta(days=number) for number in range(20)]
    asking = [PersonFacts(f"w{number}", group, False) for number in numbers]
    wanted = ClassFacts(REGION, WELDER, LEVEL)
    batch = [
        CertifiedPerson(f"x{number}", Certificate(f"S{number}", WELDER, LEVEL, HELD), True, True)
        for number in numbers
    ]
    payroll = [PaidWorker(f"x{number}", True, "compared") for number in numbers]
    return {
        "project: paid first": lambda: advance(project, fresh, DAY),
        "project: balance": lambda: balance(project, advanced, work, DAY),
        "class training": lambda: class_training(training, fresh, DAY),
        "uplift": lambda: employment_uplift(training, raised, date(2027, 12, 1)),
        "living costs, 20 days each": lambda: merged(living_cost(who, days, DAY, REGION) for who in learners),
        "certificates (Shanxi)": lambda: certificate_subsidy(batch, DAY),
        "wage months (Shanxi)": lambda: work_for_training(WageMonth("B1", "140100", 2021, 11), payroll, DAY),
        "eligibility": lambda: [eligibility(who, wanted, DAY, "370000") for who in asking],
    }


if __name__ == "__main__":
    measure(Table())
