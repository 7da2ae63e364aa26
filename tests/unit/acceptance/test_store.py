"""Documents and things: what is written is read back the same, and BSON can hold it."""

import bson
import pytest
from bson.codec_options import CodecOptions

from services.acceptance.domain import employment
from services.acceptance.domain.bookings import DayBook, Interval
from services.acceptance.store.codec import from_doc, to_doc
from tests.unit.acceptance.samples import BIDS_UNTIL, HOUR, NOW, OUTER, opened, scored, with_bids
from tests.unit.acceptance.test_assessment import assessed
from tests.unit.acceptance.test_attachments import opened_with_attachment as with_attachment
from tests.unit.acceptance.test_classes import report, sign_ins
from tests.unit.acceptance.test_keys import confirmed
from tests.unit.acceptance.test_reinviting import asked_anew as again


def things():
    sourcing, bids = opened(*with_bids(a=150_000, b=160_000))
    yield from bids
    yield confirmed(OUTER, "opening-1")
    yield with_attachment()
    yield again()
    yield scored(sourcing, bids, {"a": 80, "b": 90}, BIDS_UNTIL)
    yield assessed()
    yield report()[0]
    yield employment.decide(report()[0], report()[0].report.since, True, NOW)[0]
    yield sign_ins(("p1", 1))[0]
    yield DayBook("d", (Interval("s", "c", NOW, NOW + HOUR),))


@pytest.mark.parametrize("thing", list(things()), ids=lambda thing: type(thing).__name__)
def test_a_thing_is_read_back_as_it_was_written(thing):
    stored = bson.decode(bson.encode(to_doc(thing)), CodecOptions(tz_aware=True))
    assert stored["_id"] == thing.id
    assert from_doc(type(thing), stored) == thing


def test_a_document_from_before_a_field_takes_its_default():
    doc = to_doc(assessed())
    del doc["assessor_ref"]
    doc["version"] = 3
    assert from_doc(type(assessed()), doc).assessor_ref is None
