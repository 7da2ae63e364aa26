"""Oriented training and first operation certificates: months, certificates, places [600 §9]."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.commands.settlement_claims import SubmitClaimRequest
from services.policy import Calculation, Certificate, RuleSet, rules_for
from services.settlement.domain.evidence import Facts, Project, compute, wanted_rows
from services.settlement.domain.kinds import certificate_batch, oriented_training
from services.settlement.domain.kinds.certificate_batch import BatchFacts, Issued
from services.settlement.domain.kinds.oriented_training import Known, OrientedFacts, term_months
from services.settlement.domain.limits import PLACE, Row, reserve
from services.settlement.store import places
from services.settlement.store.claims import facts_of
from services.settlement.store.documents import plain
from tests.unit.settlement.cases import known, refs, training_class

DAY = date(2026, 3, 20)
SHANXI = rules_for("140000")
TAIYUAN = "140100"
WELDER, FITTER = "6-18-02-04", "6-20-01-01"
STANDARD = 6500_00


def few(limit: int | None) -> RuleSet:
    """Return Shanxi's rules with other places, none where the limit is None."""
    changed = []
    for rule in SHANXI.rules:
        if rule.topic == "oriented_cap":
            rest = {name: value for name, value in rule.values.items() if name != "places"}
            rule = replace(rule, values=rest if limit is None else rest | {"places": limit})
        changed.append(rule)
    return RuleSet("140000", SHANXI.edition, changed, SHANXI.hash)


def certificate(ref: str, level: str = "3", occupation: str = WELDER, day: date = DAY) -> Certificate:
    return Certificate(f"c-{ref}", occupation, level, day)


def oriented(
    people: list[str], free: int = 30, first: date = date(2025, 12, 7), **certificates: Certificate | None
) -> OrientedFacts:
    """Return an oriented class that ended on 6 March; all hold a level-3 certificate unless told."""
    project = Project(
        "project1", TAIYUAN, WELDER, "3", "body1", "演示培训学校", STANDARD, "ordinary", "oriented"
    )
    each = replace(training_class(people, people), first_day=first)
    held = {ref: certificate(ref) for ref in people} | certificates
    rows = [places.row_id("140000", "oriented", number) for number in range(1, free + 1)]
    told = Known(known(people).people, {ref: it for ref, it in held.items() if it}, rows)
    return oriented_training.gather(project, each, told, DAY)


def told(result: Calculation) -> dict[str, str]:
    return {refusal.person_ref: refusal.fact for refusal in result.refusals}


def test_the_standard_is_paid_up_to_the_cap() -> None:
    result = compute(oriented(refs(2)), SHANXI)
    assert [line.amount_fen for line in result.lines] == [STANDARD] * 2
    assert {(line.document, line.clause) for line in result.lines} == {("600", "§9(1)")}
    dear = replace(oriented(refs(1)), standard_fen=8000_01)
    assert compute(dear, SHANXI).total_fen == 8000_00


def test_it_computes_again_from_what_is_kept() -> None:
    facts = oriented(refs(3), 2)
    assert facts_of(plain(facts)) == facts
    assert compute(facts_of(plain(facts)), SHANXI) == compute(facts, SHANXI)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 3, 1), date(2026, 5, 30), 2),
        (date(2026, 3, 1), date(2026, 5, 31), 3),
        (date(2026, 3, 1), date(2026, 6, 1), 4),
        (date(2026, 3, 10), date(2026, 9, 9), 6),
        (date(2026, 3, 10), date(2026, 9, 10), 7),
        (date(2025, 11, 30), date(2026, 2, 27), 3),
        (date(2025, 11, 30), date(2026, 2, 26), 2),
        (date(2026, 3, 10), date(2026, 3, 10), 0),
        (date(2025, 8, 31), date(2026, 2, 27), 6),
    ],
)
def test_months_from_the_first_day_to_the_last(first: date, last: date, months: int) -> None:
    assert term_months(first, last, 3) == months


@pytest.mark.parametrize(
    ("first", "paid"),
    [
        (date(2025, 12, 7), True),
        (date(2025, 12, 8), False),
        (date(2025, 9, 7), True),
        (date(2025, 9, 6), False),
    ],
)
def test_a_term_has_three_to_six_months(first: date, paid: bool) -> None:
    result = compute(oriented(refs(1), first=first), SHANXI)
    assert (result.total_fen, told(result)) == ((STANDARD, {}) if paid else (0, {"": "term_length"}))


def test_a_class_whose_plan_was_not_told_counts_from_the_first_sign_in() -> None:
    project = Project("p", TAIYUAN, WELDER, "3", "b", "演示", STANDARD, "ordinary", "oriented")
    each = training_class(refs(1), refs(1))
    facts = oriented_training.gather(project, each, Known(known(refs(1)).people, {}, ()), DAY)
    assert facts.first_day == each.days_of("person001")[0]


@pytest.mark.parametrize(
    ("held", "fact"),
    [
        (None, "no_level_3_certificate"),
        (certificate("x", "4"), "no_level_3_certificate"),
        (certificate("x", occupation=FITTER), "other_certificate"),
        (certificate("x", day=DAY + timedelta(days=1)), "later_certificate"),
    ],
)
def test_the_certificate_is_of_level_three_and_of_the_occupation(held: Certificate, fact: str) -> None:
    result = compute(oriented(refs(2), person002=held), SHANXI)
    assert (result.total_fen, told(result)) == (STANDARD, {"person002": fact})


def test_who_did_not_complete_is_not_paid_for_a_certificate() -> None:
    people = refs(2)
    each = replace(training_class(people, people[:1]), first_day=date(2025, 12, 7))
    project = Project(
        "project1", TAIYUAN, WELDER, "3", "body1", "演示", STANDARD, "ordinary", "oriented"
    )  # fmt: skip
    held = {ref: certificate(ref) for ref in people}
    free = [places.row_id("140000", "oriented", number) for number in (1, 2)]
    facts = oriented_training.gather(project, each, Known(known(people).people, held, free), DAY)
    result = compute(facts, SHANXI)
    assert (result.total_fen, told(result)) == (STANDARD, {"person002": "not_completed"})
    assert [wanted.person_ref for wanted in wanted_rows(facts, result, SHANXI)] == ["person001"]


def test_facts_from_before_completion_was_asked_give_what_they_gave() -> None:
    doc = plain(oriented(refs(1)))
    for person in doc["people"]:
        del person["completed"]
    assert compute(facts_of(doc), SHANXI).total_fen == STANDARD


def test_who_comes_after_the_last_place_is_refused() -> None:
    facts = oriented(refs(3), 2)
    result = compute(facts, SHANXI)
    assert (result.total_fen, told(result)) == (2 * STANDARD, {"person003": "places_used_up"})
    none = compute(oriented(refs(2), 0), SHANXI)
    assert (none.outcome, set(told(none).values())) == ("refused", {"places_used_up"})
    assert wanted_rows(oriented(refs(2), 0), none, SHANXI) == []


def test_each_person_takes_a_place_of_the_own() -> None:
    facts = oriented(refs(3), 3)
    rows, clashes = reserve(wanted_rows(facts, compute(facts, SHANXI), SHANXI), {}, "claim1")
    held = [row for row in rows if row.kind == PLACE]
    assert ([row.id for row in held], clashes) == (list(facts.places), [])
    assert [row.subject for row in held] == [f"class1-{ref}" for ref in refs(3)]
    assert held[0].id == "place:140000:oriented:000001"


def test_a_place_of_another_claim_is_not_shared() -> None:
    facts = oriented(refs(1), 1)
    taken = {facts.places[0]: Row(facts.places[0], PLACE, "class1-person001", ("claim9",))}
    wanted = wanted_rows(facts, compute(facts, SHANXI), SHANXI)
    rows, clashes = reserve(wanted, taken, "claim1")
    assert ([(clash.kind, clash.holder) for clash in clashes], rows) == ([(PLACE, "claim9")], [])
    refused = compute(replace(facts, left_out=tuple(clashes)), SHANXI)
    assert [(each.fact, each.rule_id) for each in refused.refusals] == [("place_taken", "sx.oriented")]


def test_without_a_number_of_places_there_is_no_row_of_one() -> None:
    facts = oriented(refs(2), 0)
    result = compute(facts, few(None))
    assert result.total_fen == 2 * STANDARD
    wanted = wanted_rows(facts, result, few(None))
    assert {kind for each in wanted for kind, _ in each.fixed} == {"payment", "training"}


class Rows:
    """The rows of limits, as a source that the stores read."""

    def __init__(self, held: dict[int, list[str]]) -> None:
        self.docs = [self._doc(number, held[number]) for number in sorted(held)]
        self.read = 0

    @staticmethod
    def _doc(number: int, holders: list[str]) -> dict[str, Any]:
        id = places.row_id("140000", "oriented", number)
        return {"_id": id, "kind": PLACE, "subject": "", "claims": holders}

    def find(self, collection: str, query: Any, sort: Any = None, limit: int = 0) -> list[dict[str, Any]]:
        assert collection == "limit_rows"
        found = [doc for doc in self.docs if self._fits(doc, query)]
        if sort[0][1] < 0:
            found.reverse()
        found = found[:limit] if limit else found
        self.read += len(found)
        return found

    @staticmethod
    def _fits(doc: dict[str, Any], query: Any) -> bool:
        if isinstance(query.get("claims"), str):
            return query["claims"] in doc["claims"]
        among = query["_id"]["$gte"] <= doc["_id"] <= query["_id"]["$lte"]
        return among and ("claims" not in query or doc["claims"] == query["claims"])


@pytest.mark.parametrize(
    ("held", "wanted", "numbers"),
    [
        ({}, 2, [1, 2]),
        ({1: ["c1"], 2: ["c2"]}, 2, [3, 4]),
        ({1: ["c1"], 2: [], 3: ["c2"]}, 2, [2, 4]),
        ({1: [], 2: [], 3: ["c2"]}, 1, [1]),
        ({1: ["c1"], 2: ["own"], 3: []}, 3, [2, 3, 4]),
        ({number: ["c1"] for number in range(1, 6)}, 2, []),
        ({number: ["c1"] for number in range(1, 5)}, 2, [5]),
        # a limit that was higher once: what stands above it is neither taken nor the highest
        ({4: ["c1"], 6: [], 7: ["c2"]}, 3, [5]),
        ({1: []}, 0, []),
    ],
)
def test_places_are_found_without_a_search(
    held: dict[int, list[str]], wanted: int, numbers: list[int]
) -> None:
    rows = Rows(held)
    found = places.for_claim(rows, "own", "140000", "oriented", 5, wanted)  # type: ignore[arg-type]
    assert found == [places.row_id("140000", "oriented", number) for number in numbers]
    assert rows.read <= wanted + 1


def test_a_school_may_claim_it_on_its_learners_behalf() -> None:
    body = {"project_id": "p", "class_id": "c", "as_school": True}
    assert not SubmitClaimRequest().validate({"kind": "oriented_training", **body})
    assert set(SubmitClaimRequest().validate({"kind": "employment_uplift", **body})) == {"as_school"}


def operations(*numbers: str, first: dict[str, str]) -> Facts:
    """Return a batch of operation certificates, one for each of as many people."""
    issued = [
        Issued(Certificate(number, WELDER, "5", date(2024, 5, 6)), ref, "a1", "k1", True)
        for number, ref in zip(numbers, refs(len(numbers)), strict=True)
    ]
    people = known(refs(len(numbers))).people
    return certificate_batch.gather(TAIYUAN, issued, people, "assessor", False, DAY, first)


def test_the_first_operation_certificate_is_paid_four_hundred_yuan() -> None:
    facts = operations("n1", "n2", first={"person001": "n1", "person002": "n0"})
    result = compute(facts, SHANXI)
    assert [(line.person_ref, line.amount_fen, line.rule_id) for line in result.lines] == [
        ("person001", 400_00, "sx.certificate.first-operation")
    ]
    (refused,) = result.refusals
    assert (refused.person_ref, refused.fact) == ("person002", "not_first")
    assert "n0" in refused.zh
    assert compute(facts_of(plain(facts)), SHANXI) == result
    # the registry is asked about the certificate as it was registered
    assert isinstance(facts, BatchFacts)
    assert {each.certificate.level for each in facts.batch} == {"5"}


def test_a_first_certificate_that_is_told_later_is_no_first_again() -> None:
    paid = operations("n2", first={"person001": "n2"})
    rows, _ = reserve(wanted_rows(paid, compute(paid, SHANXI), SHANXI), {}, "claim1")
    assert sorted(row.kind for row in rows) == ["first", "payment"]
    earlier = operations("n1", first={"person001": "n1"})
    wanted = wanted_rows(earlier, compute(earlier, SHANXI), SHANXI)
    _, clashes = reserve(wanted, {row.id: row for row in rows}, "claim2")
    assert [(clash.kind, clash.holder) for clash in clashes] == [("first", "claim1")]
    refused = compute(replace(earlier, left_out=tuple(clashes)), SHANXI)
    assert [each.rule_id for each in refused.refusals] == ["sx.certificate.first-operation"]


def test_nothing_is_paid_for_a_batch_of_later_certificates() -> None:
    result = compute(operations("n1", first={"person001": "n0"}), SHANXI)
    assert (result.outcome, result.total_fen, told(result)) == ("refused", 0, {"person001": "not_first"})
