"""Who bears the cost of a class and of a claim; what is watched and refuses nothing."""

from datetime import date

import pytest

from contracts.vocabularies.errors import Refusal
from services.policy import Line, rules_for
from services.settlement.domain import shares
from services.settlement.domain.shares import Training

DAY = date(2026, 11, 23)
YANTAI = Training("370611", "employment_skills", 100_01, False)
SHANDONG, SHANXI = rules_for("370000"), rules_for("140000")


def test_what_all_bear_is_the_sum_of_what_each_bears_37_18() -> None:
    people = {f"w{number}": () for number in range(3)}
    sums = shares.of_people(YANTAI, people, DAY, SHANDONG)
    assert sums == {"government_share": 3 * 80_01, "firm_share": 0, "person_share": 3 * 20_00}
    assert sum(sums.values()) == 3 * YANTAI.cost_fen
    firm = Training("370611", "employment_skills", 100_00, True)
    assert shares.of_people(firm, {"w1": ()}, DAY, SHANDONG) == {
        "government_share": 60_00,
        "firm_share": 30_00,
        "person_share": 10_00,
    }


def test_who_trains_free_pays_nothing_and_the_others_their_share_ap() -> None:
    people = {"w1": ("disabled",), "w2": ("veteran",)}
    sums = shares.of_people(YANTAI, people, DAY, SHANDONG)
    assert (sums["government_share"], sums["person_share"]) == (100_01 + 80_01, 20_00)


def test_where_costs_are_not_shared_it_says_so() -> None:
    for region, rules in (("370202", SHANDONG), ("140100", SHANXI)):
        with pytest.raises(Refusal) as refused:
            shares.of_person(Training(region, "employment_skills", 1, False), "w1", (), DAY, rules)
        assert (refused.value.code, refused.value.facts["region"]) == ("settlement.costs_not_shared", region)


def line(capped: bool) -> Line:
    cap = 150_000
    fen = cap if capped else cap - 1
    return Line("x", "training", fen, (), cap, 0, fen, "r", "600", "§1", "illustrative", "", "")


@pytest.mark.parametrize(
    ("capped", "expected"),
    [((True, True), (2, 2, True)), ((True, False), (2, 1, False)), ((True,), (1, 1, False)), ((), None)],
)
def test_caps_that_are_all_reached_are_seen_600_1(
    capped: tuple[bool, ...], expected: tuple[int, int, bool] | None
) -> None:
    use = shares.of_cap("140100", map(line, capped), DAY, SHANXI)
    assert (use and (use.lines, use.at_cap, use.all_at_cap)) == expected


def test_no_text_of_shandong_speaks_of_caps_that_are_all_reached() -> None:
    assert shares.of_cap("370600", [line(True), line(True)], DAY, SHANDONG) is None


@pytest.mark.parametrize(
    ("front_line", "day", "fact"),
    [
        (60_00, date(2025, 12, 31), "share_reached"),
        (59_99, date(2025, 12, 31), "share_below"),
        (0, date(2026, 1, 1), "no_text_in_force"),
    ],
)
def test_what_a_firm_spends_on_the_front_line_is_watched_7_26(front_line: int, day: date, fact: str) -> None:
    seen = shares.of_front_line(front_line, 100_00, day, SHANDONG)
    assert seen is not None
    assert (seen.fact, seen.document, seen.clause) == (fact, "7", "§26")


def test_shanxi_has_no_such_duty() -> None:
    assert shares.of_front_line(0, 100_00, DAY, SHANXI) is None
