"""Three a year, an occupation and level once, one payment: by rows, whatever the order of claims."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services import policy
from services.settlement.domain.evidence import compute, wanted_rows
from services.settlement.domain.kinds.project import settled
from services.settlement.domain.limits import (
    PAIR,
    PAYMENT,
    SLOT,
    Clash,
    Row,
    Wanted,
    given_up,
    release,
    reserve,
)
from tests.unit.settlement.cases import advance_facts, balance_facts, refs, rules

LEVELS = ("5", "4", "3", "2", "1")


def wanted(person: str, project: str, level: str, occupation: str = "6-18-02-04") -> Wanted:
    keys = policy.limit_keys(person, occupation, level, date(2026, 3, 6), "370000", rules=rules())
    assert keys.pair is not None
    return Wanted(
        person, f"{project}-{person}", keys.slots, ((PAYMENT, f"pay-{project}-{person}"), (PAIR, keys.pair))
    )


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows}


def test_a_second_claim_for_the_same_occupation_and_level_leaves_the_person_out() -> None:
    first, none = reserve([wanted("a", "p1", "4"), wanted("b", "p1", "4")], {}, "claim1")
    second, clashes = reserve([wanted("a", "p2", "4"), wanted("c", "p2", "4")], by_id(first), "claim2")
    assert (len(first), none) == (6, [])
    assert clashes == [Clash("a", PAIR, "claim1")]
    assert {row.subject for row in second} == {"p2-c"}


def test_a_fourth_training_in_a_year_is_left_out() -> None:
    taken: dict[str, Row] = {}
    for number, level in enumerate(LEVELS[:3], 1):
        rows, clashes = reserve([wanted("a", f"p{number}", level)], taken, f"claim{number}")
        assert clashes == []
        taken |= by_id(rows)
    assert reserve([wanted("a", "p4", "2")], taken, "claim4") == ([], [Clash("a", SLOT, "claim1")])


def test_the_balance_joins_the_rows_of_its_advance() -> None:
    people = refs(2)
    advance = advance_facts(people)
    rows, _ = reserve(wanted_rows(advance, compute(advance, rules()), rules()), {}, "advance1")
    balance = balance_facts(people, 2, 2)
    joined, clashes = reserve(
        wanted_rows(balance, compute(balance, rules()), rules()), by_id(rows), "balance1"
    )
    assert clashes == []
    assert {row.kind: row.claims for row in joined} == {
        PAYMENT: ("balance1",),
        PAIR: ("advance1", "balance1"),
        SLOT: ("advance1", "balance1"),
    }
    kept, freed = release(joined, "balance1")
    assert {row.claims for row in kept} == {("advance1",)}
    assert all("balance" in id for id in freed)
    assert len(freed) == 2


def test_what_only_the_advance_holds_is_given_up_with_the_balance() -> None:
    people = refs(3)
    advance = advance_facts(people)
    rows, _ = reserve(wanted_rows(advance, compute(advance, rules()), rules()), {}, "advance1")
    balance = balance_facts(people, 2, 2)
    joined, _ = reserve(wanted_rows(balance, compute(balance, rules()), rules()), by_id(rows), "balance1")
    done = settled("project1", compute(balance, rules()))
    freed = given_up((by_id(rows) | by_id(joined)).values(), "advance1", done)
    assert sorted(id.split(":")[1] for id in freed) == ["person003", "person003"]


def test_who_keeps_the_advance_keeps_its_rows() -> None:
    people = refs(3)
    advance = advance_facts(people)
    rows, _ = reserve(wanted_rows(advance, compute(advance, rules()), rules()), {}, "advance1")
    # all slots of the certificate's year are taken: no balance for the third, and nothing is set off
    balance = replace(balance_facts(people, 3, 3), left_out=(Clash("person003", SLOT, "claim9"),))
    result = compute(balance, rules())
    assert [line.person_ref for line in result.lines] == ["person001", "person002"]
    joined, _ = reserve(wanted_rows(balance, result, rules()), by_id(rows), "balance1")
    done = settled("project1", result)
    assert given_up((by_id(rows) | by_id(joined)).values(), "advance1", done) == []


def test_the_slot_of_the_year_of_the_last_session_is_given_up_for_that_of_the_certificate() -> None:
    row = Row("370000:person001:2025:slot1", SLOT, "project1-person001", ("advance1",))
    result = compute(balance_facts(refs(1), 1, 1), rules())
    assert given_up([row], "advance1", settled("project1", result)) == [row.id]


def test_a_payment_row_is_never_shared() -> None:
    each = wanted("a", "p1", "4")
    rows, _ = reserve([each], {}, "claim1")
    assert reserve([each], by_id(rows), "claim2")[1] == [Clash("a", PAYMENT, "claim1")]
    again, clashes = reserve([each], by_id(rows), "claim1")
    assert (sorted(row.id for row in again), clashes) == (sorted(row.id for row in rows), [])


def test_a_taken_row_turns_the_amount_into_a_refusal_with_its_clause() -> None:
    facts = replace(advance_facts(refs(2)), left_out=(Clash("person001", PAIR, "claim9"),))
    result = compute(facts, rules())
    assert [line.person_ref for line in result.lines] == ["person002"]
    (refusal,) = result.refusals
    assert (refusal.person_ref, refusal.fact, refusal.document) == ("person001", "pair_taken", "AP")
    assert result.adds_up()


def test_when_everyone_is_left_out_nothing_is_payable() -> None:
    facts = advance_facts(refs(1))
    for kind, document in ((SLOT, "AP"), (PAYMENT, "AP")):
        result = compute(replace(facts, left_out=(Clash("person001", kind, "claim9"),)), rules())
        assert (result.outcome, result.total_fen) == ("refused", 0)
        assert result.refusals[0].document == document


steps = st.lists(
    st.tuples(
        st.sampled_from(["take", "release"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["p1", "p2", "p3", "p4", "p5", "p6"]),
        st.sampled_from(LEVELS),
    ),
    max_size=40,
)


@given(steps)
def test_no_order_of_claims_and_releases_breaks_a_limit(moves: list[tuple[str, str, str, str]]) -> None:
    taken: dict[str, Row] = {}
    for number, (move, person, project, level) in enumerate(moves):
        if move == "take":
            rows, _ = reserve([wanted(person, project, level)], taken, f"claim{number}")
            taken |= by_id(rows)
        elif taken:
            claim = sorted(taken.values(), key=lambda row: row.id)[0].claims[0]
            kept, freed = release([row for row in taken.values() if claim in row.claims], claim)
            taken = {id: row for id, row in taken.items() if id not in freed} | by_id(kept)
        for who in ("a", "b"):
            mine = {row for row in taken.values() if row.subject.endswith(f"-{who}")}
            assert len({row.subject for row in mine}) <= 3
            assert sum(row.kind == SLOT for row in mine) == len(
                {row.subject for row in mine if row.kind == SLOT}
            )
