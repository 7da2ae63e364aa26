"""How far the bank's statement was read: no page is passed over, whatever breaks off."""

from datetime import UTC, date, datetime, timedelta

from services.settlement.domain import reading
from services.settlement.domain.reading import FIRST_DAY, OVERLAP, REST, Position

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)


def test_a_reading_that_was_broken_off_goes_on_with_its_own_days() -> None:
    first, last, page = reading.window(Position(), TODAY)
    assert (first, last, page) == (FIRST_DAY, TODAY, 1)
    broken = reading.kept(Position(), first, last, 1, whole=False)
    assert broken.through is None
    # days later the pages that were not read are still asked for
    assert reading.window(broken, TODAY + 9 * DAY) == (FIRST_DAY, TODAY, 1)
    broken = reading.kept(broken, first, last, 2, whole=False)
    assert reading.window(broken, TODAY + 9 * DAY) == (FIRST_DAY, TODAY, 2)
    done = reading.kept(broken, first, last, 3, whole=True)
    assert done.through == TODAY
    assert reading.window(done, TODAY + 9 * DAY) == (TODAY - OVERLAP, TODAY + 9 * DAY, 1)


def test_later_bookings_of_a_day_come_at_the_end_of_its_window() -> None:
    done = reading.kept(Position(), TODAY - OVERLAP, TODAY, 4, whole=True)
    assert reading.window(done, TODAY) == (TODAY - OVERLAP, TODAY, 4)


def test_an_imported_statement_does_not_end_a_reading_in_hand() -> None:
    broken = reading.kept(Position(TODAY - 9 * DAY), TODAY - 16 * DAY, TODAY - DAY, 1, whole=False)
    both = reading.imported(broken, TODAY)
    assert both.through == TODAY
    assert reading.window(both, TODAY) == (TODAY - 16 * DAY, TODAY - DAY, 1)
    whole = reading.kept(both, TODAY - 16 * DAY, TODAY - DAY, 2, whole=True)
    assert whole.through == TODAY
    assert reading.imported(whole, TODAY - 5 * DAY) == whole


def test_what_was_read_whole_today_is_not_read_again_at_once() -> None:
    at = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
    soon = at + REST / 2
    assert not reading.rests(Position(), at)
    assert not reading.rests(reading.kept(Position(), FIRST_DAY, TODAY, 1, whole=False, read_at=at), soon)
    whole = reading.kept(Position(), FIRST_DAY, TODAY, 2, whole=True, read_at=at)
    assert reading.rests(whole, soon)
    assert not reading.rests(whole, at + REST)
    # it is a new day in Shanghai
    evening = at.replace(hour=15, minute=59, second=59)
    late = reading.kept(Position(), FIRST_DAY, TODAY, 2, whole=True, read_at=evening)
    assert reading.rests(late, evening)
    assert not reading.rests(late, evening + timedelta(seconds=1))
