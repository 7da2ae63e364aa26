"""Calls of the matching board for parks: needs stated, listed, answered with courses, matched [37 §16,
§17].
"""

from typing import Any

from contracts.commands import catalogue_matching as c
from contracts.vocabularies import pools, roles
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import matching as rules
from services.catalogue.domain.matching import PUBLIC, Need, Offer, Wish
from services.catalogue.scopes import may_see, region_of
from services.catalogue.store import needs as store
from services.chassis.actor import Actor
from services.chassis.service import Reader, Unit, command, query

_WISH = (
    "park",
    "region",
    "occupation",
    "level",
    "headcount",
    "skills",
    "wanted_from",
    "demand_id",
)


class MatchingCalls:
    """The firm states its need, government lists it, bodies offer courses."""

    @command(c.STATE_NEED)
    def state_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """State a need."""
        need = Need(unit.new_id(), _body(unit.actor), unit.actor.account, unit.now, _wish(body))
        return _decided(unit, rules.state(need))

    @command(c.CORRECT_NEED)
    def correct_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """State a returned need again."""
        return _decided(unit, rules.state_again(_own(unit, body), _wish(body)))

    @command(c.LIST_NEED)
    def list_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Put a need on the list."""
        return _decided(unit, rules.put_on_list(_of_region(unit, body)))

    @command(c.RETURN_NEED)
    def return_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a need back for correction."""
        return _decided(unit, rules.send_back(_of_region(unit, body), body["reason"]))

    @command(c.OFFER_COURSE)
    def offer_course(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Offer a course for a listed need."""
        need = store.target_need(unit, body["need_id"])
        names = ("course", "hours", "seats", "price_fen", "starts_on")
        values = {name: body[name] for name in names}
        actor = unit.actor
        made = Offer(provider_ref=_body(actor), account=actor.account, offered_at=unit.now, **values)
        return _decided(unit, rules.offer(need, made))

    @command(c.WITHDRAW_OFFER)
    def withdraw_offer(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Withdraw the own offer."""
        need = store.target_need(unit, body["need_id"])
        return _decided(unit, rules.take_back(need, _body(unit.actor)))

    @command(c.ACCEPT_OFFER)
    def accept_offer(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take an offer; the others are declined."""
        return _decided(unit, rules.accept(_own(unit, body), body["provider_ref"]))

    @command(c.CONCLUDE_NEED)
    def conclude_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """End a matched need: by the firm or an officer of its region."""
        officer = roles.CATALOGUE_OFFICER in unit.actor.roles
        need = _of_region(unit, body) if officer else _own(unit, body)
        return _decided(unit, rules.conclude(need, body["reason"], body["project_id"]))

    @command(c.WITHDRAW_NEED)
    def withdraw_need(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give a need up."""
        return _decided(unit, rules.withdraw(_own(unit, body), body["reason"]))

    @query(c.GET_NEED)
    def get_need(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a need: to anyone once it is listed, before that to the firm and officers of its region."""
        doc = reader.get(store.NEEDS, body["need_id"])
        need = store.read_need(doc) if doc else None
        if doc is None or need is None or not (need.public or _sees_all(reader.actor, need)):
            raise Refusal("not_found", what=f"needs/{body['need_id']}")
        return _shown(reader.actor, need, doc["version"])

    @query(c.LIST_NEEDS)
    def list_needs(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List needs: an officer's region's, a body's own, or the public ones."""
        region, statuses, owner = _scope(reader.actor, body)
        docs, next = store.need_page(reader, body, region, statuses, owner)
        items = [_shown(reader.actor, store.read_need(doc), doc["version"]) for doc in docs]
        return {"items": items, "next": next}

    @query(c.MATCHING_BOARD)
    def matching_board(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show how many needs stand where."""
        region, statuses, _ = _scope(reader.actor, {**body, "status": None, "mine": False})
        found = store.counted(reader, body["region"] or region, statuses)
        none = {"needs": 0, "headcount": 0}
        columns = [
            {"status": status, "zh": pools.NEED[status], **found.get(status, none)} for status in statuses
        ]
        return {"columns": columns}


def _scope(actor: Actor, body: Any) -> tuple[str | None, list[str], str | None]:
    officer = bool(actor.roles & roles.OFFICERS)
    asked = [body["status"]] if body["status"] else list(pools.NEED)
    if body["mine"]:
        return None, asked, _body(actor)
    if officer:
        return region_of(actor, body["region"]), asked, None
    return None, [status for status in asked if status in PUBLIC], None


def _wish(body: Any) -> Wish:
    return Wish(**{name: body[name] for name in _WISH})


def _body(actor: Actor) -> str:
    if actor.body_ref is None:
        raise Refusal("catalogue.body_needed")
    return actor.body_ref


def _own(unit: Unit, body: Any) -> Need:
    need = store.target_need(unit, body["need_id"])
    if need.owner_ref != _body(unit.actor):
        raise Refusal("not_found", what=f"needs/{body['need_id']}")
    return need


def _of_region(unit: Unit, body: Any) -> Need:
    need = store.target_need(unit, body["need_id"])
    unit.actor.require_region(need.wish.region)
    return need


def _sees_all(actor: Actor, need: Need) -> bool:
    return actor.body_ref == need.owner_ref or may_see(actor, need.wish.region)


def _decided(unit: Unit, decision: rules.Decision) -> dict[str, Any]:
    need, facts = decision
    doc = store.save_need(unit, need, facts)
    return _shown(unit.actor, need, doc["version"])


def _shown(actor: Actor, need: Need, version: int) -> dict[str, Any]:
    every = _sees_all(actor, need)
    offers = [
        vars(offer)
        for ref, offer in sorted(need.offers.items())
        if every or offer.status == "taken" or (actor.body_ref is not None and ref == actor.body_ref)
    ]
    return {
        "id": need.id,
        "version": version,
        **vars(need.wish),
        **{
            name: getattr(need, name) for name in ("status", "owner_ref", "stated_at", "reason", "project_id")
        },
        "offered": sum(1 for offer in need.offers.values() if offer.status == "offered"),
        "offers": offers,
    }
