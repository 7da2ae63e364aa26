"""A class's plan after its first filing; the roster's checks; online sessions."""

from dataclasses import replace
from datetime import date, timedelta

import bson
import pytest
from bson.codec_options import CodecOptions

from contracts.events import acceptance_classes
from contracts.registry import Event, newest
from contracts.vocabularies import units
from contracts.vocabularies.statuses import ROSTER_FINDINGS
from services.acceptance.domain import changes, classes, online, rosters, sign_ins
from services.acceptance.domain.classes import Change, Place
from services.acceptance.domain.copies import Enrolment, Voucher
from services.acceptance.domain.online import Evaluation, Platform, Studied
from services.acceptance.domain.rosters import Learner, Limits, Seated, Won
from services.acceptance.store.codec import from_doc, to_doc
from tests.unit.acceptance.refusing import refused
from tests.unit.acceptance.samples import DAY, HOUR, NOW, PLACE, PROJECT, filed, plan, sessions, with_roster
from tests.unit.acceptance.test_assessment import appoint

BEGINS = NOW + 20 * DAY
ENDS = BEGINS + 4 * DAY + 4 * HOUR
ELSEWHERE = {"name": "另一车间", "address": "示例路 2 号", "longitude": 121.3, "latitude": 37.6}
OPENS = timedelta(minutes=15)
BLENDED = replace(PROJECT, mode="blended")


def timetable(**changed_by_place):
    made = sessions()
    for place, changed in changed_by_place.items():
        made[int(place[1:])] |= changed
    return made


def test_a_session_may_be_held_elsewhere():
    training = filed(timetable=timetable(s3={"place": ELSEWHERE}))
    taken = [field for _, field, _ in classes.occupied(training) if not field.endswith("teacher")]
    assert taken == ["place", "place", "place", "sessions.3.place", "place"]
    assert training.place_of(training.plan.sessions[3]) == Place(**ELSEWHERE)
    assert training.place_of(training.plan.sessions[2]) == PLACE
    assert classes.as_filed(training)["sessions"][3]["place"] == ELSEWHERE


def test_an_online_session_has_no_place_and_needs_an_online_project():
    there = plan(timetable=timetable(s2={"platform": "platform"}))
    refused("acceptance.online_session", classes.file, "c", ("s", "p", "n"), PROJECT, there, "by", NOW)
    training = classes.file("class", ("s", "p", "n"), BLENDED, there, "by", NOW)[0]
    assert training.place_of(training.plan.sessions[2]) is None
    assert sum(field == "place" for _, field, _ in classes.occupied(training)) == 4
    both = plan(timetable=timetable(s2={"platform": "platform", "place": ELSEWHERE}))
    refusal = refused(
        "acceptance.online_session", classes.file, "c", ("s", "p", "n"), BLENDED, both, "by", NOW
    )
    assert refusal.field == "sessions.2.platform"


def test_units_that_nobody_teaches_are_named():
    training = filed(timetable=timetable(s0={"units": ["work_safety", "fire"]}, s1={"units": ["ethics"]}))
    taught = frozenset(code for each in training.plan.sessions for code in each.units)
    missing = units.missing(taught)
    assert (len(missing), len(units.CODES)) == (9, 12)
    assert not {"work_safety", "fire", "ethics"} & set(missing)


def test_a_returned_filing_is_corrected_and_filed_again():
    back, _ = classes.send_back(filed(), "缺教师资质", NOW)
    new, facts = classes.refile(back, PROJECT, plan(), "filer", NOW + DAY)
    assert (new.status(NOW + DAY), new.reason, facts[0][0]) == ("filed", None, "acceptance.class.filed")
    refused("acceptance.hours_short", classes.refile, back, PROJECT, plan(timetable=sessions(4)), "f", NOW)
    refused("out_of_order", classes.refile, with_roster("p1"), PROJECT, plan(), "filer", NOW)


def changed(training, given, now=NOW + 16 * DAY, **more):
    new = replace(training.plan, sessions=changes.renumbered(training, given), **more)
    return changes.file(training, Change(new, "教师生病", "filer", now), PROJECT.hours, OPENS, now)


def as_given(training, **changed_by_place):
    made = timetable(**changed_by_place)
    return [{**each, "session_id": f"class-{n:03d}"} for n, each in enumerate(made, 1)]


def test_a_change_waits_and_holds_once_it_is_accepted():
    training = with_roster("p1")
    waiting, facts = changed(training, as_given(training, s4={"teacher": "代课师"}))
    assert facts == [
        ("acceptance.class.change_filed", {"project_id": "project", "reason": "教师生病"}),
    ]
    assert waiting.plan == training.plan
    refused("acceptance.change_waiting", changed, waiting, as_given(training))
    refused("acceptance.own_work", changes.accept, waiting, "filer", OPENS, NOW + 17 * DAY)
    new, facts = changes.accept(waiting, "supervisor", OPENS, NOW + 17 * DAY)
    assert (new.plan.sessions[4].teacher, new.change, new.change_answer) == ("代课师", None, "accepted")
    assert facts == [("acceptance.class.changed", {**classes.as_filed(new), "reason": "教师生病"})]
    refused("acceptance.no_change", changes.accept, new, "supervisor", OPENS, NOW + 17 * DAY)
    no, facts = changes.refuse(waiting, "不同意", "supervisor", NOW + 17 * DAY)
    assert (no.plan, no.change, no.change_answer) == (training.plan, None, "refused")
    assert facts[0][0] == "acceptance.class.change_refused"
    refused("out_of_order", changed, filed(), as_given(training))


def test_a_change_keeps_ids_and_numbers_new_sessions_on():
    training = with_roster("p1")
    given = as_given(training)[:4]
    added = {**sessions()[4], "starts": BEGINS + 9 * DAY, "ends": BEGINS + 9 * DAY + 4 * HOUR}
    after = changes.accept(changed(training, [added, *given])[0], "supervisor", OPENS, NOW + 17 * DAY)[0]
    assert [each.session_id for each in after.plan.sessions] == [f"class-00{n}" for n in (1, 2, 3, 4, 6)]
    unknown = [{**given[0], "session_id": "class-009"}]
    assert refused("acceptance.session_unknown", changed, training, unknown).field == "sessions.0.session_id"
    refused("acceptance.session_unknown", changed, training, [given[0], *given])
    refused("acceptance.hours_short", changed, training, given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"s0": {"teacher": "代课师"}}, "sessions.0"),
        ({"s1": {"starts": BEGINS + HOUR, "ends": BEGINS + 5 * HOUR}}, "sessions.1"),
    ],
)
def test_what_has_begun_stays_as_it_was(given, field):
    training, now = with_roster("p1"), BEGINS + 2 * HOUR
    assert (
        refused("acceptance.change_past", changed, training, as_given(training, **given), now).field == field
    )
    refused("acceptance.change_past", changed, training, as_given(training)[1:], now)
    moved = replace(PLACE, name="另一车间")
    refused("acceptance.change_past", changed, training, as_given(training), now, place=moved)
    waiting = changed(training, as_given(training, s1={"teacher": "代课师"}), now)[0]
    refused("acceptance.change_past", changes.accept, waiting, "supervisor", OPENS, BEGINS + DAY)


def test_a_session_whose_sign_in_is_open_stays_as_it_was():
    training = with_roster("p1")
    later = {"starts": BEGINS + DAY + HOUR, "ends": BEGINS + DAY + 5 * HOUR}
    given, opened = as_given(training, s1=later), BEGINS + DAY - OPENS
    waiting = changed(training, given, opened - timedelta(seconds=1))[0]
    assert refused("acceptance.change_past", changed, training, given, opened).field == "sessions.1"
    refused("acceptance.change_past", changes.accept, waiting, "supervisor", OPENS, opened)
    # nor is it dropped
    extra = {**sessions()[1], "starts": BEGINS + 9 * DAY, "ends": BEGINS + 9 * DAY + 4 * HOUR}
    dropped = [each for each in as_given(training) if each["session_id"] != "class-002"] + [extra]
    refused("acceptance.change_past", changed, training, dropped, opened)
    assert changed(training, dropped, opened - timedelta(seconds=1))


def test_the_number_of_a_dropped_session_is_never_given_again():
    training = with_roster("p1")
    extra = {**sessions()[4], "starts": BEGINS + 9 * DAY, "ends": BEGINS + 9 * DAY + 4 * HOUR}
    kept = as_given(training)[:4]
    for number in ("class-006", "class-007"):
        waiting = changed(training, [*kept, extra])[0]
        training = changes.accept(waiting, "supervisor", OPENS, NOW + 17 * DAY)[0]
        assert training.plan.sessions[-1].session_id == number
    assert from_doc(classes.Training, to_doc(training)).last_session == 7


def test_a_change_fits_the_assessor_who_is_appointed():
    training = appoint(with_roster("p1"))[0]
    examiner = as_given(training, s4={"teacher": training.appointment.examiners[0]})
    assert refused("acceptance.examiners", changed, training, examiner).field == "examiners"
    after = {"starts": ENDS + DAY, "ends": ENDS + DAY + 4 * HOUR}
    assert refused("acceptance.held_on", changed, training, as_given(training, s4=after)).field == "held_on"
    # appointed while a change waits
    waiting = changed(with_roster("p1"), as_given(training, s4=after))[0]
    waiting = replace(waiting, appointment=training.appointment)
    refused("acceptance.held_on", changes.accept, waiting, "supervisor", OPENS, NOW + 17 * DAY)


def test_a_change_begins_no_class_while_people_still_enrol():
    training = with_roster("p1")
    early = {"starts": NOW + 15 * DAY - HOUR, "ends": NOW + 15 * DAY + 3 * HOUR}
    given = as_given(training, s0=early)
    assert refused("acceptance.class_dates", changed, training, given, NOW + DAY).field == "sessions.0.starts"


def learner(ref="p1", pension=False, won=(), elsewhere=()):
    return Learner(ref, pension, won, elsewhere)


LIMITS = Limits(3, True)


def test_each_finding_of_the_roster_is_found():
    training, here = with_roster("p1"), date(2026, 5, 1)
    other = replace(training, id="other")
    said = {
        "draws_pension": learner(pension=True),
        "year_limit": learner(won=(Won("1-00-00-00", "5", here),) * 3),
        "same_level": learner(won=(Won(training.occupation, "4", date(2020, 1, 1)),)),
        "overlap": learner(elsewhere=(other,)),
    }
    assert set(said) == set(ROSTER_FINDINGS)
    for finding, person in said.items():
        assert rosters.findings(training, person, LIMITS) == (finding,)
    nothing = (
        learner(pension=None),
        learner(won=(Won("1-00-00-00", "5", here),) * 2),
        learner(won=(Won("1-00-00-00", "5", date(2025, 12, 31)),) * 3),
        learner(won=(Won(training.occupation, "5", here),)),
        learner(elsewhere=(training,)),
        learner(elsewhere=(replace(other, stopped_at=NOW),)),
    )
    for person in nothing:
        assert rosters.findings(training, person, LIMITS) == ()
    assert rosters.findings(training, said["year_limit"], Limits()) == ()
    assert rosters.findings(training, said["same_level"], Limits(3)) == ()


def test_classes_overlap_when_two_of_their_sessions_do():
    one = with_roster("p1")
    later = classes.numbered("other", [{**each, "starts": each["starts"] + 4 * HOUR,
                                        "ends": each["ends"] + 4 * HOUR} for each in sessions()])  # fmt: skip
    other = replace(one, id="other", plan=replace(one.plan, sessions=later))
    assert not rosters.overlaps(one, other)
    touching = tuple(replace(each, starts=each.starts - timedelta(minutes=1)) for each in later)
    assert rosters.overlaps(one, replace(other, plan=replace(one.plan, sessions=touching)))


def test_the_limits_are_the_provinces():
    assert rosters.limits_on("370611", date(2026, 3, 26), demonstration=False) == Limits(3, True)
    assert rosters.limits_on("110000", date(2026, 3, 26), demonstration=False) == Limits()


def file(person_refs, left_out=None, found=None, now=NOW + 16 * DAY, **given):
    due = rosters.due(*seated(**given))
    confirmed = classes.confirm(filed(), "supervisor", NOW)[0]
    return rosters.file(confirmed, person_refs, left_out or {}, due, found or {}, now)


def seated(enrolled=("p1", "p2"), bound=("p1", "p2")):
    enrolments = [Enrolment(f"e{ref}", "class", ref, "confirmed") for ref in enrolled]
    vouchers = [Voucher(f"v{ref}", ref, "class", "bound") for ref in bound]
    return (
        [*enrolments, Enrolment("e9", "class", "p9", "waiting")],
        [*vouchers, Voucher("v8", "p8", "class", "released")],
    )


def test_the_roster_is_exactly_the_confirmed_with_bound_vouchers():
    new, facts = file(["p2", "p1"])
    assert facts == [
        ("acceptance.class.roster_filed", {"project_id": "project", "person_refs": ["p1", "p2"]})
    ]
    assert refused("acceptance.roster_differs", file, ["p1"]).facts == {"missing": 1, "extra": 0}
    assert refused("acceptance.roster_differs", file, ["p1", "p2", "p9"]).facts["extra"] == 1
    assert refused("acceptance.roster_differs", file, ["p1", "p2"], bound=("p1",)).facts["extra"] == 1
    refused("acceptance.roster_differs", file, ["p1", "p1", "p2"])
    refused("acceptance.roster_late", file, ["p1", "p2"], now=BEGINS)
    refused("out_of_order", rosters.file, new, ["p1"], {}, {"p1"}, {}, NOW + 16 * DAY)


def test_who_cannot_be_on_the_roster_is_left_out_with_a_reason_and_nobody_else():
    found = {"p1": (), "p2": ("draws_pension", "overlap")}
    refusal = refused("acceptance.roster_findings", file, ["p1", "p2"], found=found)
    assert (refusal.field, refusal.facts["people"], refusal.facts["zh"]) == (
        "person_refs.1", 1, "已按月领取养老金",
    )  # fmt: skip
    new, facts = file(["p1"], {"p2": "已通知本人"}, found)
    assert (new.roster, facts[0][1]["person_refs"]) == (("p1",), ["p1"])
    assert [(each.person_ref, each.finding) for each in new.left_out] == [("p2", "draws_pension")]
    refused("acceptance.left_out", file, ["p2"], {"p1": "不想要"}, found)
    refused("acceptance.left_out", file, ["p1", "p2"], {"p9": "不在名单"}, found)


def test_a_person_is_once_in_a_class():
    row = Seated("p1").with_class("a").with_class("b").with_class("a")
    assert row.classes == ("a", "b")


PLATFORM = Platform("platform", "示例云课堂", "370000", "code", "key", "officer", NOW)


def test_a_platform_is_admitted_evaluated_and_removed():
    new, facts = online.admit(PLATFORM)
    assert (new.status, facts[0][0]) == ("admitted", "acceptance.platform.admitted")
    bad, _ = online.evaluate(new, Evaluation(False, "学时不实", "officer", NOW))
    assert bad.status == "suspended"
    refused("acceptance.platform_not_admitted", bad.require_admitted, "sessions.0.platform")
    good, _ = online.evaluate(bad, Evaluation(True, "已整改", "officer", NOW))
    good.require_admitted("platform")
    gone, facts = online.remove(good, "停止服务", NOW)
    assert (gone.status, facts[0][1]) == ("removed", {"reason": "停止服务"})
    refused("out_of_order", online.evaluate, gone, Evaluation(True, "x", "o", NOW))
    refused("out_of_order", online.remove, gone, "x", NOW)


def studying(minutes=180, person="p1", begun=BEGINS, length=4 * HOUR):
    return Studied(person, begun, begun + length, minutes)


def test_hours_count_that_a_platform_tells_of_its_own_session():
    training = with_roster("p1", "p2")
    there = replace(training.plan.sessions[0], platform="platform")
    training = replace(training, plan=replace(training.plan, sessions=(there, *training.plan.sessions[1:])))
    assert online.session_of(training, "class-001", PLATFORM, BEGINS) == there
    refused("acceptance.online_hours", sign_ins.require_open, there, BEGINS, None)
    refused("acceptance.not_its_session", online.session_of, training, "class-002", PLATFORM, BEGINS)
    refused("acceptance.session_unknown", online.session_of, training, "class-009", PLATFORM, BEGINS)
    refused("out_of_order", online.session_of, filed(), "class-001", PLATFORM, NOW)
    voucher = Voucher("v", "p1", "class", "bound")
    assert online.counts(there, studying(180), voucher, training)
    assert not online.counts(there, studying(179), voucher, training)
    assert not online.counts(there, studying(180), None, training)
    assert not online.counts(there, studying(180), replace(voucher, class_id="other"), training)
    online.check(training, there, (studying(),), ENDS)
    wrong = (
        studying(person="p9"), studying(begun=BEGINS - HOUR), studying(length=5 * HOUR), studying(241),
        studying(length=-HOUR),
    )  # fmt: skip
    for each in wrong:
        assert (
            refused("acceptance.online_row", online.check, training, there, (each,), ENDS).field == "rows.0"
        )
    refused("acceptance.online_row", online.check, training, there, (studying(), studying()), ENDS)
    refused("acceptance.online_row", online.check, training, there, (studying(),), BEGINS + HOUR)


def told():
    training = with_roster("p1")
    waiting, facts = changed(training, as_given(training))
    yield from facts
    yield from changes.accept(waiting, "supervisor", OPENS, NOW + 17 * DAY)[1]
    yield from changes.refuse(waiting, "不同意", "supervisor", NOW + 17 * DAY)[1]
    yield from appoint()[1]
    yield from online.admit(PLATFORM)[1]
    yield from online.evaluate(PLATFORM, Evaluation(True, "合格", "officer", NOW))[1]
    yield from online.remove(PLATFORM, "停止服务", NOW)[1]


@pytest.mark.parametrize(("type", "data"), list(told()), ids=[type for type, _ in told()])
def test_a_fact_keeps_its_contract(type, data):
    schema = newest(type).data()
    assert schema.validate(schema.dump(data)) == {}


def test_each_fact_declared_beside_is_told():
    declared = {each.type for each in vars(acceptance_classes).values() if isinstance(each, Event)}
    assert declared == {type for type, _ in told()}


@pytest.mark.parametrize(
    "thing",
    [
        changed(with_roster("p1"), as_given(with_roster("p1")))[0],
        appoint()[0],
        PLATFORM,
        Seated("p1", ("a",)),
    ],
    ids=["change", "appointment", "platform", "seated"],
)
def test_a_thing_is_read_back_as_it_was_written(thing):
    stored = bson.decode(bson.encode(to_doc(thing)), CodecOptions(tz_aware=True))
    assert from_doc(type(thing), stored) == thing
