"""A made-up project with its people, for cases that a payment officer can follow."""

from datetime import UTC, date, datetime, timedelta

from services.policy import Certificate, EmploymentFact, RuleSet, rules_for
from services.settlement.domain.evidence import Attendance, Person, Project, TrainingClass
from services.settlement.domain.kinds.living_cost import ClassFacts
from services.settlement.domain.kinds.living_cost import gather as gather_living_cost
from services.settlement.domain.kinds.project import Known, StageFacts, gather

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ENDED = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
SHARE_FEN = 1080_00
REST_FEN = 720_00
PRICE_FEN = 1800_00


def rules() -> RuleSet:
    """Return Shandong's published rules."""
    return rules_for("370000")


def project(price_fen: int | None = PRICE_FEN) -> Project:
    """Return a project for intermediate welders in 福山区."""
    return Project("project1", "370611", "6-18-02-04", "4", "body1", "演示培训学校", price_fen)


def refs(count: int) -> list[str]:
    """Return that many person references."""
    return [f"person{number:03d}" for number in range(1, count + 1)]


def training_class(
    people: list[str], completed: list[str] | None = None, id: str = "class1"
) -> TrainingClass:
    """Return a class that was carried out over five days, and assessed when `completed` is given."""
    days = tuple(date(2026, 3, 2) + timedelta(days=each) for each in range(5))
    return TrainingClass(
        id=id,
        project_id="project1",
        provider_ref="body1",
        roster=tuple(people),
        roster_day=date(2026, 3, 1),
        last_session_ended=ENDED,
        attendance=tuple(Attendance(ref, days) for ref in people),
        completed=None if completed is None else tuple(completed),
    )


def known(people: list[str], certified: list[str] = [], employed: list[str] = [], advanced: int = 0) -> Known:  # noqa: B006
    """Return what settlement was told: everyone verified and a rural worker moving to other work."""
    return Known(
        people={ref: Person(ref, True, False, ("rural_transfer",)) for ref in people},
        certificates={
            ref: Certificate(f"cert-{ref}", "6-18-02-04", "4", date(2026, 3, 9)) for ref in certified
        },
        employment=[EmploymentFact(ref, date(2026, 4, 1), True) for ref in employed],
        advanced=dict.fromkeys(people, advanced) if advanced else {},
    )


def advance_facts(people: list[str]) -> StageFacts:
    """Return the facts of an advance for these people."""
    return gather(
        "project_advance", project(), [training_class(people)], known(people), date(2026, 3, 10), rules()
    )


def balance_facts(people: list[str], completed: int, employed: int) -> StageFacts:
    """Return the facts of a balance after an advance for all."""
    done = people[:completed]
    about = known(people, done, done[:employed], SHARE_FEN)
    return gather(
        "project_balance", project(), [training_class(people, done)], about, date(2026, 7, 1), rules()
    )


def living_cost_facts(people: list[str], about: Known) -> ClassFacts:
    """Return the facts of the living costs of a class of these people."""
    return gather_living_cost("370611", training_class(people), about.people, date(2026, 3, 10))
