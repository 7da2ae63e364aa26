"""Risk marks on both sides of every threshold."""

from datetime import UTC, datetime, timedelta

import pytest

from services.settlement.domain import risk
from services.settlement.domain.risk import Cluster, Evidence, Issuer, Seen, SessionHeld, Thresholds

MOST = Thresholds(contact_people=3, per_minute=60, percent_of_seats=100, bulk_days=30, bulk_certificates=100)
NINE = datetime(2026, 3, 10, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def codes(seen: Seen) -> list[str]:
    return [mark.code for mark in risk.marks(seen, MOST)]


def held(
    class_id: str = "c1", place: str = "甲教室", begins: int = 0, hours: int = 2, **sign_ins: int
) -> SessionHeld:
    starts = NINE + begins * HOUR
    return SessionHeld(
        class_id, f"{class_id}-s{begins}", 40, place, starts, starts + hours * HOUR, **sign_ins
    )


@pytest.mark.parametrize(("people", "marked"), [(2, []), (3, ["same_phone"]), (30, ["same_phone"])])
def test_a_phone_over_many_people(people: int, marked: list[str]) -> None:
    assert codes(Seen(clusters=[Cluster("phone", ("p1", "p2"), people)])) == marked


def test_an_account_names_the_people_of_the_claim_and_counts_all() -> None:
    (mark,) = risk.marks(Seen(clusters=[Cluster("bank_account", ("p2", "p1"), 9)]), MOST)
    assert (mark.code, mark.people, mark.figures["people"], mark.figures["here"]) == (
        "same_account",
        ("p1", "p2"),
        9,
        2,
    )
    assert "9" in mark.zh
    assert "9" in mark.en


@pytest.mark.parametrize(("busiest", "people", "marked"), [
    (60, 40, []),
    (61, 40, ["sign_ins_too_fast"]),
    (60, 41, ["sign_ins_too_dense"]),
    (61, 41, ["sign_ins_too_fast", "sign_ins_too_dense"]),
])  # fmt: skip
def test_sign_ins_faster_or_denser_than_the_place_allows(
    busiest: int, people: int, marked: list[str]
) -> None:
    assert codes(Seen(sessions=[held(busiest_minute=busiest, people=people)])) == marked


def test_sessions_whose_sign_ins_were_not_told_are_not_marked() -> None:
    assert codes(Seen(sessions=[held()])) == []


@pytest.mark.parametrize(("other", "marked"), [
    (held("c2", "乙教室", 1), ["two_places"]),
    (held("c2", "乙教室", 2), []),
    (held("c2", "甲教室", 1), []),
    (held("c1", "乙教室", 1), []),
])  # fmt: skip
def test_one_person_in_two_places(other: SessionHeld, marked: list[str]) -> None:
    assert codes(Seen(attended={"p1": [held(), other], "p2": [held()]})) == marked


def test_two_places_are_one_mark_a_pair_of_classes() -> None:
    there = [held("c1", "甲", 0), held("c1", "甲", 4), held("c2", "乙", 1), held("c2", "乙", 5)]
    (mark,) = risk.marks(Seen(attended={"p1": there, "p2": there}), MOST)
    assert (mark.people, mark.figures) == (("p1", "p2"), {"classes": ["c1", "c2"], "people": 2})


@pytest.mark.parametrize(("certificates", "marked"), [(99, []), (100, ["bulk_certificates"])])
def test_certificates_in_bulk(certificates: int, marked: list[str]) -> None:
    assert codes(Seen(issuers=[Issuer("b1", "示例评价机构", "active", certificates)])) == marked


def test_the_days_after_an_admission() -> None:
    assert risk.admitted_within(NINE, 30) == ("2026-03-10", "2026-04-09")


@pytest.mark.parametrize(
    ("hour", "days"), [(15, ("2026-03-10", "2026-04-09")), (16, ("2026-03-11", "2026-04-10"))]
)
def test_an_admission_is_of_its_day_in_shanghai(hour: int, days: tuple[str, str]) -> None:
    assert risk.admitted_within(datetime(2026, 3, 10, hour, 59, tzinfo=UTC), 30) == days


@pytest.mark.parametrize(
    ("state", "marked"), [("active", []), ("dormant", ["body_dormant"]), ("revoked", [])]
)
def test_a_dormant_body(state: str, marked: list[str]) -> None:
    assert codes(Seen(bodies=[Issuer("b1", "示例机构", state)])) == marked


def test_pensions_and_evidence() -> None:
    seen = Seen(
        pensioners=["p2", "p1"],
        evidence=[Evidence("f1", "签到.pdf", "edited"), Evidence("f2", "计划.pdf", "infected")],
    )
    found = {mark.code: mark for mark in risk.marks(seen, MOST)}
    assert set(found) == {"draws_pension", "evidence_edited", "evidence_infected"}
    assert found["draws_pension"].people == ("p1", "p2")
    assert found["evidence_edited"].figures == {"file_id": "f1"}


def test_a_mark_keeps_its_id_while_it_is_about_the_same() -> None:
    def id_of(*people: str, all: int) -> str:
        return risk.marks(Seen(clusters=[Cluster("phone", people, all)]), MOST)[0].id

    assert id_of("p1", "p2", "p3", all=3) == id_of("p3", "p2", "p1", all=4)
    assert id_of("p1", "p2", "p3", all=3) != id_of("p1", "p2", all=3)


def test_nothing_unusual_is_no_mark() -> None:
    assert risk.marks(Seen(), MOST) == []
