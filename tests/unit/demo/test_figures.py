"""The demonstration's own reckoning, against cases worked out by hand."""

from infra.demo.figures import (
    EMPLOYED,
    OFFERS,
    RATE_PERCENT,
    Learner,
    Offer,
    Table,
    advance_fen,
    balance_fen,
    living_cost_fen,
    points_of,
    winner,
    yuan,
)


def test_points_are_the_panels_mean_in_hundredths_rounded_half_up() -> None:
    alike = Offer(100, ((80, 90, 70),) * 3)
    assert points_of(alike) == 80 * 30 + 90 * 40 + 70 * 30
    assert points_of(Offer(100, ((80, 90, 70), (80, 90, 70), (80, 90, 71)))) == 8110


def test_the_best_offer_is_not_the_cheapest() -> None:
    assert winner() == 0
    assert OFFERS[winner()].price_fen > min(offer.price_fen for offer in OFFERS)


def test_amounts_for_each_kind_of_learner() -> None:
    completed = Learner("a", days=5, passed=True, entitled=True)
    failed = Learner("b", days=4, passed=False, entitled=False)
    assert advance_fen([completed, failed]) == 2 * 105_000
    assert balance_fen([completed, failed]) == 70_000 - 105_000
    assert living_cost_fen([completed, failed]) == 5 * 3_000
    assert not Learner("c", days=3, passed=True, entitled=True).completed


def test_seventeen_of_twenty_are_exactly_the_rate() -> None:
    assert EMPLOYED * 100 == RATE_PERCENT * 20


def test_a_figure_that_is_off_is_found() -> None:
    figures = Table()
    figures.add("买单", "尾款", "balance", 980_000, 980_000, money=True)
    figures.add("买单", "尾款", "balance", 980_000, 980_001, money=True)
    assert [line.shown(line.found) for line in figures.wrong] == ["9,800.01"]
    assert yuan(-105_000) == "-1,050.00"
