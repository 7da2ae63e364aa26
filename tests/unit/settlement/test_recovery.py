"""Recovery: how much of whom, instalments, receipts, offsets, write-off, and the limit rows after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.errors import Refusal
from services.settlement.deciding import with_advances
from services.settlement.domain import claims, recovery
from services.settlement.domain.claims import Claim
from services.settlement.domain.evidence import compute
from services.settlement.domain.limits import PAYMENT, SLOT, STAGE, Row
from services.settlement.domain.recovery import Instalment, Movement, Paid, Recovery, Share, shares_of
from tests.unit.settlement.cases import SHARE_FEN, balance_facts, refs, rules
from tests.unit.settlement.test_review import PATH, walked

NOW = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 6)
BODY = ("body", "body1")
DAY = timedelta(days=1)


def order(amount: int = 300_00, **changes: object) -> Recovery:
    made = Recovery(
        "r1", "claim1", "370611", "employment_subsidy", "acc", "body", "body1", "body_fraud", "37 §19",
        "虚假签到", amount, (Share("p1", amount, amount),), "supervisor", NOW,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def movement(kind: str, fen: int, day: date = TODAY) -> Movement:
    return Movement(kind, fen, "finance", NOW, day, "理由", "ref")


def paid(**changes: object) -> Paid:
    found = Paid({"p1": 100, "p2": 200}, dict.fromkeys(("p1", "p2"), BODY), {BODY: 300})
    return replace(found, **changes)  # type: ignore[arg-type]


def test_the_whole_claim_is_what_was_paid_for_everybody() -> None:
    assert shares_of(paid(), {}) == {BODY: [Share("p1", 100, 100), Share("p2", 200, 200)]}


def test_people_paid_themselves_owe_themselves() -> None:
    mine = {ref: ("person", ref) for ref in ("p1", "p2")}
    found = paid(payee_of=mine, payees={("person", "p1"): 100, ("person", "p2"): 200})
    assert shares_of(found, {"p2": None}) == {("person", "p2"): [Share("p2", 200, 200)]}


def test_a_part_of_one_person() -> None:
    assert shares_of(paid(), {"p2": 150}) == {BODY: [Share("p2", 150, 200)]}


def test_what_came_back_is_shared_out_whole_or_not_at_all() -> None:
    half = recovery.moved(order(200_00, id="r2"), movement("receipt", 120_00), TODAY)
    settled = recovery.moved(order(50_00, id="r0"), movement("receipt", 50_00), TODAY)
    later = order(100_00, id="r1", ordered_at=NOW + DAY)
    debts = [later, half, settled]
    assert recovery.shared_out(debts, 180_00) == [(half, 80_00), (later, 100_00)]
    assert recovery.shared_out(debts, 70_00) == [(half, 70_00)]
    assert recovery.shared_out(debts, 180_01) == []
    assert recovery.shared_out([], 1) == []


def test_a_body_never_owes_more_than_it_got() -> None:
    # 50 fen were set off when it was paid
    found = paid(payees={BODY: 250})
    assert shares_of(found, {}) == {BODY: [Share("p1", 100, 100), Share("p2", 150, 200)]}
    with pytest.raises(Refusal, match="recovery_too_much"):
        shares_of(found, {"p1": None, "p2": None})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"p2": 201}, "settlement.recovery_too_much"),
        ({"p2": 0}, "settlement.recovery_too_much"),
        ({"p3": None}, "settlement.nothing_to_recover"),
        ({"p1": None}, "settlement.nothing_to_recover"),
        ({"p2": 151}, "settlement.recovery_too_much"),
    ],
)
def test_what_cannot_be_demanded(asked: dict[str, int | None], code: str) -> None:
    before = order(150, people=(Share("p1", 100, 100), Share("p2", 50, 200)))
    with pytest.raises(Refusal) as refused:
        shares_of(paid(demanded=(before,)), asked)
    assert refused.value.code == code


def test_nothing_is_demanded_twice() -> None:
    before = order(300, people=(Share("p1", 100, 100), Share("p2", 200, 200)))
    with pytest.raises(Refusal, match="nothing_to_recover"):
        shares_of(paid(demanded=(before,)), {})


def test_instalments_sum_to_what_is_outstanding_in_order_of_their_days() -> None:
    started = recovery.moved(order(300), movement("receipt", 100), TODAY)
    plan = [Instalment(TODAY, 50), Instalment(TODAY + 30 * DAY, 150)]
    agreed = recovery.planned(started, plan, TODAY)
    assert agreed.overdue_fen(TODAY) == 0
    assert agreed.overdue_fen(TODAY + DAY) == 50
    assert agreed.overdue_fen(TODAY + 31 * DAY) == 200
    part = recovery.moved(agreed, movement("receipt", 30), TODAY)
    assert part.overdue_fen(TODAY + DAY) == 20


@pytest.mark.parametrize(
    ("days", "fens", "code"),
    [
        ((0, 30), (100, 199), "settlement.plan_mismatch"),
        ((0, 30), (100, 201), "settlement.plan_mismatch"),
        ((0, 30), (300, 0), "settlement.plan_mismatch"),
        ((-1, 30), (100, 200), "settlement.plan_order"),
        ((30, 30), (100, 200), "settlement.plan_order"),
        ((30, 0), (100, 200), "settlement.plan_order"),
    ],
)
def test_plans_that_are_refused(days: tuple[int, ...], fens: tuple[int, ...], code: str) -> None:
    plan = [Instalment(TODAY + day * DAY, fen) for day, fen in zip(days, fens, strict=True)]
    with pytest.raises(Refusal) as refused:
        recovery.planned(order(300), plan, TODAY)
    assert refused.value.code == code


def test_the_last_part_settles_it_and_then_nothing_moves() -> None:
    part = recovery.moved(order(300), movement("receipt", 299), TODAY)
    assert (part.status, part.outstanding_fen) == ("ordered", 1)
    for fen in (0, 2, -1):
        with pytest.raises(Refusal, match="receipt_too_much"):
            recovery.moved(part, movement("receipt", fen), TODAY)
    with pytest.raises(Refusal, match="receipt_in_future"):
        recovery.moved(part, movement("receipt", 1, TODAY + DAY), TODAY)
    done = recovery.moved(part, movement("receipt", 1), TODAY)
    assert (done.status, done.outstanding_fen, done.returned_fen) == ("settled", 0, 300)
    with pytest.raises(Refusal, match="out_of_order"):
        recovery.moved(done, movement("write_off", 1), TODAY)
    with pytest.raises(Refusal, match="out_of_order"):
        recovery.planned(done, [Instalment(TODAY, 1)], TODAY)


def test_the_oldest_debt_is_set_off_first_and_other_payees_are_left_alone() -> None:
    old = order(100, id="r9", ordered_at=NOW - DAY)
    new, stranger = order(100, id="r1"), order(100, id="r2", payee_ref="body2")
    left, made = recovery.offsets({BODY: 150, ("person", "p1"): 70}, [new, stranger, old])
    assert left == {("person", "p1"): 70}
    assert [(each.recovery_id, each.amount_fen) for each in made] == [("r9", 100), ("r1", 50)]


debts = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 500), st.integers(0, 3)), max_size=8)


@given(st.dictionaries(st.sampled_from([("body", "a"), ("body", "b")]), st.integers(1, 800)), debts)
def test_offsets_take_no_more_than_is_owed_on_either_side(
    owed: dict[tuple[str, str], int], rows: list[tuple[str, int, int]]
) -> None:
    known = {
        f"r{number}": order(fen, id=f"r{number}", payee_ref=ref, ordered_at=NOW + day * DAY)
        for number, (ref, fen, day) in enumerate(rows)
    }
    left, made = recovery.offsets(owed, known.values())
    for payee, fen in owed.items():
        taken = sum(each.amount_fen for each in made if each.payee == payee)
        due = sum(each.amount_fen for each in known.values() if each.payee_ref == payee[1])
        assert taken + left.get(payee, 0) == fen
        assert taken == min(fen, due)
    assert all(0 < each.amount_fen <= known[each.recovery_id].amount_fen for each in made)
    assert all(left.values())


ROWS = [
    Row("slot", SLOT, "project1-p1", ("claim1",)),
    Row("pay", PAYMENT, "project1-p1", ("claim1",)),
    Row("other", SLOT, "project1-p2", ("claim1",)),
    Row("stage", STAGE, "project1", ("claim1",)),
]


def given_up(claim: Claim, settled: Recovery, *others: Recovery) -> list[str]:
    subjects = {f"project1-{ref}" for ref in recovery.people_freed([settled], [settled, *others])}
    return [row.id for row in recovery.rows_given_up(ROWS, subjects, claim, [settled])]


def paid_claim() -> Claim:
    return replace(walked(PATH), status="paid", paid_fen=500_00)


def test_money_that_is_back_was_not_enjoyed_and_its_rows_are_free() -> None:
    done = recovery.moved(order(300_00), movement("receipt", 300_00), TODAY)
    assert given_up(paid_claim(), done) == ["slot", "pay"]
    whole = recovery.given_back(replace(paid_claim(), paid_fen=200_00, offset_fen=100_00), 300_00)
    assert (whole.status, whole.recovered_fen) == ("recovered", 300_00)
    assert given_up(whole, done) == ["slot", "pay", "stage"]


@pytest.mark.parametrize(
    ("changes", "moves"),
    [
        ({"ground": "person_fraud"}, [("receipt", 300_00)]),
        ({}, [("receipt", 299_99), ("write_off", 1)]),
        ({"people": (Share("p1", 300_00, 300_01),)}, [("receipt", 300_00)]),
        ({}, [("receipt", 299_99)]),
    ],
)
def test_rows_stay_taken(changes: dict[str, object], moves: list[tuple[str, int]]) -> None:
    after = order(**changes)
    for kind, fen in moves:
        after = recovery.moved(after, movement(kind, fen), TODAY)
    assert given_up(paid_claim(), after) == []


def test_two_orders_that_give_all_back_free_the_rows_with_the_second() -> None:
    first = order(100_00, id="r1", people=(Share("p1", 100_00, 300_00),))
    second = order(200_00, id="r2", people=(Share("p1", 200_00, 300_00),))
    done = recovery.moved(first, movement("receipt", 100_00), TODAY)
    assert given_up(paid_claim(), done, second) == []
    last = recovery.moved(second, movement("offset", 200_00), TODAY)
    assert given_up(paid_claim(), last, done) == ["slot", "pay"]
    written_off = recovery.moved(first, movement("write_off", 100_00), TODAY)
    assert given_up(paid_claim(), last, written_off) == []


def test_what_is_demanded_back_is_not_set_off_at_the_balance() -> None:
    demanded = [order(100), order(50, people=(Share("p2", 50, 200),))]
    assert recovery.less_demanded({"p1": 100, "p2": 200, "p3": 100}, demanded) == {"p2": 150, "p3": 100}


def test_what_the_balance_sets_off_is_not_demanded_back() -> None:
    left = recovery.less_set_off(paid(), {"p2": 200, "stranger": 7})
    assert shares_of(left, {}) == {BODY: [Share("p1", 100, 100)]}
    with pytest.raises(Refusal, match="nothing_to_recover"):
        shares_of(left, {"p2": None})
    part = recovery.less_set_off(paid(), {"p2": 150})
    assert shares_of(part, {}) == {BODY: [Share("p1", 100, 100), Share("p2", 50, 50)]}


def test_the_whole_set_off_leaves_nothing_of_the_body() -> None:
    with pytest.raises(Refusal, match="nothing_to_recover"):
        shares_of(recovery.less_set_off(paid(), {"p1": 100, "p2": 200}), {})


@pytest.mark.parametrize(
    ("status", "certified", "sets_off"),
    [
        ("computed", 3, True),
        ("sent_back", 3, True),
        ("paid", 3, True),
        ("refused", 3, False),
        ("withdrawn", 3, False),
        ("recovered", 3, False),
        # it outweighs the balance, which is never paid: the advance is recovered by an order
        ("computed", 1, False),
    ],
)
def test_a_live_balance_sets_off(status: str, certified: int, sets_off: bool) -> None:
    people = refs(4)
    calculation = compute(balance_facts(people, certified, certified), rules())
    claim = replace(paid_claim(), status=status, outcome=calculation.outcome, total_fen=calculation.total_fen)
    assert claims.set_off(claim, calculation) == ({people[3]: SHARE_FEN} if sets_off else {})


def test_a_decision_goes_by_the_advances_that_still_stand() -> None:
    people = refs(2)
    facts = balance_facts(people, 1, 0)
    fresh = with_advances(facts, {people[0]: SHARE_FEN})
    assert [each.advance_fen for each in fresh.people] == [SHARE_FEN, 0]
    decided = compute(replace(fresh, day=date(2026, 9, 7), decided=100), rules())
    assert [line.person_ref for line in decided.lines] == people[:1]


@pytest.mark.parametrize(
    ("paid_lines", "paid_fen", "offset_fen", "lines", "status"),
    [(0, 0, 0, 1, "refused"), (0, 0, 50, 1, "paid"), (2, 200, 0, 3, "paid"), (1, 100, 0, 3, "ordered")],
)
def test_a_stopped_line_ends_its_claim_when_it_was_the_last(
    paid_lines: int, paid_fen: int, offset_fen: int, lines: int, status: str
) -> None:
    sums = {"paid_lines": paid_lines, "paid_fen": paid_fen, "offset_fen": offset_fen}
    after = claims.line_stopped(replace(walked(PATH), payment_lines=lines, **sums), 70)
    assert (after.status, after.stopped_fen, after.payment_lines) == (status, 70, lines - 1)


def test_a_receipt_recorded_wrong_is_taken_back_by_another_hand_and_nothing_is_edited() -> None:
    first = recovery.moved(order(), movement("receipt", 120_00), TODAY)
    settled = recovery.moved(first, replace(movement("receipt", 180_00), reference="other"), TODAY)
    assert settled.status == "settled"
    with pytest.raises(Refusal, match="other_hand"):
        recovery.reversed_by(settled, "ref", "finance", NOW, "金额有误")
    back = recovery.reversed_by(settled, "ref", "second", NOW, "金额有误")
    assert (back.status, back.outstanding_fen, back.returned_fen) == ("ordered", 120_00, 180_00)
    assert back.movements[:2] == settled.movements
    assert [each.reference for each in back.receipts] == ["other"]
    with pytest.raises(Refusal, match="not_found"):
        recovery.reversed_by(back, "ref", "second", NOW, "再次冲回")
    # recorded anew under the same reference, and taken back once more
    anew = recovery.moved(back, movement("receipt", 12_00), TODAY)
    assert (anew.outstanding_fen, len(anew.receipts)) == (108_00, 2)
    assert recovery.reversed_by(anew, "ref", "second", NOW, "仍有误").outstanding_fen == 120_00


def test_a_claim_is_paid_again_when_what_came_back_had_not() -> None:
    claim = paid_claim()
    whole = recovery.given_back(claim, claim.paid_fen)
    assert whole.status == "recovered"
    after = recovery.taken_back(whole, 1)
    assert (after.status, after.recovered_fen) == ("paid", claim.paid_fen - 1)
