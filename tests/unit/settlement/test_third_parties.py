"""Reviews that third parties prepare, sanctions, and the officer's decision below the employment rate."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from services.policy import decision_range
from services.settlement.domain import prepared, sanctions
from services.settlement.domain.evidence import compute, wanted_rows
from services.settlement.domain.prepared import Finding, PreparedReview, check_fit, check_read
from services.settlement.domain.sanctions import Sanction
from tests.unit.settlement.cases import REST_FEN, SHARE_FEN, balance_facts, refs, rules

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
AGENCY = {"_id": "agency1", "kind": "agency", "verified": True, "credit_code": "code1"}
CLAIMANT = {"_id": "body1", "kind": "provider", "verified": True, "credit_code": "code2"}


def commissioned(**changes: Any) -> PreparedReview:
    return replace(PreparedReview("r1", "claim1", 1, "370611", "agency1", "first", NOW), **changes)


def test_a_verified_agency_without_relation_is_fit() -> None:
    check_fit(AGENCY, [CLAIMANT, {"_id": "assessor1"}], barred=False)


@pytest.mark.parametrize(
    ("changes", "parties", "barred", "word"),
    [
        ({"verified": False}, [CLAIMANT], False, "verified"),
        ({"kind": "provider"}, [CLAIMANT], False, "verified"),
        ({}, [CLAIMANT, {"_id": "agency1"}], False, "related"),
        # the same firm under another registration
        ({}, [{**CLAIMANT, "credit_code": "code1"}], False, "related"),
        ({}, [CLAIMANT], True, "sanction"),
    ],
)
def test_who_is_not_fit(
    changes: dict[str, Any], parties: list[dict[str, Any]], barred: bool, word: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_fit({**AGENCY, **changes}, parties, barred)
    assert refused.value.code == "settlement.third_party_unfit"
    assert word in refused.value.facts["en"]


def test_nobody_unknown_is_fit() -> None:
    with pytest.raises(Refusal, match="third_party_unfit"):
        check_fit(None, [CLAIMANT], barred=False)


def test_two_bodies_without_a_known_code_are_not_the_same() -> None:
    check_fit({**AGENCY, "credit_code": None}, [{"_id": "body1", "credit_code": None}], barred=False)


def test_what_is_prepared_is_read_before_the_first_review() -> None:
    waiting = commissioned()
    with pytest.raises(Refusal, match="commission_open"):
        check_read([waiting], 1, "first")
    handed_in = prepared.prepare(waiting, (Finding("person", "p1", False, "签到缺一天"),), "return", "a", NOW)
    with pytest.raises(Refusal, match="commission_open"):
        check_read([handed_in], 1, "first")
    read = prepared.read(handed_in, "first", "已核对", NOW)
    check_read([read], 1, "first")
    # whoever reviews has to have read it
    with pytest.raises(Refusal, match="commission_open"):
        check_read([read], 1, "first2")
    # the claim was computed again since
    check_read([handed_in], 2, "first")


def test_another_reviewer_reads_it_too_and_both_are_on_record() -> None:
    handed_in = prepared.prepare(commissioned(), (), "pass", "a", NOW)
    first = prepared.read(handed_in, "first", "已核对", NOW)
    both = prepared.read(first, "first2", "复核", NOW)
    assert [(each.by, each.remark) for each in both.readings] == [("first", "已核对"), ("first2", "复核")]
    for by in ("first", "first2"):
        check_read([both], 1, by)
        with pytest.raises(Refusal, match="out_of_order"):
            prepared.read(both, by, "再读", NOW)
    # one read before each reading was kept
    old = replace(first, readings=())
    check_read([old], 1, "first")
    assert prepared.read(old, "first2", "复核", NOW) == both


def test_of_several_each_is_read_the_latest_first() -> None:
    reviews = [
        prepared.read(prepared.prepare(commissioned(id=id), (), "pass", "a", NOW), "first", "阅", NOW)
        for id in ("r1", "r2")
    ]
    off = prepared.call_off(commissioned(id="r3"), "first", "改为自审", NOW)
    for wanted in (1, 0):
        found = prepared.to_read([*reviews, off], 1, "first2")
        assert found == reviews[wanted]
        reviews[wanted] = prepared.read(found, "first2", "复核", NOW)
    check_read([*reviews, off], 1, "first2")
    # nothing is left to read: reading the latest says so
    assert prepared.to_read([*reviews, off], 1, "first2") == off
    assert prepared.to_read([], 1, "first2") is None


def test_a_commission_is_called_off_before_it_is_carried_out_only() -> None:
    off = prepared.call_off(commissioned(), "first", "改为自审", NOW)
    check_read([off], 1, "first")
    handed_in = prepared.prepare(commissioned(), (), "pass", "a", NOW)
    for step in (prepared.call_off, prepared.read):
        with pytest.raises(Refusal, match="out_of_order"):
            step(off, "first", "理由", NOW)
    with pytest.raises(Refusal, match="out_of_order"):
        prepared.call_off(handed_in, "first", "理由", NOW)
    with pytest.raises(Refusal, match="out_of_order"):
        prepared.prepare(handed_in, (), "pass", "a", NOW)


def bar(measure: str = "claims_barred", until: date | None = date(2026, 6, 30)) -> Sanction:
    return Sanction(
        "s1",
        "body1",
        "演示培训学校",
        "370611",
        "fraud",
        "37 §19",
        measure,
        until,
        None,
        None,
        "骗取",
        "sup",
        NOW,
    )


@pytest.mark.parametrize(
    ("measure", "until"),
    [("claims_barred", None), ("claims_barred", TODAY), ("warning", date(2026, 6, 30))],
)
def test_a_bar_and_only_a_bar_has_a_last_day(measure: str, until: date | None) -> None:
    with pytest.raises(Refusal, match="bar_needs_day"):
        sanctions.check(bar(measure, until), TODAY)


def test_a_bar_holds_through_its_last_day() -> None:
    sanctions.check(bar(), TODAY)
    sanctions.check(bar("warning", None), TODAY)
    every = [bar(), bar(until=date(2026, 5, 1)), bar("exit", None)]
    assert sanctions.barred_until(every, date(2026, 6, 30)) == date(2026, 6, 30)
    assert sanctions.barred_until(every, date(2026, 7, 1)) is None


def test_a_lifted_bar_holds_no_longer() -> None:
    off = sanctions.lifted(bar(), "sup2", "申诉成立", NOW)
    assert (off.status, off.lifted_by, off.lifted_at, off.lift_reason) == ("lifted", "sup2", NOW, "申诉成立")
    assert sanctions.barred_until([off], TODAY) is None
    shorter = bar(until=date(2026, 6, 1))
    assert sanctions.barred_until([off, shorter], TODAY) == date(2026, 6, 1)


def test_a_sanction_is_lifted_once_and_by_another_hand() -> None:
    with pytest.raises(Refusal, match="other_hand"):
        sanctions.lifted(bar(), "sup", "申诉成立", NOW)
    off = sanctions.lifted(bar(), "sup2", "申诉成立", NOW)
    with pytest.raises(Refusal, match="out_of_order"):
        sanctions.lifted(off, "sup3", "再次", NOW)


def decided(percent: int, completed: int = 20) -> Any:
    # 20 were advanced, 16 of those who completed work; the window closed on 6 September
    facts = balance_facts(refs(20), completed, 16 if completed == 20 else completed - 4)
    return replace(facts, day=date(2026, 9, 7), decided=percent)


def test_the_window_has_to_be_closed_for_a_decision() -> None:
    facts = balance_facts(refs(20), 20, 16)
    on_the_last_day = replace(facts, day=date(2026, 9, 6), decided=100)
    assert compute(on_the_last_day, rules()).outcome == "held"
    assert compute(replace(facts, day=date(2026, 9, 7)), rules()).outcome == "decision_needed"


@pytest.mark.parametrize(("percent", "each"), [(100, REST_FEN), (50, REST_FEN // 2), (1, REST_FEN // 100)])
def test_so_much_of_each_balance_is_paid(percent: int, each: int) -> None:
    facts = decided(percent)
    found = compute(facts, rules())
    assert (found.outcome, found.total_fen) == ("payable", 20 * each)
    assert {line.what for line in found.lines} == {"training_balance_decided"}
    assert found.adds_up()
    # the reason why it was not simply paid stays on record
    assert "employment_rate_below" in {refusal.fact for refusal in found.refusals}
    assert len(wanted_rows(facts, found, rules())) == 20


def test_nothing_is_decided_and_no_row_is_needed() -> None:
    found = compute(decided(0), rules())
    assert (found.outcome, found.total_fen, found.lines) == ("refused", 0, ())
    assert wanted_rows(decided(0), found, rules()) == []


def test_what_was_advanced_without_a_certificate_is_set_off_whatever_is_decided() -> None:
    half = compute(decided(50, completed=18), rules())
    assert half.total_fen == 18 * (REST_FEN // 2) - 2 * SHARE_FEN
    none = compute(decided(0, completed=18), rules())
    assert (none.outcome, none.total_fen) == ("recovery_due", -2 * SHARE_FEN)


def test_a_decision_counts_for_nothing_where_the_rate_is_reached() -> None:
    facts = replace(balance_facts(refs(20), 20, 17), day=date(2026, 9, 7), decided=10)
    assert compute(facts, rules()).total_fen == 20 * REST_FEN


def test_the_range_is_a_parameter() -> None:
    assert decision_range(balance_facts(refs(1), 1, 1).project, rules()) == (1, 100)
