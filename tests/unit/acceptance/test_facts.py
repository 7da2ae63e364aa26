"""Every fact that the domain tells keeps the contract of its type."""

from dataclasses import replace

import pytest

from contracts.events import acceptance
from contracts.registry import Event, newest
from services.acceptance.domain import (
    assessment,
    attendance,
    awarding,
    bids,
    classes,
    employment,
    keys,
    panel,
    questions,
    reinviting,
    scoring,
    sourcing,
)
from services.acceptance.domain.sourcing import Answer
from tests.unit.acceptance.samples import (
    BIDS_UNTIL,
    DAY,
    NOW,
    OUTER,
    PROJECT,
    brought,
    experts,
    filed,
    notice,
    opened,
    provider,
    scored,
    with_bids,
    with_roster,
)
from tests.unit.acceptance.test_assessment import ISSUED, LINES, TERMS, certify, recorded
from tests.unit.acceptance.test_awarding import with_contract
from tests.unit.acceptance.test_classes import ENDS, report, sign_ins
from tests.unit.acceptance.test_keys import registered
from tests.unit.acceptance.test_plans import file as roster
from tests.unit.acceptance.test_rolls import decided
from tests.unit.acceptance.test_supervision import checked, given


def of_sourcing():
    sealed, (bid,) = with_bids(a=1)
    yield from sourcing.publish("s", PROJECT, notice(), "by", NOW)[1]
    yield from bids.submit(sealed, bid, provider("a"), bid.ciphertext, bid.seal, NOW)[2]
    yield from bids.withdraw(sealed, bid, NOW)[2]
    half = bids.open_layer(sealed, [bid], "opening-1", brought(sealed, [bid], "opening-1"), BIDS_UNTIL)[:2]
    yield from bids.open_layer(*half, "opening-2", brought(*half, "opening-2"), BIDS_UNTIL)[2]
    ready, found = opened(sealed, [bid])
    last = replace(scored(ready, found, {"a": 41}), scored_at=None, ranking=())
    last = replace(last, marks=last.marks[:-1])
    points = {"plan": 1, "teachers": 1}
    yield from scoring.score(last, found, found[0].id, last.panel[-1], points, BIDS_UNTIL)[1]
    done = scored(ready, found, {"a": 41})
    named, facts = awarding.name_candidate(done, "by", BIDS_UNTIL, estimates=False)
    yield from facts
    objected, facts = awarding.raise_objection(named, "o", "b", "理由", BIDS_UNTIL)
    yield from facts
    yield from awarding.answer_objection(objected, "o", Answer(True, "属实", "other", BIDS_UNTIL))[1]
    yield from awarding.award(named, "by", named.candidate.notice_until)[1]
    yield from awarding.fail(ready, awarding.Findings(), "无有效标书", BIDS_UNTIL)[1]
    yield from of_sourcing_steps()


def of_sourcing_steps():
    asked, facts = questions.ask(sourcing.publish("s", PROJECT, notice(), "by", NOW)[0], "q", "a", "问", NOW)
    yield from facts
    yield from questions.answer(asked, "q", "答", "by", NOW)[1]
    yield from questions.postpone(asked, BIDS_UNTIL + DAY, "顺延", "by", NOW)[1]
    yield from awarding.cancel(asked, "项目调整", NOW)[1]
    ready, found = opened(*with_bids(a=1))
    drawn, facts = panel.draw(ready, found, experts(), "by", BIDS_UNTIL)
    yield from facts
    yield from panel.declare(drawn, drawn.draw.order[0], "回避", BIDS_UNTIL)[1]
    named = awarding.name_candidate(scored(ready, found, {"a": 50}), "by", BIDS_UNTIL, estimates=False)[0]
    yield from awarding.withdraw_winner(named, "a", "退出", BIDS_UNTIL)[1]
    won = awarding.award(named, "by", named.candidate.notice_until)[0]
    yield from awarding.withdraw_winner(won, "a", "退出", won.awarded_at)[1]
    agreed = with_contract(won)
    yield from awarding.confirm_contract(agreed, "a", "account-a", agreed.awarded_at)[1]


def of_classes():
    yield from classes.file("c", ("s", "p", "示例"), PROJECT, filed().plan, "by", NOW)[1]
    yield from classes.confirm(filed(), "by", NOW)[1]
    yield from classes.send_back(filed(), "理由", NOW)[1]
    yield from classes.stop(classes.confirm(filed(), "by", NOW)[0], "理由", NOW)[1]
    yield from roster(["p1", "p2"])[1]
    yield from attendance.close(with_roster("p1"), sign_ins(("p1", 1)), ENDS)[1]
    yield from recorded()[1]
    yield from assessment.finish(recorded()[0], LINES, TERMS, ENDS + DAY)[1]
    yield certify(ISSUED)[0][1]
    reported, facts = report()
    yield from facts
    for found in (True, False):
        yield from employment.decide(reported, reported.report.since, found, NOW + DAY)[1]


def of_attendance():
    yield from decided("rejected")[1]
    yield from checked(("p1",))[1]
    yield from given()[1]


def of_keys():
    key = registered(OUTER, "opening-1", b"p" * 32)
    yield from keys.confirm(key, "opening-1", b"p" * 32, NOW)[1]
    yield from keys.retire(key, "opening-1", "设备遗失", NOW)[1]
    sourcing, bids_ = with_bids(a=1)
    call = ("密钥遗失", BIDS_UNTIL + DAY, "publisher")
    yield from reinviting.reinvite(sourcing, bids_, [OUTER.key_id], sourcing.notice.keys, call, NOW)[2]


FACTS = [*of_sourcing(), *of_classes(), *of_attendance(), *of_keys()]


@pytest.mark.parametrize(("type", "data"), FACTS, ids=[type for type, _ in FACTS])
def test_a_fact_keeps_its_contract(type, data):
    schema = newest(type).data()
    assert schema.validate(schema.dump(data)) == {}


def test_each_declared_fact_is_among_them():
    declared = {each.type for each in vars(acceptance).values() if isinstance(each, Event)}
    assert declared <= {type for type, _ in FACTS}
