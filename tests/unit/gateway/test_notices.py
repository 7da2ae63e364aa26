"""The table of notices: to whom, in which words, and that nothing in it can go stale."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from contracts.events import intake
from gateway.notices.table import SUBJECT, Notice, said, table
from gateway.notices.writer import NoticeWriter

LINES = list(table().values())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def type_of(line):
    return line.event.type


@pytest.mark.parametrize("line", LINES, ids=type_of)
def test_what_a_line_names_is_in_the_fact(line):
    known = set(line.event.data().fields)
    assert set(line.names) <= known
    assert set(line.to) - {SUBJECT} <= known
    assert line.to


@pytest.mark.parametrize("line", LINES, ids=type_of)
def test_a_line_speaks_both_tongues(line):
    assert CHINESE.search(line.zh)
    assert re.search(r"[A-Za-z]{2}", line.en)
    assert not CHINESE.search(line.en)


@pytest.mark.parametrize("line", LINES, ids=type_of)
def test_no_words_name_a_personal_field(line):
    personal = {"name", "phone", "id_number", "bank_account", "account_tail", "person_ref", "poster_ref"}
    assert not personal & set(line.names)


def test_codes_are_said_by_their_words_and_reasons_in_one_tongue():
    facts = {
        "occupation": "6-18-02-04",
        "level": "4",
        "reason": "期望开始日期已过一年 / a year has passed",
    }
    assert said("intake.demand.lapsed", facts, "zh") == "焊工（中级工）需求单已失效：期望开始日期已过一年"
    assert said("intake.demand.lapsed", facts, "en").endswith(
        "(intermediate (level 4)) has lapsed: a year has passed"
    )


def test_what_an_officer_wrote_is_left_as_it_is():
    facts = {"occupation": "6-18-02-04", "level": "4", "reason": "人数与名册不符"}
    assert said("intake.demand.returned", facts, "en").count("人数与名册不符") == 1


def test_a_fact_told_before_it_named_its_thing_is_said_all_the_same():
    assert said("intake.demand.verified", {}, "zh").startswith("—（—）需求单已通过核查")


def test_a_moment_is_said_in_the_time_of_shanghai():
    words = said("selection.enrolment.held", {"hold_until": "2027-03-01T16:30:00.000Z"}, "zh")
    assert "2027-03-02 00:30" in words


def test_a_kind_that_is_told_no_more_does_not_break_the_inbox():
    assert said("intake.demand.gone", {}, "en") == "intake.demand.gone"


def test_everybody_is_told_once():
    line = Notice(intake.DEMAND_POSTED, ("poster_ref", "posted_by_ref", "many"), "示例", "sample")
    data = {"poster_ref": "p", "posted_by_ref": None, "many": ["a", "p", "b"]}
    assert line.recipients("d", data) == ["p", "a", "b"]
    assert Notice(intake.PERSON_VERIFIED, (SUBJECT,), "示例", "sample").recipients("x", {}) == ["x"]


def test_a_process_that_follows_a_fact_for_itself_tells_it_too():
    seen = []

    class Own(NoticeWriter):
        name = "projector"

    first = intake.DEMAND_VERIFIED.type
    assert set(table()) <= set(Own.handlers)
    assert intake.PERSON_FORGOTTEN.type in Own.handlers
    rows = {}
    unit = SimpleNamespace(
        get=lambda collection, id: rows.get(id),
        insert=lambda collection, row: rows.setdefault(row["_id"], row),
    )

    fact = SimpleNamespace(
        id="e" * 32,
        type=first,
        aggregate_id="d1",
        data={"poster_ref": "p1"},
        time=datetime(2027, 1, 1, tzinfo=UTC),
    )
    for _ in range(2):
        Own.handlers[first](None, unit, fact)
        seen.append(len(rows))
    assert seen == [1, 1]
    (row,) = rows.values()
    assert (row["recipient"], row["subject"], row["read_at"]) == ("p1", "d1", None)
