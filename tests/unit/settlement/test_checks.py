"""Registry checks: an outage delays and never passes; and what a calculation leans on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.policy import Calculation, Certificate, EmploymentFact
from services.policy.facts import TraineeFacts
from services.policy.results import Line
from services.settlement.domain import checks
from services.settlement.domain.checks import Known, PersonKnown, Subjects, Told
from services.settlement.store import checks as stored

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
DAY = timedelta(days=1)
OPENED = NOW - DAY
WINDOW = checks.window(NOW, 30, OPENED)
ALIVE = PersonKnown(True, True, False, None, "registry", NOW - DAY)
NOBODY = Known({}, {}, {})
GOOD = Told(True, None, "registry", NOW - DAY)


def states(about: Subjects, known: Known) -> dict[str, str]:
    return {check.kind: check.state for check in checks.checks(about, known, WINDOW)}


def test_what_no_registry_has_answered_waits() -> None:
    about = Subjects(("p1",), (("C1", "p1", "6-18", "4"),), (("p1", "2026-01-01"),), body="b1")
    found = states(about, NOBODY)
    assert set(found) == {"real_name", "death", "pension", "certificate", "employment", "body"}
    assert set(found.values()) == {"waiting"}


@pytest.mark.parametrize(
    ("age", "state"), [(timedelta(days=30), "clear"), (timedelta(days=30, seconds=1), "waiting")]
)
def test_an_answer_holds_thirty_days_and_not_a_second_longer(age: timedelta, state: str) -> None:
    at = NOW - age
    known = Known(
        {"p1": replace(ALIVE, checked_at=at)},
        {"C1": replace(GOOD, checked_at=at)},
        {},
        replace(GOOD, checked_at=at),
    )
    about = Subjects(("p1",), (("C1", "p1", "6-18", "4"),), body="b1")
    assert set(states(about, known).values()) == {state}


def test_that_somebody_was_employed_on_a_day_does_not_grow_old() -> None:
    about = Subjects((), employments=(("p1", "2025-01-01"),))
    old = Known({}, {}, {("p1", "2025-01-01"): replace(GOOD, checked_at=NOW - 400 * DAY)})
    assert states(about, old) == {"employment": "clear"}


@pytest.mark.parametrize(
    ("person", "failed"),
    [
        (ALIVE, set()),
        (replace(ALIVE, known=False, reason="不符"), {"real_name"}),
        (replace(ALIVE, alive=False, reason="已死亡"), {"death"}),
        (replace(ALIVE, draws_pension=True), {"pension"}),
    ],
)
def test_each_failure_is_named(person: PersonKnown, failed: set[str]) -> None:
    about = Subjects(("p1",), pension_free=frozenset({"p1"}))
    found = checks.checks(about, Known({"p1": person}, {}, {}), WINDOW)
    assert {check.kind for check in found if check.state == "failed"} == failed
    assert all(check.reason for check in found if check.state == "failed")
    assert {check.state for check in found} <= {"clear", "failed"}


def test_a_pension_fails_only_what_was_reckoned_without_it() -> None:
    known = Known({"p1": replace(ALIVE, draws_pension=True)}, {}, {})
    assert states(Subjects(("p1",)), known)["pension"] == "clear"


def test_a_failure_is_asked_again_with_the_next_calculation() -> None:
    about = Subjects((), (("C1", "p1", "6-18", "4"),))
    before, after = (Told(False, "已撤销", "registry", OPENED + shift) for shift in (-DAY, DAY / 2))
    assert states(about, Known({}, {"C1": before}, {})) == {"certificate": "waiting"}
    assert states(about, Known({}, {"C1": after}, {})) == {"certificate": "failed"}


def test_a_refused_person_fails_until_registered_anew() -> None:
    gone = replace(ALIVE, known=False, reason="已注销", checked_at=None)
    assert states(Subjects(("p1",)), Known({"p1": gone}, {}, {}))["real_name"] == "failed"


def test_when_the_first_answer_grows_old() -> None:
    about = Subjects(("p1", "p2"))
    known = Known({"p1": ALIVE, "p2": replace(ALIVE, checked_at=NOW - 2 * DAY)}, {}, {})
    found = checks.checks(about, known, WINDOW)
    assert checks.due_again(found, 30) == NOW + 28 * DAY
    assert checks.due_again(checks.checks(about, NOBODY, WINDOW), 30) is None


def test_the_subjects_are_those_of_the_people_with_an_amount() -> None:
    certificate = Certificate("C1", "6-18-02-04", "4", date(2026, 1, 5))
    people = [
        TraineeFacts("p1", True, True, False, "eligible", 5, True, certificate, 0),
        TraineeFacts("p2", True, True, None, "eligible", 5, True, replace(certificate, number="C2"), 0),
    ]
    facts = (
        people,
        [EmploymentFact("p1", date(2026, 2, 1), True), EmploymentFact("p2", date(2026, 2, 1), True)],
    )
    line = Line("p1", "training", 100, (), None, 0, 100, "r", "AP", "§", "in_force", "zh", "en")
    day = date(2026, 3, 1)
    calculation = Calculation("project_balance", "payable", day, "370000", (line,), (), 100, "e", "h")
    found = checks.subjects(facts, calculation, "b1")
    assert found == Subjects(
        ("p1",), (("C1", "p1", "6-18-02-04", "4"),), (("p1", "2026-02-01"),), frozenset({"p1"}), "b1"
    )


class Employments:
    """What acceptance told of one person's employment, as a source that the stores read."""

    def __init__(self, **told: object) -> None:
        self.doc = {"person_ref": "p1", "since": "2026-01-01", "checked_at": NOW - DAY, **told}

    def find(self, collection: str, query: object, *_: object) -> list[dict[str, object]]:
        return [self.doc] if collection == "employments" else []

    def get(self, collection: str, id: str) -> None:
        return None


@pytest.mark.parametrize(
    ("told", "source", "words"),
    [
        ({"proven": True}, "registry", None),
        ({"proven": True, "basis": "insurance"}, "registry", None),
        ({"proven": False, "basis": "insurance"}, "registry", "参保库查无此就业"),
        ({"proven": True, "basis": "contract"}, "officer", "核查劳动合同，属实"),
        ({"proven": True, "basis": "self_report"}, "officer", "核查本人申报，属实"),
        ({"proven": False, "basis": "contract"}, "officer", "核查劳动合同，不属实"),
    ],
)
def test_an_employment_is_shown_as_the_word_of_who_decided_it(
    told: dict[str, object], source: str, words: str | None
) -> None:
    about = Subjects((), employments=(("p1", "2026-01-01"),))
    known = stored.known(Employments(**told), about)  # type: ignore[arg-type]
    (check,) = checks.checks(about, known, WINDOW)
    assert (check.source, check.state == "clear") == (source, told["proven"])
    assert words in check.reason if words and check.reason else check.reason is words
