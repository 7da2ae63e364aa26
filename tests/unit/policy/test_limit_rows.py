"""The rows that hold the limits of S17, taken by a small model of a collection with unique ids."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.policy import limit_keys, payment_key
from tests.unit.policy.cases import ELECTRICIAN, SHANDONG, SHANXI, WELDER


def take(rows: set[str], person: str, occupation: str, level: str, day: date) -> bool:
    keys = limit_keys(person, occupation, level, day, SHANDONG)
    free = next((slot for slot in keys.slots if slot not in rows), None)
    if free is None or keys.pair is None or keys.pair in rows:
        return False
    rows.update((free, keys.pair))
    return True


def test_three_a_year_then_no_more_until_the_next() -> None:
    rows: set[str] = set()
    day = date(2026, 3, 1)
    assert [take(rows, "w1", WELDER, level, day) for level in "5432"] == [True, True, True, False]
    assert take(rows, "w1", WELDER, "2", date(2027, 1, 1))
    assert take(rows, "w2", WELDER, "5", day)


def test_the_same_occupation_and_level_never_again() -> None:
    rows: set[str] = set()
    assert take(rows, "w1", WELDER, "4", date(2019, 5, 1))
    assert not take(rows, "w1", WELDER, "4", date(2026, 5, 1))
    assert take(rows, "w1", ELECTRICIAN, "4", date(2026, 5, 1))


def test_a_released_row_can_be_taken_again() -> None:
    rows: set[str] = set()
    keys = limit_keys("w1", WELDER, "4", date(2026, 5, 1), SHANDONG)
    assert take(rows, "w1", WELDER, "4", date(2026, 5, 1))
    rows -= {keys.slots[0], str(keys.pair)}
    assert take(rows, "w1", WELDER, "4", date(2026, 5, 1))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["w1", "w2"]),
            st.sampled_from([WELDER, ELECTRICIAN]),
            st.sampled_from(["5", "4", "3", "2", "1"]),
            st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        ),
        max_size=60,
    )
)
def test_no_order_of_claims_breaks_a_limit(asked: list[tuple[str, str, str, date]]) -> None:
    rows: set[str] = set()
    granted = [each for each in asked if take(rows, *each)]
    years: dict[tuple[str, int], int] = {}
    for person, _, _, day in granted:
        years[person, day.year] = years.get((person, day.year), 0) + 1
    assert all(count <= 3 for count in years.values())
    assert len({each[:3] for each in granted}) == len(granted)


def test_shanxi_has_no_such_rows() -> None:
    keys = limit_keys("x1", WELDER, "4", date(2026, 5, 1), SHANXI)
    assert (keys.slots, keys.pair) == ((), None)


def test_one_payment_for_certificate_kind_payee_and_stage() -> None:
    usual = ("C1", "training", "provider", "balance", SHANDONG)
    others = [("C2", *usual[1:]), ("C1", "training", "provider", "advance", SHANDONG), (*usual[:4], SHANXI)]
    assert payment_key(*usual) == payment_key(*usual)
    assert len({payment_key(*each) for each in [usual, *others]}) == 4


def test_colons_within_a_part_cannot_make_two_keys_equal() -> None:
    assert payment_key("a:b", "c", "d", "e", SHANDONG) != payment_key("a", "b:c", "d", "e", SHANDONG)
    with pytest.raises(ValueError, match="empty"):
        payment_key("", "c", "d", "e", SHANDONG)
