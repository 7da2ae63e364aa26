"""The roll, code cards, and corrections: always by another hand."""

from datetime import timedelta

import pytest

from services.acceptance.domain import rolls
from services.acceptance.domain.attendance import SignIn, sign_in_id
from services.acceptance.domain.rolls import Card, Roll
from tests.unit.acceptance.samples import HOUR, with_roster
from tests.unit.acceptance.test_sign_ins import BEGINS, LIMITS
from tests.unit.acceptance.test_sourcing import refused

AT = BEGINS + HOUR
TRAINING = with_roster("p1", "p2", "p3", "p4")


def row(person: str, state: str = "unconfirmed", way: str = "offline", taken_by: str = "") -> SignIn:
    id = sign_in_id("class-001", person)
    return SignIn(id, "class", "class-001", person, "v", state, BEGINS, way, taken_by=taken_by)


def roll(*present: str, by: str = "teacher", note: str | None = None) -> Roll:
    return Roll("class-001", "class", present, by, AT, note)


def decided(state: str, it: SignIn | None = None, by: str = "officer", supervisor: bool = True):
    return rolls.decide(TRAINING, it or row("p1"), state, by, supervisor, "理由", AT)


def test_the_roll_confirms_who_was_there_and_rejects_the_others():
    rows = [row("p1"), row("p2"), row("p3", "confirmed", "phone")]
    found = rolls.record(TRAINING, None, roll("p1", "p4"), rows, AT)
    assert [(each.person_ref, each.state) for each in found.changed] == [
        ("p1", "confirmed"), ("p2", "rejected"),
    ]  # fmt: skip
    assert {each.decided_by for each in found.changed} == {"teacher"}
    assert found.changed[1].reason == rolls.NOT_ON_ROLL
    assert (found.without_sign_in, found.not_seen) == (("p4",), ("p2", "p3"))


def test_a_changed_roll_keeps_what_it_was_before():
    first = rolls.record(TRAINING, None, roll("p1"), [], AT).roll
    second = rolls.record(TRAINING, first, roll("p1", "p2", note="迟到"), [], AT).roll
    third = rolls.record(TRAINING, second, roll("p2", by="another", note="更正"), [], AT).roll
    assert (first.earlier, first.first_present) == ((), ("p1",))
    assert [(each.present, each.by, each.note) for each in third.earlier] == [
        (("p1",), "teacher", None), (("p1", "p2"), "teacher", "迟到"),
    ]  # fmt: skip
    assert (third.present, third.first_present) == (("p2",), ("p1",))


def test_a_card_is_confirmed_by_another_hand_than_the_one_that_read_it():
    rows = [row("p1", way="card", taken_by="teacher"), row("p2", way="card", taken_by="another")]
    found = rolls.record(TRAINING, None, roll("p1", "p2"), rows, AT)
    assert [each.person_ref for each in found.changed] == ["p2"]
    assert found.second_hand == ("p1",)
    refused("acceptance.same_hand", decided, "confirmed", rows[0], "teacher", False)
    assert decided("confirmed", rows[0], "another", False)[0].state == "confirmed"


def test_an_answer_that_comes_after_the_roll_is_decided_by_it():
    assert rolls.settled_by(None, row("p1")).state == "unconfirmed"
    assert rolls.settled_by(roll("p1"), row("p1")).state == "confirmed"
    assert rolls.settled_by(roll("p2"), row("p1")).state == "rejected"
    live = row("p1", "confirmed", "phone")
    assert rolls.settled_by(roll("p2"), live) is live


def test_a_roll_is_of_the_roster_of_a_session_that_has_begun_and_changed_with_a_reason():
    refused("acceptance.not_on_roster", rolls.record, TRAINING, None, roll("p9"), [], AT)
    refused("acceptance.roll_note", rolls.record, TRAINING, roll("p1"), roll("p2"), [], AT)
    changed = roll("p2", note="漏点")
    assert rolls.record(TRAINING, roll("p1"), changed, [], AT).without_sign_in == ("p2",)
    early = Roll("class-002", "class", ("p1",), "teacher", AT)
    refused("acceptance.session_ahead", rolls.record, TRAINING, None, early, [], AT)
    refused("out_of_order", rolls.record, TRAINING, None, roll("p1"), [], BEGINS - HOUR)


def test_who_reads_a_card_takes_it_unconfirmed_and_in_time():
    code = rolls.new_card_code()
    card = Card(rolls.card_id(code), "class", "p1", "teacher", AT)
    assert code not in str(card)
    new = rolls.sign_in_by_card(TRAINING, "class-001", card, "v", "teacher", LIMITS, AT)
    assert (new.state, new.way, new.taken_by) == ("unconfirmed", "card", "teacher")
    wrong = Card(card.id, "other", "p1", "teacher", AT)
    for none in (None, wrong):
        refused("acceptance.card", rolls.sign_in_by_card, TRAINING, "class-001", none, "v", "by", LIMITS, AT)
    gone = Card(card.id, "class", "p9", "teacher", AT)
    refused(
        "acceptance.not_on_roster", rolls.sign_in_by_card, TRAINING, "class-001", gone, "v", "by", LIMITS, AT
    )
    late = BEGINS + timedelta(hours=5)
    refused(
        "acceptance.outside_session", rolls.sign_in_by_card, TRAINING, "class-001", card, "v", "by", LIMITS,
        late,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "to"), [("confirmed", "voided"), ("confirmed", "rejected"), ("rejected", "confirmed")]
)
def test_the_supervisor_alone_changes_what_is_decided(state, to):
    refused("acceptance.supervisor_only", decided, to, row("p1", state), "owner", False)
    new, facts = decided(to, row("p1", state))
    assert (new.state, new.decided_by, new.reason) == (to, "officer", "理由")
    assert facts[0][0] == "acceptance.sign_in.recorded"
    assert facts[0][1]["state"] == to
    refused("acceptance.same_hand", rolls.decide, TRAINING, new, state, "officer", True, "again", AT)
    refused("acceptance.decided_so", rolls.decide, TRAINING, new, to, "second officer", True, "again", AT)
