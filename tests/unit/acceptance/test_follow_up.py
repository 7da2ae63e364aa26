"""Follow-up: proof by registry and by officer, revisits by plan, guidance, rates at 1, 3 and 6 months."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import employment, follow_up
from services.acceptance.domain.classes import Training
from services.acceptance.domain.employment import Employment, Report, months_later
from services.acceptance.domain.follow_up import Guidance, Visit
from tests.unit.acceptance.samples import DAY, with_roster

PLAN = (1, 3, 6)


def graduated(*people: str, id: str = "class") -> Training:
    it = with_roster(*people)
    ended = it.ends + DAY
    return replace(it, id=id, carried_out_at=ended, assessed_at=ended, completed=people)


CLASS = graduated("a", "b", "c")
ENDED = today_in_shanghai(CLASS.ends)


def after(months: int, days: int = 0) -> datetime:
    day = months_later(ENDED, months) + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 4, tzinfo=CLASS.ends.tzinfo)


def report(basis: str = "insurance", person: str = "a", since: date | None = None) -> Employment:
    told = Report(person, "code", since or ENDED + timedelta(days=10), "ab" * 32, basis)
    return employment.report(CLASS, None, told, "reporter", after(6))[0]


def answered(basis: str, found: bool) -> Employment:
    known = report(basis)
    return employment.decide(known, known.report.since, found, after(6))[0]


def visit(month: int, at: datetime, outcome: str = "employed", person: str = "a") -> Visit:
    id = follow_up.visit_id(CLASS.id, person, month)
    return Visit(id, CLASS.id, person, month, "phone", outcome, "visitor", at)


def code(call, *args) -> str:
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value.code


@pytest.mark.parametrize(
    ("basis", "found", "status"),
    [
        ("insurance", True, "proven"),
        ("insurance", False, "refuted"),
        ("contract", True, "proven"),
        ("contract", False, "reported"),
        ("self_report", True, "proven"),
        ("self_report", False, "reported"),
    ],
)
def test_the_registrys_word_decides_what_it_can(basis, found, status):
    decided = answered(basis, found)
    assert decided.status == status
    assert decided.registry_found is found
    assert decided.for_officer == (status == "reported")


def test_an_officer_decides_what_the_registry_did_not_find():
    waiting = answered("contract", False)
    proven, facts = employment.check(waiting, True, "合同原件已核", "officer", after(6))
    assert (proven.status, proven.decided_by, proven.reason) == ("proven", "officer", "合同原件已核")
    ((type, data),) = facts
    assert (type, data["basis"]) == ("acceptance.employment.proven", "contract")
    refuted, facts = employment.check(waiting, False, "单位否认", "officer", after(6))
    assert (refuted.status, facts[0][0]) == ("refuted", "acceptance.employment.refuted")
    for decided in (proven, refuted):
        assert code(employment.check, decided, True, "再次", "officer", after(6)) == "out_of_order"


def test_nobody_checks_by_hand_before_the_registry_has_answered_nor_the_own_report():
    assert code(employment.check, report("contract"), True, "已核", "officer", after(6)) == (
        "acceptance.employment_unasked"
    )
    waiting = answered("self_report", False)
    assert code(employment.check, waiting, True, "已核", "reporter", after(6)) == "acceptance.own_report"


def test_a_better_proof_may_follow_while_an_officer_is_waited_for():
    told = Report("a", "code", ENDED + timedelta(days=10), "cd" * 32, "contract")
    again, facts = employment.report(CLASS, answered("self_report", False), told, "provider", after(6))
    assert (again.status, again.registry_found, facts[0][1]["basis"]) == ("reported", None, "contract")
    for settled in (report("self_report"), answered("self_report", True)):
        assert code(employment.report, CLASS, settled, told, "provider", after(6)) == "out_of_order"


def test_an_employment_from_before_there_were_bases_reads_as_insured():
    known = Employment("i", "p", "class", Report("a", "code", ENDED, "ab"), "by", after(1), True, after(1))
    assert (known.report.basis, known.status, known.for_officer) == ("insurance", "proven", False)


def test_a_revisit_is_due_by_the_plan_and_once():
    assert code(follow_up.visit, CLASS, None, visit(1, after(1, -1)), PLAN) == "acceptance.visit_early"
    assert code(follow_up.visit, CLASS, None, visit(2, after(3)), PLAN) == "acceptance.visit_month"
    stranger = visit(1, after(1), person="z")
    assert code(follow_up.visit, CLASS, None, stranger, PLAN) == "acceptance.not_completed"
    unfinished = replace(CLASS, assessed_at=None)
    assert code(follow_up.visit, unfinished, None, visit(1, after(1)), PLAN) == "out_of_order"
    tried, facts = follow_up.visit(CLASS, None, visit(1, after(1), "unreachable"), PLAN)
    assert facts[0][1]["outcome"] == "unreachable"
    reached, _ = follow_up.visit(CLASS, tried, visit(1, after(1, 2)), PLAN)
    assert code(follow_up.visit, CLASS, reached, visit(1, after(1, 3)), PLAN) == "out_of_order"


def test_the_plan_says_who_is_still_to_be_reached():
    visits = [
        visit(1, after(1)), visit(1, after(1), "unreachable", "b"), visit(3, after(3), "seeking", "c"),
    ]  # fmt: skip
    times = follow_up.plan_of(CLASS, visits, PLAN)
    assert [(each.month, each.done, each.open) for each in times] == [
        (1, 1, ("b", "c")), (3, 1, ("a", "b")), (6, 0, ("a", "b", "c")),
    ]  # fmt: skip
    assert [each.due for each in times] == [months_later(ENDED, month) for month in PLAN]


def test_guidance_is_for_graduates():
    given = Guidance("g", CLASS.id, "a", "recommendation", "推荐焊工岗位", "guide", after(1), "code", "焊工")
    assert follow_up.guide(CLASS, given)[1][0][1]["kind"] == "recommendation"
    assert code(follow_up.guide, CLASS, replace(given, person_ref="z")) == "acceptance.not_completed"


def test_rates_count_who_had_work_by_each_month_once_that_month_has_come():
    other = graduated("d", "e", id="other")
    began = {"a": after(0, 10), "b": after(2), "c": after(5)}
    reports = [
        replace(report(person=person, since=today_in_shanghai(at)), id=f"class:{person}", found=True)
        for person, at in began.items()
    ]
    reports.append(replace(reports[0], id="other:d", class_id="other", found=None))
    found = follow_up.rates([CLASS, other], reports, PLAN, months_later(ENDED, 3))
    # of five, one had work after a month, two after three; the sixth month is still to come
    assert [(each.completed, each.employed, each.percent, each.not_due) for each in found] == [
        (5, 1, 20, 0), (5, 2, 40, 0), (0, 0, 0, 5),
    ]  # fmt: skip
    last = follow_up.rates([CLASS], reports, PLAN, months_later(ENDED, 6))[-1]
    assert (last.completed, last.employed, last.percent) == (3, 3, 100)
