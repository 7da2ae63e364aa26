"""Classes, attendance, assessment, employment: what is refused, and what the statuses follow from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.sample_ids import make_credit_code
from services.acceptance.domain import attendance, bookings, classes, employment
from services.acceptance.domain.attendance import Attended, SignIn
from services.acceptance.domain.bookings import DayBook, Interval
from services.acceptance.domain.employment import Report
from tests.unit.acceptance.refusing import refused
from tests.unit.acceptance.samples import (
    DAY,
    HOUR,
    NOW,
    PROJECT,
    filed,
    plan,
    sessions,
    with_roster,
)
from tests.unit.acceptance.test_assessment import assessed

BEGINS = NOW + 20 * DAY
ENDS = BEGINS + 4 * DAY + 4 * HOUR


def changed_session(n, **changed):
    timetable = sessions()
    timetable[n] |= changed
    return timetable


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"enrol_until": NOW}, "acceptance.class_dates", "enrol_until"),
        ({"enrol_until": BEGINS + HOUR}, "acceptance.class_dates", "enrol_until"),
        ({"timetable": sessions(4)}, "acceptance.hours_short", "sessions"),
        ({"timetable": changed_session(0, kind="theory")}, "acceptance.kinds_missing", "sessions"),
        ({"timetable": changed_session(1, kind="theory")}, "acceptance.kinds_missing", "sessions"),
        ({"timetable": changed_session(2, hours=6)}, "acceptance.session_times", "sessions.2"),
        ({"timetable": changed_session(2, ends=BEGINS)}, "acceptance.session_times", "sessions.2"),
        ({"timetable": changed_session(2, ends=BEGINS + 9 * DAY)}, "acceptance.session_times", "sessions.2"),
        ({"timetable": changed_session(2, starts=BEGINS + DAY + HOUR)}, "acceptance.session", "sessions.2"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_at_its_field(changed, code, field):
    if code == "acceptance.session":
        changed["timetable"][2]["ends"] = BEGINS + DAY + 6 * HOUR
        code = "acceptance.sessions_overlap"
    assert refused(code, filed, **changed).field == field


def test_a_class_hour_is_45_minutes():
    timetable = changed_session(2, ends=BEGINS + 2 * DAY + 3 * HOUR)
    assert filed(timetable=timetable).plan.sessions[2].hours == 4


def test_the_status_follows_from_facts_and_time():
    new = filed()
    assert new.status(NOW) == "filed"
    confirmed, facts = classes.confirm(new, "supervisor", NOW)
    assert facts == [("acceptance.class.confirmed", classes.as_filed(confirmed))]
    assert (confirmed.status(NOW), confirmed.status(NOW + 15 * DAY)) == ("enrolling", "confirmed")
    listed = with_roster("p1")
    assert (listed.status(BEGINS - HOUR), listed.status(BEGINS)) == ("roster_filed", "running")
    returned, _ = classes.send_back(new, "缺教师资质", NOW)
    assert returned.status(NOW) == "returned"
    for step in (classes.confirm, classes.send_back):
        refused("out_of_order", step, returned, "again", NOW)
    assert classes.stop(confirmed, "场地停用", NOW)[0].status(NOW) == "stopped"
    refused("out_of_order", classes.stop, new, "未确认", NOW)


def test_a_class_whose_enrolling_would_be_over_is_not_confirmed():
    refused("acceptance.class_dates", classes.confirm, filed(), "supervisor", NOW + 15 * DAY)


def test_a_withdrawn_project_takes_no_class():
    project = replace(PROJECT, status="withdrawn")
    refused("out_of_order", classes.file, "c", ("s", "p", "n"), project, plan(), "by", NOW)


def test_a_project_offers_no_more_seats_than_it_has():
    assert classes.seats_after(20, 20, 40) == 40
    assert refused("acceptance.seats_exceeded", classes.seats_after, 21, 20, 40).facts["left"] == 19


INTERVALS = st.builds(
    lambda start, length: (NOW + start * HOUR, NOW + (start + length) * HOUR),
    st.integers(0, 30),
    st.integers(1, 6),
)


@given(INTERVALS, INTERVALS)
def test_two_intervals_clash_just_when_they_share_an_hour(one, two):
    first, second = Interval("s1", "c1", *one), Interval("s2", "c2", *two)
    hours = [
        {NOW + n * HOUR for n in range(40) if each.starts <= NOW + n * HOUR < each.ends}
        for each in (first, second)
    ]
    assert (DayBook("d").with_taken(first).clash(second) is not None) == bool(hours[0] & hours[1])
    # whatever clashes meets on the book of some common day
    shared = set(bookings.days_of(*one)) & set(bookings.days_of(*two))
    assert shared or not hours[0] & hours[1]


def test_a_book_keeps_a_session_once_and_forgets_a_class():
    one = Interval("s1", "c1", NOW, NOW + HOUR)
    book = DayBook("d").with_taken(one).with_taken(one)
    assert book.taken == (one,)
    assert book.clash(one) is None
    assert book.without_class("c1").taken == ()


def test_a_day_is_reckoned_in_shanghai_and_midnight_belongs_to_the_day_before():
    evening = datetime(2026, 3, 31, 14, tzinfo=UTC)
    assert list(bookings.days_of(evening, evening + 2 * HOUR)) == [date(2026, 3, 31)]
    assert list(bookings.days_of(evening, evening + 3 * HOUR)) == [date(2026, 3, 31), date(2026, 4, 1)]


def test_spaces_and_case_make_no_other_room_and_another_provider_has_another_teacher():
    assert bookings.place_key("A 座 101", "示例路 1 号") == bookings.place_key("a座101", "示例路1号")
    assert bookings.teacher_key("a", "示例师") != bookings.teacher_key("b", "示例师")


def sign_ins(*marks, state="confirmed"):
    return [SignIn(f"{n}{ref}", "class", f"class-{n:03d}", ref, "v", state, NOW) for ref, n in marks]


def test_attendance_adds_up_days_and_hours_of_confirmed_sign_ins_only():
    training = with_roster("p1", "p2", "p3")
    taken = [*sign_ins(("p1", 1), ("p1", 2)), *sign_ins(("p2", 1), state="rejected")]
    assert attendance.attendance_of(training, taken) == (
        Attended("p1", (date(2026, 3, 22), date(2026, 3, 23)), 8, ("class-001", "class-002")),
        Attended("p2", (), 0),
        Attended("p3", (), 0),
    )


def carried_out(*person_refs):
    return attendance.close(with_roster(*person_refs), [], ENDS)[0]


def test_the_sessions_are_closed_after_the_last_one():
    refused("acceptance.sessions_running", attendance.close, with_roster("p1"), [], ENDS - HOUR)
    closed, facts = attendance.close(with_roster("p1"), [], ENDS)
    assert closed.status(ENDS) == "carried_out"
    assert facts[0][1]["last_session_ended"] == ENDS
    refused("out_of_order", attendance.close, closed, [], ENDS)


def report(since=date(2026, 4, 1), person="p1", old=None, now=ENDS + 60 * DAY):
    told = Report(person, make_credit_code(1), since, "0" * 64)
    return employment.report(assessed(), old, told, "filer", now)


def test_an_employment_counts_when_the_registry_has_found_it():
    reported, facts = report()
    assert (reported.status, facts[0][0]) == ("reported", "acceptance.employment.reported")
    proven, facts = employment.decide(reported, date(2026, 4, 1), True, NOW)
    assert (proven.status, facts[0][0]) == ("proven", "acceptance.employment.proven")
    refuted, facts = employment.decide(reported, date(2026, 4, 1), False, NOW)
    assert (refuted.status, facts[0][0]) == ("refuted", "acceptance.employment.refuted")
    for done in (reported, proven):
        refused("out_of_order", report, old=done)
    again, _ = report(since=date(2026, 4, 2), old=refuted)
    assert employment.decide(again, date(2026, 4, 1), True, NOW) == (again, [])
    assert employment.decide(proven, date(2026, 4, 1), False, NOW) == (proven, [])


def test_employment_is_of_those_who_completed_within_six_months():
    refused("acceptance.not_completed", report, person="p2")
    last = date(2026, 9, 26)
    assert report(since=last, now=ENDS + 300 * DAY)
    for day in (date(2026, 3, 25), last + timedelta(days=1)):
        refused("acceptance.employment_date", report, since=day, now=ENDS + 300 * DAY)
    refused("acceptance.employment_date", report, since=date(2026, 5, 1), now=ENDS + 30 * DAY)
    refused(
        "out_of_order", employment.report, with_roster("p1"), None, Report("p1", "c", last, ""), "by", NOW
    )


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_where_the_month_ends(day, months, later):
    assert employment.months_later(day, months) == later


def test_the_rate_is_never_rounded_up():
    assert employment.rate_percent(17, 20) == 85
    assert employment.rate_percent(849, 1000) == 84
    assert employment.rate_percent(0, 0) == 0


def test_the_density_of_sign_ins_counts_each_session_and_its_busiest_minute() -> None:
    training = with_roster()
    one, other = training.plan.sessions[:2]
    seconds = (0, 30, 59, 60, 61, 200)
    there = [
        SignIn(f"{one.session_id}:p{number}", training.id, one.session_id, f"p{number}", "v", state, at)
        for number, after in enumerate(seconds)
        for state, at in [("confirmed", one.starts + timedelta(seconds=after))]
    ]
    rejected = replace(there[0], id="x", person_ref="p9", state="rejected")
    found = attendance.density_of(training, [*there, rejected])
    assert found[0] == {"session_id": one.session_id, "people": 6, "busiest_minute": 4}
    assert found[1] == {"session_id": other.session_id, "people": 0, "busiest_minute": 0}
