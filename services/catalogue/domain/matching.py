"""Matching for parks (供需对接): the firm states its need, the officer lists it, bodies offer courses [37
§16, §17].

stated → listed (once or again) | returned → stated; listed → matched by an offer that the firm takes →
concluded; stated, returned, listed, matched → withdrawn. An offer: offered → taken | declined | withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]
PUBLIC: Final = ("listed", "matched", "concluded")
_STANDING: Final = ("stated", "returned", "listed", "matched")


@dataclass(frozen=True)
class Wish:
    """What a firm of a park needs. wanted_from: when the training is to begin; demand_id: its demand, if it
    posted one.
    """

    park: str
    region: str
    occupation: str
    level: str
    headcount: int
    skills: str
    wanted_from: date
    demand_id: str | None = None


@dataclass(frozen=True)
class Offer:
    """A course that a body offers. price_fen: for one person; hours: class hours; account: who entered it."""

    provider_ref: str
    account: str
    course: str
    hours: int
    seats: int
    price_fen: int
    starts_on: date
    offered_at: datetime
    status: str = "offered"


@dataclass(frozen=True)
class Need:
    """A firm's need on the board. offers: by provider, one each; project_id: what it led to, if it is
    known.
    """

    id: str
    owner_ref: str
    stated_by: str
    stated_at: datetime
    wish: Wish
    status: str = "stated"
    offers: Mapping[str, Offer] = field(default_factory=dict)
    reason: str | None = None
    project_id: str | None = None

    @property
    def public(self) -> bool:
        """Whether anyone may see it."""
        return self.status in PUBLIC


Decision = tuple[Need, list[Fact]]


def state(need: Need) -> Decision:
    """State a need (→ stated)."""
    return need, [_stated(need)]


def state_again(need: Need, wish: Wish) -> Decision:
    """Correct a returned need (returned → stated). Raises Refusal `out_of_order`."""
    _require(need, ("returned",), "correct")
    after = replace(need, wish=wish, status="stated", reason=None)
    return after, [_stated(after)]


def _stated(need: Need) -> Fact:
    wish = need.wish
    told = {name: getattr(wish, name) for name in ("park", "region", "occupation", "level", "headcount")}
    return "catalogue.need.stated", {**told, "owner_ref": need.owner_ref, "wanted_from": wish.wanted_from}


def send_back(need: Need, reason: str) -> Decision:
    """Give a need back for correction (stated → returned). Raises Refusal `out_of_order`."""
    _require(need, ("stated",), "return")
    return replace(need, status="returned", reason=reason), [
        ("catalogue.need.returned", {"owner_ref": need.owner_ref, "reason": reason})
    ]


def put_on_list(need: Need) -> Decision:
    """Put it on the government's list (stated → listed). Raises Refusal `out_of_order`."""
    _require(need, ("stated",), "list")
    return replace(need, status="listed"), [
        ("catalogue.need.listed", {"owner_ref": need.owner_ref, "region": need.wish.region})
    ]


def offer(need: Need, made: Offer) -> Decision:
    """Offer a course for a listed need; a body's later offer takes the place of its own earlier one.

    Raises Refusal `out_of_order`, `catalogue.own_need`.
    """
    _require(need, ("listed",), "offer")
    if made.provider_ref == need.owner_ref:
        raise Refusal("catalogue.own_need")
    after = replace(need, offers={**need.offers, made.provider_ref: made})
    told = {name: getattr(made, name) for name in ("provider_ref", "course", "hours", "seats", "price_fen")}
    return after, [("catalogue.need.offered", {**told, "owner_ref": need.owner_ref})]


def take_back(need: Need, provider_ref: str) -> Decision:
    """Withdraw an offer that was not taken. Raises Refusal `out_of_order`, `catalogue.offer_unknown`."""
    _require(need, ("listed",), "withdraw an offer")
    after = _offer_becomes(need, provider_ref, "withdrawn")
    return after, [("catalogue.need.offer_withdrawn", {"provider_ref": provider_ref})]


def accept(need: Need, provider_ref: str) -> Decision:
    """The firm takes an offer (listed → matched); the others are declined.

    Raises Refusal `out_of_order`, `catalogue.offer_unknown`.
    """
    _require(need, ("listed",), "accept")
    taken = _offer_becomes(need, provider_ref, "taken")
    offers = {
        ref: replace(each, status="declined") if each.status == "offered" else each
        for ref, each in taken.offers.items()
    }
    after = replace(taken, status="matched", offers=offers)
    declined = sorted(ref for ref, each in offers.items() if each.status == "declined")
    told = {"owner_ref": need.owner_ref, "provider_ref": provider_ref, "declined_refs": declined}
    return after, [("catalogue.need.matched", told)]


def conclude(need: Need, reason: str, project_id: str | None) -> Decision:
    """The training that was agreed is done or under way as a project (matched → concluded). Raises Refusal
    `out_of_order`.
    """
    _require(need, ("matched",), "conclude")
    after = replace(need, status="concluded", reason=reason, project_id=project_id)
    return after, [("catalogue.need.concluded", {"reason": reason, "project_id": project_id})]


def withdraw(need: Need, reason: str) -> Decision:
    """The firm needs it no more. Raises Refusal `out_of_order`."""
    _require(need, _STANDING, "withdraw")
    after = replace(need, status="withdrawn", reason=reason)
    return after, [("catalogue.need.withdrawn", {"reason": reason})]


def _offer_becomes(need: Need, provider_ref: str, status: str) -> Need:
    found = need.offers.get(provider_ref)
    if found is None or found.status != "offered":
        raise Refusal("catalogue.offer_unknown", provider_ref=provider_ref)
    return replace(need, offers={**need.offers, provider_ref: replace(found, status=status)})


def _require(need: Need, allowed: tuple[str, ...], step: str) -> None:
    if need.status not in allowed:
        raise Refusal("out_of_order", status=need.status, step=step)
