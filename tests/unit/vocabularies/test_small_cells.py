"""Small figures are left out, and nobody can reckon them from those that are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.small_cells import LEAST, Figure, protected


def leaf(key, value):
    return Figure(key, value)


def total(key, *parts):
    return Figure(key, sum(part.value for part in parts), parts)


def shown(figure):
    return {figure.key: figure.value} | {
        key: value for part in figure.parts for key, value in shown(part).items()
    }


def test_a_figure_under_five_is_left_out_and_the_next_smallest_with_it():
    figure = total("city", leaf("a", 3), leaf("b", 40), leaf("c", 12), leaf("d", 90))
    assert shown(protected(figure)) == {"city": 145, "a": None, "b": 40, "c": None, "d": 90}


def test_nothing_is_left_out_where_all_figures_are_large():
    figure = total("city", leaf("a", 5), leaf("b", 6))
    assert protected(figure) == figure


def test_two_small_figures_whose_sum_says_what_they_are_take_a_third_along():
    figure = total("city", leaf("a", 1), leaf("b", 1), leaf("c", 30), leaf("d", 50))
    assert shown(protected(figure)) == {"city": 82, "a": None, "b": None, "c": None, "d": 50}


def test_a_total_is_left_out_when_its_parts_cannot_be_covered_and_so_is_one_beside_it():
    yantai = total("yantai", leaf("fushan", 4))
    jinan = total("jinan", leaf("lixia", 30), leaf("shizhong", 8))
    weifang = total("weifang", leaf("kuiwen", 60))
    assert shown(protected(total("province", yantai, jinan, weifang))) == {
        "province": 102,
        "yantai": None,
        "fushan": None,
        "jinan": None,
        "lixia": 30,
        "shizhong": None,
        "weifang": 60,
        "kuiwen": 60,
    }


def test_a_figure_alone_that_is_small_leaves_nothing():
    assert shown(protected(total("province", leaf("a", 4)))) == {"province": None, "a": None}


def test_a_total_that_is_none_is_refused():
    with pytest.raises(ValueError, match="sum of its parts"):
        protected(Figure("city", 9, (leaf("a", 4),)))


cities = st.lists(st.lists(st.integers(1, 14), min_size=1, max_size=4), min_size=1, max_size=4)


@given(cities)
def test_whoever_subtracts_learns_no_figure_to_within_five(counts):
    """What a reader can do: move people between figures left out that stand under the same totals shown."""
    parts = [
        total(f"c{number}", *(leaf(f"c{number}-{each}", value) for each, value in enumerate(values)))
        for number, values in enumerate(counts)
    ]
    true = total("all", *parts)
    given_out = shown(protected(true))
    people = shown(true)
    assert all(value is None or value == people[key] >= LEAST for key, value in given_out.items())
    unknown = {}
    for number, values in enumerate(counts):
        above = tuple(key for key in ("all", f"c{number}") if given_out[key] is not None)
        for each in range(len(values)):
            if given_out[f"c{number}-{each}"] is None:
                # a city's total that is shown settles the sum of its own figures, whatever the whole is
                unknown.setdefault(above[-1:], []).append(values[each])
    for above, values in unknown.items():
        assert not above or sum(value - 1 for value in values) >= LEAST - 1, values
        assert not above or len(values) > 1
