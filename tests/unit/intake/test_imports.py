"""A spreadsheet of demands from its first chunk to the last kept row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.intake.domain import imports as rules
from services.intake.domain.imports import KEPT, STANDS, Counts, Import

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def received(rows: int = 700, missing: tuple[int, ...] = (0, 1)) -> Import:
    return Import(
        id="i1",
        status="receiving",
        owner_ref="b1",
        account="a1",
        roles=("agency",),
        kind="worker",
        encoding="gb18030",
        rows=rows,
        missing=missing,
        key_id=b"key",
        started_at=NOW,
    )


def posting() -> Import:
    return rules.receive(rules.receive(received(), 1, 200), 0, 500)


def test_the_last_chunk_lets_the_posting_begin():
    it = rules.receive(received(), 1, 200)
    assert (it.status, it.missing, it.received) == ("receiving", (0,), 200)
    assert rules.receive(it, 0, 500).status == "posting"


@pytest.mark.parametrize(("first", "last"), [(200, 499), (200, 501), (701, 1)])
def test_chunks_have_as_many_rows_as_were_announced(first: int, last: int):
    with pytest.raises(Refusal, match=r"intake\.import_chunk"):
        rules.receive(rules.receive(received(), 1, first), 0, last)


def test_it_is_done_when_each_row_was_dealt_with_and_keeps_only_what_is_wrong():
    assert rules.finish(posting(), Counts(600, 50, 49), NOW) == posting()
    clean = rules.finish(posting(), Counts(600, 100, 0), NOW)
    assert (clean.status, clean.key_id, clean.wrong_until, clean.ended_at) == ("done", b"", None, NOW)
    wrong = rules.finish(posting(), Counts(600, 50, 50), NOW)
    assert (wrong.key_id, wrong.wrong_until) == (b"key", NOW + KEPT)
    # told again, later: nothing moves
    assert rules.finish(wrong, Counts(700, 0, 0), NOW + timedelta(hours=1)) == wrong


def test_what_is_kept_goes_when_its_time_is_over_or_when_told():
    wrong = rules.finish(posting(), Counts(600, 50, 50), NOW)
    assert not rules.overdue(wrong, NOW + KEPT - timedelta(seconds=1))
    assert rules.overdue(wrong, NOW + KEPT)
    cleared = rules.clear(wrong, wrong.counts, NOW)
    assert (cleared.status, cleared.key_id, cleared.wrong_until) == ("done", b"", None)
    assert not rules.overdue(cleared, NOW + KEPT)


def test_an_upload_that_stands_still_is_let_go_and_one_that_posts_is_not():
    assert not rules.overdue(received(), NOW + STANDS - timedelta(seconds=1))
    assert rules.overdue(received(), NOW + STANDS)
    assert not rules.overdue(posting(), NOW + STANDS)


def test_a_file_begins_again_only_if_it_was_stopped_before_any_row():
    early = rules.clear(received(), Counts(), NOW)
    assert (early.status, early.missing, early.key_id) == ("stopped", (), b"")
    assert rules.restarts(early)
    rules.require_new(early)
    late = rules.clear(posting(), Counts(posted=3), NOW)
    assert not rules.restarts(late)
    with pytest.raises(Refusal, match=r"intake\.import_stopped"):
        rules.require_new(late)
    for it in (received(), posting(), replace(posting(), status="done")):
        assert not rules.restarts(it)
        rules.require_new(it)


@pytest.mark.parametrize(
    ("kind", "own", "may"),
    [
        ("worker", "agency", True),
        ("enterprise", "agency", True),
        ("enterprise", "enterprise", True),
        ("worker", "enterprise", False),
        ("worker", "worker", False),
        ("enterprise", "provider", False),
    ],
)
def test_firms_bring_their_own_demands_and_agencies_those_of_others(kind: str, own: str, may: bool):
    if may:
        rules.require_poster(kind, frozenset({own}))
    else:
        with pytest.raises(Refusal, match=r"role\.forbidden"):
            rules.require_poster(kind, frozenset({own}))


def test_it_is_said_how_the_file_was_read():
    assert "GBK" in rules.remark(received())
