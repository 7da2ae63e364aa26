"""The table of notices: to whom, in which words, and that nothing in it can go stale."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import bson
import pytest

from contracts.events import intake, intake_mandates
from gateway.notices.table import SUBJECT, Notice, said, table
from gateway.notices.writer import NoticeWriter

NOW = datetime(2027, 1, 1, tzinfo=UTC)
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


class Own(NoticeWriter):
    """A process that does nothing else."""

    name = "projector"


class Rows:
    """What a handler reads and writes, of one collection."""

    def __init__(self):
        self.kept = {}

    def get(self, _collection, id):
        return self.kept.get(id)

    def get_all(self, _collection, ids):
        return {id: self.kept[id] for id in ids if id in self.kept}

    def find(self, _collection, filter):
        return [row for row in self.kept.values() if row.get("recipient") == filter["recipient"]]

    def insert(self, _collection, row):
        self.kept[row["_id"]] = row

    def delete(self, _collection, id):
        del self.kept[id]


def tell(rows, event, subject, **data):
    loaded = event.data().load(event.data().dump(data))
    fact = SimpleNamespace(
        id=f"{event.type}:{subject}", type=event.type, aggregate_id=subject, data=loaded, time=NOW
    )
    Own.handlers[event.type](None, rows, fact)


def test_a_fact_makes_one_row_for_each_recipient_however_often_it_is_told():
    assert set(table()) <= set(Own.handlers)
    rows = Rows()
    for _ in range(2):
        tell(rows, intake.DEMAND_VERIFIED, "d1", checked_at=NOW, poster_ref="p1", posted_by_ref="b1")
    assert sorted(row["recipient"] for row in rows.kept.values()) == ["b1", "p1"]
    assert {(row["subject"], row["read_at"]) for row in rows.kept.values()} == {("d1", None)}


def test_days_are_kept_as_the_database_takes_them():
    rows, day = Rows(), NOW.date()
    tell(
        rows, intake_mandates.MANDATE_RECORDED, "m", principal_ref="p1", agency_ref="b1",
        agency_name="示例协会", kind="worker", given="paper", valid_from=day, valid_until=day,
    )  # fmt: skip
    for row in rows.kept.values():
        bson.encode(row)
        assert "2027-01-01" in said(row["type"], row["facts"], "zh")


def test_a_forgotten_person_is_told_nothing_any_more():
    rows = Rows()
    tell(rows, intake.DEMAND_VERIFIED, "d1", checked_at=NOW, poster_ref="p1", posted_by_ref="b1")
    for _ in range(2):
        tell(rows, intake.PERSON_FORGOTTEN, "p1", reason="示例")
    # of another aggregate, so it may come after
    tell(rows, intake.DEMAND_WITHDRAWN, "d1", reason="示例", poster_ref="p1", posted_by_ref="b1")
    told = [row["recipient"] for row in rows.kept.values() if "recipient" in row]
    assert told == ["b1", "b1"]
