"""What each kind of claim rests on, is reckoned to and takes: without database, as an officer would check."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.commands.settlement_claims import SUBJECTS
from contracts.events.settlement import AnyClaimSubmitted
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import CLAIM_KINDS
from services.policy import Certificate, EmploymentFact, TraineeFacts, rules_for
from services.settlement.domain import claims
from services.settlement.domain.claims import Claim
from services.settlement.domain.evidence import Facts, Project, compute, wanted_rows
from services.settlement.domain.kinds import (
    FACTS,
    certificate_batch,
    class_training,
    employment_uplift,
    living_cost,
    wage_month,
)
from services.settlement.domain.kinds.certificate_batch import Issued
from services.settlement.domain.kinds.wage_month import PayrollLine
from services.settlement.domain.limits import Row, Wanted, release, reserve
from services.settlement.domain.recovery import Share
from services.settlement.gathering import GATHERERS
from services.settlement.store.claims import facts_of
from services.settlement.store.documents import plain
from tests.unit.settlement.cases import known, project, refs, rules, training_class
from tests.unit.settlement.test_recovery import order

DAY = date(2026, 3, 20)
CLASS_FEN = 1800_00
SHANXI = rules_for("140000")
TAIYUAN = "140100"


def ordinary(price_fen: int | None = None) -> Project:
    return replace(project(price_fen), organisation="ordinary")


def training(people: list[str], certified: int, kind: str = "class_training", **about: str) -> Facts:
    """Return a class that everybody completed; the first `certified` hold a certificate."""
    each = training_class(people, people, about.get("id", "class1"))
    told = known(people, people[:certified])
    payee = about.get("payee", "provider")
    what = class_training.about(ordinary(), each, payee, about.get("organiser", payee))
    files = frozenset(about.get("files", "").split())
    have = class_training.Known(told.people, told.certificates, files)
    return class_training.gather(kind, ordinary(), each, what, tuple(people), have, DAY, rules())


def uplift(people: list[str], paid: int, since: date | None) -> Facts:
    each, told = training_class(people, people), known(people)
    what = class_training.about(ordinary(), each, "provider", "provider")
    work = [EmploymentFact(ref, since, True) for ref in people] if since else []
    have = employment_uplift.Known(told.people, work, dict.fromkeys(people[:paid], CLASS_FEN))
    return employment_uplift.gather(each, what, have, date(2026, 12, 1))


def transport(people: list[str]) -> Facts:
    each = training_class(people)
    return living_cost.gather("370611", each, known(people).people, DAY, "transport")


def batch(people: list[str], payee: str = "assessor", agreed: bool = False) -> Facts:
    issued = [
        Issued(Certificate(f"c-{ref}", "6-18-02-04", "4", date(2024, 5, 6)), ref, "a1", "k1")
        for ref in people
    ]
    return certificate_batch.gather(TAIYUAN, issued, known(people).people, payee, agreed, DAY)


def wages(people: list[str], insured: int = 0, documented: bool = False, month: int = 11) -> Facts:
    have = wage_month.Known(known(people).people, frozenset(people[:insured]), documented, {})
    lines = [PayrollLine(ref, 4500_00, date(2021, month, 28)) for ref in people]
    return wage_month.gather("firm1", TAIYUAN, (2021, month), lines, have, DAY)


def rules_of(facts: Facts) -> object:
    return SHANXI if facts.jurisdiction == "140000" else rules()


CASES = {
    "class_training": lambda: training(refs(3), 2),
    "person_training": lambda: training(refs(1), 1, "person_training", payee="person"),
    "school": lambda: training(refs(2), 2, payee="school", files="training_plan sign_in_sheet video"),
    "employment_uplift": lambda: uplift(refs(2), 2, date(2026, 4, 1)),
    "transport": lambda: transport(refs(2)),
    "certificate_batch": lambda: batch(refs(2)),
    "wage_month": lambda: wages(refs(2), 2),
}


@pytest.mark.parametrize("name", CASES)
def test_a_claim_computes_again_from_what_is_kept(name: str) -> None:
    facts = CASES[name]()
    first = compute(facts, rules_of(facts))  # type: ignore[arg-type]
    assert first.outcome == "payable"
    assert first.adds_up()
    kept = facts_of(plain(facts))
    assert kept == facts
    assert compute(kept, rules_of(facts)) == first  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_the_same_claim_again_is_left_out_until_the_first_is_given_up(name: str) -> None:
    facts = CASES[name]()
    in_force = rules_of(facts)
    wanted = wanted_rows(facts, compute(facts, in_force), in_force)  # type: ignore[arg-type]
    rows, clashes = reserve(wanted, {}, "claim1")
    assert (len({each.person_ref for each in wanted}), clashes) == (len(wanted), [])
    taken = {row.id: row for row in rows}
    again = reserve(wanted, taken, "claim2")
    assert ([clash.person_ref for clash in again[1]], again[0]) == ([each.person_ref for each in wanted], [])
    left_out = replace(facts, left_out=tuple(again[1]))
    refused = compute(left_out, in_force)  # type: ignore[arg-type]
    assert (refused.outcome, refused.total_fen, refused.lines) == ("refused", 0, ())
    kept, freed = release(rows, "claim1")
    assert (kept, sorted(freed)) == ([], sorted(taken))
    assert reserve(wanted, {}, "claim2")[1] == []


def test_every_kind_of_the_vocabulary_is_claimed_gathered_and_kept() -> None:
    assert set(CLAIM_KINDS) == set(SUBJECTS) == set(FACTS) == set(GATHERERS)


def test_the_certificate_comes_first() -> None:
    result = compute(training(refs(3), 2), rules())
    assert [line.amount_fen for line in result.lines] == [CLASS_FEN] * 2
    assert [(refusal.person_ref, refusal.fact) for refusal in result.refusals] == [
        ("person003", "no_certificate")
    ]


@pytest.mark.parametrize(
    ("files", "missing"), [("", 3), ("training_plan", 2), ("training_plan sign_in_sheet", 1)]
)
def test_a_school_without_its_evidence_gets_nothing(files: str, missing: int) -> None:
    result = compute(training(refs(2), 2, payee="school", files=files), rules())
    told = [(refusal.fact, refusal.document, refusal.clause) for refusal in result.refusals]
    assert (result.outcome, told) == ("refused", [("evidence_missing", "107", "§2")] * missing)


def test_a_body_and_a_person_claim_one_training_once() -> None:
    body, person = training(refs(1), 1), training(refs(1), 1, "person_training", payee="person")
    rows, _ = reserve(wanted_rows(body, compute(body, rules()), rules()), {}, "claim1")
    taken = {row.id: row for row in rows}
    _, clashes = reserve(wanted_rows(person, compute(person, rules()), rules()), taken, "claim2")
    assert [clash.kind for clash in clashes] == ["training"]


def test_two_classes_of_a_project_are_paid_once_for_an_occupation_and_level() -> None:
    first, second = training(refs(1), 1), training(refs(2), 2, id="class2")
    rows, _ = reserve(wanted_rows(first, compute(first, rules()), rules()), {}, "claim1")
    again = replace(second, people=tuple(_renumbered(each) for each in second.people))  # type: ignore[attr-defined, call-arg]
    taken = {row.id: row for row in rows}
    _, clashes = reserve(wanted_rows(again, compute(again, rules()), rules()), taken, "claim2")
    assert [(clash.person_ref, clash.kind, clash.holder) for clash in clashes] == [
        ("person001", "pair", "claim1")
    ]


def _renumbered(each: TraineeFacts) -> TraineeFacts:
    assert each.certificate is not None
    return replace(each, certificate=replace(each.certificate, number=f"again-{each.person_ref}"))


def test_the_same_level_after_a_project_is_left_out() -> None:
    facts = training(refs(1), 1)
    held = {"370000:person001:6-18-02-04:4": Row("370000:person001:6-18-02-04:4", "pair", "p9", ("claim9",))}
    _, clashes = reserve(wanted_rows(facts, compute(facts, rules()), rules()), held, "claim1")
    assert [(clash.kind, clash.holder) for clash in clashes] == [("pair", "claim9")]


@pytest.mark.parametrize(
    ("since", "paid", "fact"),
    [
        (date(2026, 4, 1), 1, None),
        (date(2026, 9, 6), 1, None),  # six months after 6 March, the last day
        (date(2026, 9, 7), 1, "employed_late"),
        (date(2026, 3, 5), 1, "employed_before"),
        (None, 1, "not_employed"),
        (date(2026, 4, 1), 0, "no_training_subsidy"),
    ],
)
def test_the_uplift_both_sides_of_its_window(since: date | None, paid: int, fact: str | None) -> None:
    result = compute(uplift(refs(1), paid, since), rules())
    assert [refusal.fact for refusal in result.refusals] == ([fact] if fact else [])
    assert result.total_fen == (0 if fact else CLASS_FEN // 10)


@pytest.mark.parametrize(("organisation", "clashes"), [("project_type", ["person001"]), ("ordinary", [])])
def test_one_uplift_for_what_was_paid_once(organisation: str, clashes: list[str]) -> None:
    def wanted(people: list[str], id: str) -> list[Wanted]:
        each, told = training_class(people, people, id), known(people)
        about = replace(project(), organisation=organisation)
        what = class_training.about(about, each, "provider", "provider")
        work = [EmploymentFact(ref, date(2026, 4, 1), True) for ref in people]
        have = employment_uplift.Known(told.people, work, dict.fromkeys(people, CLASS_FEN))
        facts = employment_uplift.gather(each, what, have, date(2026, 12, 1))
        return wanted_rows(facts, compute(facts, rules()), rules())

    # the first is on the rosters of two classes: stages are paid for the project, else each class is
    rows, _ = reserve(wanted(["person001"], "class1"), {}, "claim1")
    taken = {row.id: row for row in rows}
    found = reserve(wanted(["person001", "person002"], "class2"), taken, "claim2")[1]
    assert [(clash.person_ref, clash.kind) for clash in found] == [(ref, "payment") for ref in clashes]


@pytest.mark.parametrize(
    ("payee", "stopped", "demanded", "left"),
    [
        ("provider", [], {}, ["person001", "person002"]),
        ("provider", [], {"person001": CLASS_FEN}, ["person002"]),
        ("provider", [], {"person001": CLASS_FEN - 1}, ["person001", "person002"]),
        ("provider", ["b1"], {}, []),
        ("person", ["person001"], {}, ["person002"]),
    ],
)
def test_what_is_recovered_or_stopped_earns_no_uplift(
    payee: str, stopped: list[str], demanded: dict[str, int], left: list[str]
) -> None:
    calculation = compute(training(refs(2), 2), rules())
    shares = tuple(Share(ref, fen, CLASS_FEN) for ref, fen in demanded.items())
    debts = [order(people=shares)] if shares else []
    found = employment_uplift.still_paid(_claim(payee=payee), calculation, stopped, debts)
    assert [ref for ref, fen in found.items() if fen > 0] == left


def test_the_first_work_found_counts() -> None:
    people = refs(1)
    facts = uplift(people, 1, date(2026, 4, 1))
    each, told = training_class(people, people), known(people)
    work = [EmploymentFact(people[0], day, True) for day in (date(2026, 11, 1), date(2026, 4, 1))]
    what = class_training.about(ordinary(), each, "provider", "provider")
    have = employment_uplift.Known(told.people, work, {people[0]: CLASS_FEN})
    assert employment_uplift.gather(each, what, have, date(2026, 12, 1)) == facts


@pytest.mark.parametrize(
    ("payee", "agreed", "fact"),
    [("assessor", False, None), ("provider", True, None), ("provider", False, "no_agreement")],
)
def test_certificates_are_claimed_by_the_assessor_or_by_agreement(
    payee: str, agreed: bool, fact: str | None
) -> None:
    result = compute(batch(refs(2), payee, agreed), SHANXI)
    assert [refusal.fact for refusal in result.refusals] == ([fact] if fact else [])
    assert result.total_fen == (0 if fact else 2 * 600_00)


@pytest.mark.parametrize(
    ("numbers", "field", "line", "code"),
    [
        (["c1", "c2", "c1"], "certificates.2", 3, "settlement.line_twice"),
        (["c1", "c9"], "certificates.1", 2, "settlement.line_wrong"),
        (["c4"], "certificates.0", 1, "settlement.line_wrong"),
        (["c1", "c3"], "certificates.1", 2, "settlement.line_wrong"),
    ],
)
def test_a_wrong_line_of_a_batch_is_named(numbers: list[str], field: str, line: int, code: str) -> None:
    holders = {"c1": "p1", "c2": "p2", "c3": "p1", "c4": "p4"}
    issued = {
        number: Issued(Certificate(number, "6-18-02-04", "4", DAY), ref, "a1", "k1")
        for number, ref in holders.items()
    }
    owns = {number: number != "c4" for number in issued}
    certificate_batch.check_list(["c1", "c2"], issued, owns)
    with pytest.raises(Refusal) as refused:
        certificate_batch.check_list(numbers, issued, owns)
    assert (refused.value.code, refused.value.field, refused.value.facts["line"]) == (code, field, line)


@pytest.mark.parametrize(
    ("insured", "documented", "total"),
    [(2, False, 1000_00), (1, False, 500_00), (0, True, 1000_00), (0, False, 0)],
)
def test_wages_are_compared_or_documented(insured: int, documented: bool, total: int) -> None:
    assert compute(wages(refs(2), insured, documented), SHANXI).total_fen == total


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (PayrollLine("p2", 0, date(2021, 11, 28)), "payroll.1.wage_fen"),
        (PayrollLine("p2", 1, date(2021, 10, 31)), "payroll.1.paid_on"),
        (PayrollLine("p2", 1, date(2026, 3, 21)), "payroll.1.paid_on"),
        (PayrollLine("p1", 1, date(2021, 11, 28)), "payroll.1.person_ref"),
    ],
)
def test_a_wrong_line_of_a_payroll_is_named(line: PayrollLine, field: str) -> None:
    good = PayrollLine("p1", 1, date(2021, 11, 1))
    wage_month.check_payroll([good, PayrollLine("p2", 1, DAY)], (2021, 11), DAY)
    with pytest.raises(Refusal) as refused:
        wage_month.check_payroll([good, line], (2021, 11), DAY)
    assert (refused.value.field, refused.value.facts["line"]) == (field, 2)


def test_stages_of_claims_that_may_not_live_side_by_side() -> None:
    assert _stage() == "stage:class_training:p1:c1"
    assert _stage(claimant_kind="person", claimant_ref="p9") == "stage:class_training:p1:c1:p9"
    wage = _stage(kind="wage_month", project_id=None, class_id=None, month="2021-11")
    assert wage == "stage:wage_month:-:-:b1:2021-11"
    assert _stage(kind="certificate_batch", project_id=None, class_id=None).endswith(":-:-:id1")


@pytest.mark.parametrize("status", ["computed", "sent_back", "suspended", "ordered", "paid"])
def test_no_advance_after_a_balance(status: str) -> None:
    balance = _claim(kind="project_balance", status=status, class_id=None)
    with pytest.raises(Refusal) as refused:
        claims.check_first([replace(balance, id="id0", status="withdrawn"), balance])
    assert (refused.value.code, refused.value.facts) == ("settlement.balance_claimed", {"claim_id": "id1"})


@pytest.mark.parametrize("status", ["refused", "withdrawn", "recovered"])
def test_an_advance_after_a_balance_that_has_ended(status: str) -> None:
    claims.check_first([_claim(kind="project_balance", status=status, class_id=None)])
    claims.check_first([])


def test_the_stages_of_a_project_share_a_row_and_no_others_do() -> None:
    stages = [_claim(kind=f"project_{stage}", class_id=None) for stage in ("advance", "balance")]
    assert {each.project_stages for each in stages} == {"stage:project:p1"}
    assert len({each.stage for each in stages} | {"stage:project:p1"}) == 3
    assert _claim().project_stages is None


def _stage(**differs: str | None) -> str:
    return _claim(**differs).stage


def _claim(**differs: str | None) -> Claim:
    whole: dict[str, object] = {
        "id": "id1",
        "kind": "class_training",
        "project_id": "p1",
        "class_id": "c1",
        "claimant_ref": "b1",
        "claimant_name": "示例",
        "region": "370611",
        "fund": "employment_subsidy",
        "status": "computed",
        "attempt": 1,
        "outcome": "payable",
        "people": 1,
        "refused_people": 0,
        "total_fen": 1,
        "rules_edition": "e",
        "rules_hash": "0" * 64,
        "submitted_at": DAY,
    }
    return Claim(**(whole | differs))  # type: ignore[arg-type]


def test_a_persons_claim_is_told_as_the_persons() -> None:
    own = _claim(claimant_kind="person", claimant_ref="person009", payee="person")
    assert claims.submitted_event(own)["person_ref"] == "person009"
    assert claims.submitted_event(_claim())["person_ref"] is None
    assert not AnyClaimSubmitted().validate(AnyClaimSubmitted().dump(claims.submitted_event(own)))
