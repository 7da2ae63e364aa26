"""Scores of the panel, their arithmetic, and the order of merit with its rule for ties [S10; 37 §6].

Points of a member: the sum of weight × points of each criterion, in hundredths. A criterion about the price
is not judged but reckoned: the lowest price gets 100, another lowest ÷ price. A bid's points are the mean.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.sourcing import Mark, Point, Ranked, Sourcing

Merit = tuple[int, int, int, datetime, str]


def judged(bids: list[Bid]) -> list[Bid]:
    """Return the bids that are open and not excluded."""
    return [bid for bid in bids if bid.offer is not None and bid.excluded is None]


def score(
    sourcing: Sourcing, bids: list[Bid], bid_id: str, account: str, points: dict[str, int], now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A panel member judges one bid; with the last judgement: opened → scored.

    points: 0 to 100 by criterion, those about the price left out. Raises Refusal `out_of_order`,
    `acceptance.not_on_panel`, `acceptance.panel_short`, `acceptance.bid_unknown`,
    `acceptance.scores_incomplete`, `acceptance.already_scored`.
    """
    require(sourcing.status(now), ("opened",), "score_bid")
    if account not in sourcing.panel:
        raise Refusal("acceptance.not_on_panel")
    if sourcing.draw is None or not sourcing.draw.ready():
        raise Refusal("acceptance.panel_short", seats=sourcing.notice.panel_seats, found=len(sourcing.panel))
    valid = judged(bids)
    if bid_id not in {bid.id for bid in valid}:
        raise Refusal("acceptance.bid_unknown", field="bid_id")
    weights = {each.id: each.weight for each in sourcing.notice.criteria if each.subject != "price"}
    if points.keys() != weights.keys():
        raise Refusal("acceptance.scores_incomplete", field="scores")
    if any((mark.bid_id, mark.account) == (bid_id, account) for mark in sourcing.marks):
        raise Refusal("acceptance.already_scored", field="bid_id")
    hundredths = sum(weights[criterion] * points[criterion] for criterion in weights)
    given = tuple(Point(criterion, points[criterion]) for criterion in weights)
    new = replace(sourcing, marks=(*sourcing.marks, Mark(bid_id, account, hundredths, given)))
    if len(new.marks) < len(valid) * sourcing.draw.seats:
        return new, []
    ranking = rank(new, valid)
    data = [
        {"bid_id": each.bid_id, "provider_ref": each.provider_ref, "points": each.points} for each in ranking
    ]
    return replace(new, ranking=ranking, scored_at=now), [("acceptance.sourcing.scored", {"ranking": data})]


def price_hundredths(sourcing: Sourcing, price_fen: int, lowest_fen: int) -> int:
    """Return what the criteria about the price give, in hundredths of a point, rounded half up."""
    weight = sum(each.weight for each in sourcing.notice.criteria if each.subject == "price")
    if not price_fen:
        return 100 * weight
    return (2 * 100 * weight * lowest_fen + price_fen) // (2 * price_fen)


@dataclass(frozen=True)
class Standing:
    """A bid's whole sums over the panel: compared as they are, so that rounding never decides."""

    bid: Bid
    total: int
    heaviest: int

    def merit(self) -> Merit:
        """Return the sort key: points, price, the heaviest criterion, the earlier receipt."""
        price = self.bid.offer.price_fen if self.bid.offer else 0
        return -self.total, price, -self.heaviest, self.bid.received_at, self.bid.id


def standings(sourcing: Sourcing, valid: list[Bid]) -> list[Standing]:
    """Return the bids with their sums, best first."""
    lowest = min((bid.offer.price_fen for bid in valid if bid.offer), default=0)
    weights = [each for each in sourcing.notice.criteria if each.subject != "price"]
    # among equal weights the first named counts
    heaviest = max(weights, key=lambda each: each.weight).id
    found = []
    for bid in valid:
        marks = [mark for mark in sourcing.marks if mark.bid_id == bid.id]
        price = price_hundredths(sourcing, bid.offer.price_fen if bid.offer else 0, lowest)
        best = sum(each.points for mark in marks for each in mark.points if each.criterion == heaviest)
        found.append(Standing(bid, sum(mark.hundredths for mark in marks) + len(marks) * price, best))
    return sorted(found, key=Standing.merit)


def tie_between(before: Standing, after: Standing) -> str | None:
    """Return what puts one before the other when their points are equal (statuses.TIE_RULES), else None."""
    if before.total != after.total:
        return None
    words = ("price", "criterion")
    pairs = zip(words, before.merit()[1:3], after.merit()[1:3], strict=True)
    return next((word for word, one, other in pairs if one != other), "receipt")


def rank(sourcing: Sourcing, valid: list[Bid]) -> tuple[Ranked, ...]:
    """Return the order of merit: points, the lower price, the heaviest criterion, the earlier receipt."""
    order = standings(sourcing, valid)
    members = sourcing.draw.seats if sourcing.draw else 1
    following = [*order[1:], None]
    return tuple(
        Ranked(
            each.bid.id,
            each.bid.provider_ref,
            each.bid.provider_name,
            each.bid.offer.price_fen if each.bid.offer else 0,
            (2 * each.total + members) // (2 * members),
            tie_between(each, after) if after else None,
        )
        for each, after in zip(order, following, strict=True)
    )


def reaches(sourcing: Sourcing, ranked: Ranked, least: int) -> bool:
    """Return whether a bid's exact mean is `least` points or more: what is shown is rounded, this is not."""
    lowest = min(each.price_fen for each in sourcing.ranking)
    weight = sum(each.weight for each in sourcing.notice.criteria if each.subject == "price")
    given = sum(mark.hundredths for mark in sourcing.marks if mark.bid_id == ranked.bid_id)
    members = sourcing.draw.seats if sourcing.draw else 1
    # the price's part is 100 × weight × lowest ÷ price; both sides are multiplied by the price
    price, best = (ranked.price_fen, lowest) if ranked.price_fen else (1, 1)
    return given * price + members * 100 * weight * best >= 100 * least * members * price


def arithmetic(sourcing: Sourcing, ranked: Ranked, lowest_fen: int) -> str:
    """Return how a bid's points came about, to be read: each member's sum, the price, the mean."""
    weights = {each.id: each.weight for each in sourcing.notice.criteria}
    members = [mark for mark in sourcing.marks if mark.bid_id == ranked.bid_id]
    sums = [
        " + ".join(f"{weights[each.criterion]}%×{each.points}" for each in mark.points)
        + f" = {_points(mark.hundredths)}"
        for mark in members
    ]
    text = f"[{'; '.join(sums)}] ÷ {len(members)}"
    weight = sum(each.weight for each in sourcing.notice.criteria if each.subject == "price")
    if weight:
        price = price_hundredths(sourcing, ranked.price_fen, lowest_fen)
        text += f" + {weight}%×100×{lowest_fen}/{ranked.price_fen} (= {_points(price)})"
    return f"{text} = {_points(ranked.points)}"


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"
