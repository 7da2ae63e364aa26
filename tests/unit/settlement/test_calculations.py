"""What is owed for a project and its people, as a payment officer would reckon it."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import claims, evidence
from services.settlement.domain.claims import Subject
from services.settlement.domain.evidence import Person, check_ready, compute
from services.settlement.domain.kinds.project import gather
from services.settlement.store.claims import facts_of
from services.settlement.store.documents import plain
from tests.unit.settlement.cases import (
    NOW,
    REST_FEN,
    SHARE_FEN,
    advance_facts,
    balance_facts,
    known,
    living_cost_facts,
    project,
    refs,
    rules,
    training_class,
)


def test_the_advance_is_sixty_percent_for_each_who_attended() -> None:
    result = compute(advance_facts(refs(20)), rules())
    assert [line.amount_fen for line in result.lines] == [SHARE_FEN] * 20
    assert (result.total_fen, result.outcome, result.refusals) == (20 * SHARE_FEN, "payable", ())


def test_a_lower_award_caps_the_standard() -> None:
    people = refs(1)
    facts = gather(
        "project_advance",
        project(1500_00),
        [training_class(people)],
        known(people),
        date(2026, 3, 10),
        rules(),
    )
    assert compute(facts, rules()).total_fen == 900_00


@pytest.mark.parametrize(
    ("person", "fact"),
    [
        (Person("person001", False, None, ("rural_transfer",)), "real_name_incomplete"),
        (Person("person001", True, True, ("rural_transfer",)), "pension_entitled"),
        (Person("person001", True, False, ("care_worker", "flexible_worker")), None),
        (Person("person001", True, False, ("flexible_worker",)), "group_not_eligible"),
        (Person("person001", True, False, ("graduate_of_year",)), "group_unproven"),
        (None, "real_name_incomplete"),
    ],
)
def test_who_is_left_out_of_the_advance(person: Person | None, fact: str | None) -> None:
    about = replace(known(["person001"]), people={} if person is None else {"person001": person})
    day, classes = date(2026, 3, 10), [training_class(["person001"])]
    result = compute(gather("project_advance", project(), classes, about, day, rules()), rules())
    assert [refusal.fact for refusal in result.refusals] == ([fact] if fact else [])
    assert result.total_fen == (0 if fact else SHARE_FEN)


@pytest.mark.parametrize(
    ("completed", "employed", "outcome", "total"),
    [
        (20, 17, "payable", 20 * REST_FEN),  # exactly 85 %
        (20, 16, "held", 0),
        (19, 16, "held", 0),  # 84.2 %
        (18, 16, "payable", 18 * REST_FEN - 2 * SHARE_FEN),  # two advances are set off
        (0, 0, "held", 0),
    ],
)
def test_the_balance_at_eighty_five_percent(completed: int, employed: int, outcome: str, total: int) -> None:
    result = compute(balance_facts(refs(20), completed, employed), rules())
    assert (result.outcome, result.total_fen) == (outcome, total)


def test_living_costs_by_day_attended_and_group() -> None:
    people = refs(3)
    about = known(people)
    outside = Person("person002", True, False, ("enterprise_employee",))
    about = replace(about, people={**about.people, "person002": outside})
    result = compute(living_cost_facts(people, about), rules())
    assert {line.person_ref: line.amount_fen for line in result.lines} == {
        "person001": 5 * 30_00,
        "person003": 5 * 30_00,
    }
    assert [(refusal.person_ref, refusal.fact) for refusal in result.refusals] == [
        ("person002", "group_not_entitled")
    ]
    subject = Subject(
        "living_cost", "project1", "class1", "body1", "演示培训学校", "370611", "employment_subsidy", "person"
    )
    claim = claims.new_claim("claim1", subject, result, "provider", "申请", NOW)
    assert claims.payees(claim, result) == {("person", "person001"): 150_00, ("person", "person003"): 150_00}


def test_a_project_claim_pays_the_provider_alone() -> None:
    result = compute(balance_facts(refs(20), 18, 16), rules())
    subject = Subject(
        "project_balance", "project1", None, "body1", "演示培训学校", "370611", "employment_subsidy"
    )
    claim = claims.new_claim("claim1", subject, result, "provider", "申请", NOW)
    assert claims.payees(claim, result) == {("body", "body1"): result.total_fen}
    assert (claim.people, claim.refused_people, claim.payable) == (20, 0, True)


@pytest.mark.parametrize("make", [lambda: advance_facts(refs(20)), lambda: balance_facts(refs(20), 18, 16)])
def test_an_old_claim_computes_again_to_the_same_fen(make: object) -> None:
    facts = make()  # type: ignore[operator]
    first = compute(facts, rules())
    kept, kept_result = plain(facts), first.to_dict()
    again = compute(facts_of(kept), rules())
    assert again.to_dict() == kept_result
    assert again.adds_up()


def test_living_costs_compute_again_from_what_is_kept() -> None:
    people = refs(3)
    facts = living_cost_facts(people, known(people))
    assert facts_of(plain(facts)) == facts


def test_a_claim_waits_for_what_it_is_about() -> None:
    people = refs(2)
    running = replace(training_class(people, id="class2"), last_session_ended=None)
    with pytest.raises(Refusal) as refused:
        check_ready([training_class(people), running])
    assert (refused.value.code, refused.value.facts) == ("settlement.not_carried_out", {"classes": "class2"})
    with pytest.raises(Refusal) as refused:
        check_ready([training_class(people)], to_come=["class3"])
    assert refused.value.facts == {"classes": "class3"}
    with pytest.raises(Refusal, match="not_carried_out"):
        check_ready([])
    with pytest.raises(Refusal, match="not_completed"):
        check_ready([training_class(people)], completed=True)
    check_ready([training_class(people, people)], completed=True)


def test_no_rate_in_the_region_is_refused() -> None:
    people = refs(1)
    elsewhere = replace(project(), region="370202")
    facts = gather(
        "project_advance", elsewhere, [training_class(people)], known(people), date(2026, 3, 10), rules()
    )
    with pytest.raises(Refusal) as refused:
        compute(facts, rules())
    assert refused.value.facts["topic"] == "training_standard"


def test_what_calculations_gave_each_person() -> None:
    first = compute(advance_facts(refs(2)), rules())
    assert evidence.sums_by_person([first, first]) == {
        "person001": 2 * SHARE_FEN,
        "person002": 2 * SHARE_FEN,
    }
