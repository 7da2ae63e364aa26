"""Editions: who may do what when, what items enter and leave, and that old editions stay as they were."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import editions as rules
from services.catalogue.domain.editions import OPEN_END, Edition, Place, Row

NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
TODAY = date(2027, 3, 1)
DRAFT = rules.open_draft("e2", "general", "370000", 2, 1, "officer", NOW)[0]
WELDER = {"occupation": "6-18-02-04"}
KEPT = Row("6-18-02-04", WELDER, 1, "首批")


def put(edition, places, values, reason="按季调整"):
    edition, changed = rules.put(edition, places, values, reason)
    return edition, {**places, **changed}


def figures(edition):
    return edition.items, edition.entered, edition.changed, edition.left


def test_an_edition_needs_two_officers_and_waits_for_its_day():
    submitted, facts = rules.submit(DRAFT, date(2027, 3, 5), "colleague", NOW)
    assert facts[0][0] == "catalogue.edition.submitted"
    for account in ("officer", "colleague"):
        with pytest.raises(Refusal, match=r"catalogue\.own_edition"):
            rules.review(submitted, True, "可以", account)
    approved, facts = rules.review(submitted, True, "可以", "second")
    assert (approved.status, facts[0][1]["accepted"]) == ("approved", True)
    # 15:59 UTC is the last minute of the fourth of March in Shanghai
    assert not rules.due(approved, datetime(2027, 3, 4, 15, 59, tzinfo=UTC))
    assert rules.due(approved, datetime(2027, 3, 4, 16, tzinfo=UTC))
    published, facts = rules.publish(approved, NOW)
    assert (published.status, published.current, facts[0][1]["number"]) == ("published", True, 2)
    with pytest.raises(Refusal, match="out_of_order"):
        rules.discard(published, "改变主意")


def test_an_edition_sent_back_is_worked_on_again():
    submitted = rules.submit(DRAFT, TODAY, "officer", NOW)[0]
    with pytest.raises(Refusal, match="out_of_order"):
        rules.require_hand(submitted, "entered")
    back = rules.review(submitted, False, "缺少焊工", "second")[0]
    assert (back.status, back.reason) == ("draft", "缺少焊工")
    rules.require_hand(back, "entered")


def test_what_cannot_be_submitted():
    with pytest.raises(Refusal, match=r"catalogue\.past_day"):
        rules.submit(DRAFT, date(2027, 2, 28), "officer", NOW)
    with pytest.raises(Refusal, match=r"catalogue\.edition_empty"):
        rules.submit(replace(DRAFT, items=0), TODAY, "officer", NOW)
    schools = replace(DRAFT, kind="schools")
    with pytest.raises(Refusal, match=r"catalogue\.source_missing"):
        rules.submit(schools, TODAY, "officer", NOW)
    source = {"authority": "示例教育局", "document": "示例〔2027〕1号", "day": TODAY}
    assert rules.submit(rules.take_in(schools, source), TODAY, "officer", NOW)[0].status == "submitted"


def test_items_have_the_fields_of_their_kind():
    with pytest.raises(Refusal, match=r"catalogue\.item_field") as refused:
        rules.wanted(DRAFT, [{"occupation": "6-18-02-04", "industry": "造船"}])
    assert refused.value.field == "items.0.industry"
    with pytest.raises(Refusal, match=r"catalogue\.item_field"):
        rules.wanted(replace(DRAFT, kind="key_industry"), [WELDER])
    with pytest.raises(Refusal, match=r"catalogue\.item_twice"):
        rules.wanted(DRAFT, [WELDER, WELDER])
    assert rules.wanted(DRAFT, [{**WELDER, "note": None}]) == {"6-18-02-04": WELDER}


def test_figures_are_not_written_by_hand():
    for kind, ways in (("worker_demand", ("entered", "taken_in", "gathered")), ("projects", ("entered",))):
        with pytest.raises(Refusal, match=r"catalogue\.items_not_by_hand"):
            rules.require_hand(replace(DRAFT, kind=kind), *ways)
    with pytest.raises(Refusal, match=r"catalogue\.not_gathered"):
        rules.gather(DRAFT, "officer")
    assert rules.gather(replace(DRAFT, kind="worker_demand"), "officer").status == "gathering"


def test_an_item_enters_is_changed_and_leaves_with_its_reason():
    places = {KEPT.key: Place(KEPT)}
    edition, places = put(DRAFT, places, {"4-03-02-01": {"occupation": "4-03-02-01"}}, "需求增加")
    assert figures(edition) == (2, 1, 0, 0)
    assert places["4-03-02-01"].own.reason == "需求增加"
    edition, places = put(edition, places, {KEPT.key: {**WELDER, "note": "含机器人焊接"}}, "范围扩大")
    assert (figures(edition), places[KEPT.key].change) == ((2, 1, 1, 0), "changed")
    edition, places = put(edition, places, {KEPT.key: None}, "连续三年无人申报")
    assert (figures(edition), places[KEPT.key].base.left) == ((1, 1, 0, 1), "连续三年无人申报")
    edition, places = put(edition, places, {KEPT.key: WELDER}, "恢复")
    assert (figures(edition), places[KEPT.key]) == ((2, 1, 0, 0), Place(KEPT))
    edition, places = put(edition, places, {"4-03-02-01": None}, "误录")
    assert (figures(edition), places["4-03-02-01"]) == ((1, 0, 0, 0), Place())


values = st.dictionaries(
    st.sampled_from("abc"), st.none() | st.builds(lambda n: {"note": n}, st.sampled_from("xy"))
)


@given(st.lists(st.lists(values, max_size=4), min_size=1, max_size=4))
def test_whatever_editions_change_those_before_them_read_as_they_did(history):
    """Each edition is a list of changes; what it holds is what was asked for, then and ever after."""
    rows, expected, held = [], [], {}
    items = 0
    for number, changes in enumerate(history, 1):
        edition = Edition(f"e{number}", "general", "370000", number, ("officer",), NOW, items=items)
        places = {row.key: Place(row) for row in rows if row.until == OPEN_END}
        for change in changes:
            edition, places = put(edition, places, change)
            held = {key: value for key, value in {**held, **change}.items() if value is not None}
        ended = [row for row in rows if row.until != OPEN_END]
        rows = ended + [row for place in places.values() for row in (place.base, place.own) if row]
        expected.append(dict(held))
        items = edition.items
        assert items == len(held)
        before = expected[-2] if number > 1 else {}
        assert edition.entered == len(held.keys() - before.keys())
        assert edition.left == len(before.keys() - held.keys())
        assert edition.changed == sum(held[key] != before[key] for key in held.keys() & before.keys())
    for number, held in enumerate(expected, 1):
        assert {row.key: row.values for row in rows if row.since <= number < row.until} == held
