"""Each process, whatever its way and its end, is a valid package of the Open Contracting Data Standard."""

import copy
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.acceptance.domain import awarding, filings, ocds, questions, tenders
from services.acceptance.domain.bids import Offer
from services.acceptance.domain.ocds import Publisher
from services.acceptance.domain.records import Bidder, Paper, Rules, Tender
from services.acceptance.domain.sourcing import Answer, Notice, publish
from tests.support.ocds import merged, problems
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    DAY,
    HOUR,
    NOW,
    PROJECT,
    opened,
    provider,
    published,
    scored,
    sealed,
    submitted,
)

BY = Publisher("ocds-0wudan", "https://wudan.example")


def challenge():
    """Questions, a postponement, bids, an objection, a winner who withdraws, a contract."""
    it, _ = questions.ask(published(), "q", "a", "能否分期？", NOW + HOUR)
    it, _ = questions.answer(it, "q", "可以", "publisher", NOW + 2 * HOUR)
    until = BIDS_UNTIL + DAY
    it, _ = questions.postpone(it, until, "答疑后顺延", "publisher", NOW + 3 * HOUR)
    bids = []
    for ref, price in (("a", 170_000), ("b", 160_000), ("c", 170_000), ("d", 180_001)):
        it, bid = submitted(it, ref, sealed(it, ref, price), NOW + DAY)
        bids.append(bid)
    it, bids = opened(it, bids, until + HOUR)
    it = scored(it, bids, {"a": 90, "b": 80, "c": 70}, until + DAY)
    it, _ = awarding.name_candidate(it, "publisher", until + 2 * DAY, estimates=False)
    it, _ = awarding.raise_objection(it, "o", "c", "资质不符", until + 2 * DAY)
    answer = Answer(True, "属实", "supervisor", until + 3 * DAY)
    it, _ = awarding.answer_objection(it, "o", answer)
    it, _ = awarding.name_candidate(it, "publisher", until + 3 * DAY, estimates=False)
    it, _ = awarding.award(it, "publisher", it.candidate.notice_until)
    it, _ = awarding.withdraw_winner(it, "b", "师资变动", it.awarded_at + HOUR)
    it, _ = awarding.name_candidate(it, "publisher", it.past[-1].ended_at + HOUR, estimates=False)
    it, _ = awarding.award(it, "publisher", it.candidate.notice_until)
    return contracted(it, "c"), bids


def contracted(it, ref):
    now = it.awarded_at + 2 * DAY
    day = (it.awarded_at + DAY).date()
    it = replace(it, papers=(*it.papers, Paper("p", "contract", "合同", "ab" * 32, 9, "publisher", now)))
    it, _ = awarding.record_contract(it, "示-1", (day, day, date(2026, 12, 31)), "p", "publisher", now)
    return awarding.confirm_contract(it, ref, "account", now)[0]


def failed():
    return awarding.fail(published(), awarding.Findings(), "无人应榜", BIDS_UNTIL + DAY)[0], []


def cancelled():
    return awarding.cancel(published(), "项目调整", NOW + DAY)[0], []


def filing():
    plain = Notice("培养 40 名中级焊工", 180_000, (), NOW + DAY, BIDS_UNTIL, ())
    project = replace(PROJECT, sourcing_way="filing")
    it, _ = publish("filed", project, plain, "publisher", NOW, Rules(panel=0))
    offer = Offer(170_000, "方案", ("示例师",), ("示例车间",))
    it, one, _ = filings.file(it, None, provider("a"), offer, NOW + HOUR)
    until = NOW + 8 * DAY
    it, _, _ = filings.decide(it, [one], one.id, True, "符合", "publisher", NOW + DAY, until)
    return contracted(awarding.award(it, "publisher", until)[0], "a"), []


def tender():
    project = replace(PROJECT, sourcing_way="tender")
    bidders = (Bidder("示例甲", 170_000, "a"), Bidder("示例乙", 175_000), Bidder("示例丙", 179_000))
    told = Tender(
        "示例平台",
        "示招-1",
        "open",
        NOW - 30 * DAY,
        NOW - 10 * DAY,
        NOW - 5 * DAY,
        bidders,
        "a",
        "publisher",
        NOW,
    )
    plain = Notice("培养 40 名中级焊工", 180_000, (), NOW - 30 * DAY, NOW - 10 * DAY, ())
    it, _ = tenders.record("tendered", project, plain, told, provider("a"), Rules(bids=3), 1)
    papers = tuple(Paper(kind, kind, kind, "ab" * 32, 9, "publisher", NOW) for kind in tenders.PAPERS_NEEDED)
    it, _ = tenders.confirm(replace(it, papers=papers), provider("a"), "supervisor", NOW + DAY)
    return contracted(it, "a"), []


MADE = {each.__name__: each() for each in (challenge, failed, cancelled, filing, tender)}


def packages(name):
    it, bids = MADE[name]
    found = ocds.releases(it, bids, PROJECT, BY)
    return found, ocds.release_package(it, found, BY), ocds.record_package(it, found, BY)


@pytest.mark.parametrize("name", MADE)
def test_both_packages_are_valid_against_the_standards_schema(name):
    _, releases, record = packages(name)
    assert problems(releases) == []
    assert problems(record) == []


@pytest.mark.parametrize("name", MADE)
def test_the_compiled_release_is_what_the_standards_tool_makes_of_the_releases(name):
    found, _, record = packages(name)
    assert record["records"][0]["compiledRelease"] == merged(found)


@pytest.mark.parametrize("name", MADE)
def test_a_release_that_was_told_never_changes(name):
    it, bids = MADE[name]
    found = ocds.releases(it, bids, PROJECT, BY)
    for place, (at, _) in enumerate(ocds.moments(it), 1):
        # as it had been exported then
        assert ocds.releases(ocds.as_of(it, at), bids, PROJECT, BY)[:place] == found[:place]
    assert len({each["id"] for each in found}) == len(found)


def test_the_schema_sees_what_is_wrong():
    _, releases, record = packages("challenge")
    for package, path, value in (
        (releases, ("releases", 0, "tender", "status"), "open"),
        (releases, ("releases", 0, "date"), "yesterday"),
        (releases, ("uri",), "no uri"),
        (record, ("records", 0, "compiledRelease", "tag"), ["made-up"]),
        (record, ("records", 0, "compiledRelease", "awards", 0, "status"), 7),
    ):
        spoiled = copy.deepcopy(package)
        target = spoiled
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
        assert problems(spoiled), path


def test_the_story_of_a_challenge_is_in_its_releases():
    found, _, _ = packages("challenge")
    assert [each["tag"] for each in found] == [
        ["tender"], ["tenderUpdate"], ["tenderAmendment"], ["tenderUpdate"], ["award"],
        ["awardUpdate", "award"], ["awardUpdate"], ["awardUpdate"], ["award"], ["awardUpdate"], ["contract"],
    ]  # fmt: skip
    first, last = found[0], found[-1]
    assert "tenderers" not in first["tender"]
    assert first["tender"]["tenderPeriod"]["endDate"] == ocds.moment(BIDS_UNTIL)
    assert last["tender"]["tenderPeriod"]["endDate"] == ocds.moment(BIDS_UNTIL + DAY)
    assert last["tender"]["numberOfTenderers"] == 4
    assert [(each["suppliers"][0]["id"], each["status"]) for each in last["awards"]] == [
        ("a", "unsuccessful"), ("b", "cancelled"), ("c", "active"),
    ]  # fmt: skip
    assert [each["tender"]["status"] for each in found[-5:]] == [
        "complete",
        "active",
        "active",
        "complete",
        "complete",
    ]
    assert last["contracts"][0]["value"] == {"amount": 68_000.0, "currency": "CNY"}
    assert last["contracts"][0]["awardID"] == last["awards"][-1]["id"]
    roles = {each["id"]: each["roles"] for each in last["parties"]}
    assert roles == {
        "CN-REGION-370600": ["buyer", "procuringEntity"], "a": ["tenderer", "supplier"],
        "b": ["tenderer", "supplier"], "c": ["tenderer", "supplier"], "d": ["tenderer"],
    }  # fmt: skip


def test_an_end_without_an_award_is_told():
    assert packages("failed")[0][-1]["tender"]["status"] == "unsuccessful"
    assert packages("cancelled")[0][-1]["tag"] == ["tenderCancellation"]
    assert packages("cancelled")[0][-1]["tender"]["status"] == "cancelled"


def test_before_the_opening_nobody_learns_who_bid():
    it, bid = submitted(published(), "a", sealed(published(), "a"), NOW + timedelta(hours=1))
    found = ocds.releases(it, [], PROJECT, BY)
    assert bid.provider_ref not in {each["id"] for each in found[-1]["parties"]}
    it, _ = questions.ask(it, "q", "asker", "问", NOW + timedelta(hours=2))
    assert "asker" not in str(ocds.releases(it, [], PROJECT, BY))
