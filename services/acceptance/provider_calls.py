"""Calls of the register of training bodies (机构名录)."""

from typing import Any

from contracts.commands import acceptance_providers as c
from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import grading, provider_views, store, terms, who
from services.acceptance.domain import providers
from services.acceptance.domain.classes import Place
from services.acceptance.domain.providers import Licence, Measure, Particulars, Provider, Room, Teacher
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class ProviderCalls:
    """Admission, measures, exit, re-entry."""

    settings: Any

    @command(c.APPLY)
    def apply_as_provider(self, unit: Unit, body: Body) -> Body:
        """The actor's body files for the register, for a change, or for re-entry."""
        own = who.body_of(unit)
        old = store.find(unit, Provider, own.id)
        asked = terms.admission(own.region, unit.now, self.settings.mode)
        new, facts = providers.apply(own, old, _particulars(body), asked, unit.actor.account, unit.now)
        return _saved(unit, new, facts)

    @command(c.ADMIT)
    def admit_provider(self, unit: Unit, body: Body) -> Body:
        """→ admitted."""
        it = _in_region(unit, body)
        asked = terms.admission(it.region, unit.now, self.settings.mode)
        grading.mark(unit, it.id)
        return _saved(unit, *providers.admit(it, asked, unit.actor.account, unit.now))

    @command(c.RETURN_APPLICATION)
    def return_application(self, unit: Unit, body: Body) -> Body:
        """→ returned."""
        it = _in_region(unit, body)
        return _saved(unit, *providers.send_back(it, body["reason"], unit.now))

    @command(c.TAKE_MEASURE)
    def take_measure(self, unit: Unit, body: Body) -> Body:
        """→ warned, suspended or exited."""
        it = _in_region(unit, body)
        grading.mark(unit, it.id)
        today = today_in_shanghai(unit.now)
        measure = Measure(
            unit.new_id(), body["kind"], body["reason"], body["clause"], today, body["until"],
            unit.actor.account,
        )  # fmt: skip
        return _saved(unit, *providers.take_measure(it, measure, today))

    @command(c.LIFT_MEASURE)
    def lift_measure(self, unit: Unit, body: Body) -> Body:
        """A warning or a suspension ends."""
        it = _in_region(unit, body)
        grading.mark(unit, it.id)
        today, by = today_in_shanghai(unit.now), unit.actor.account
        return _saved(unit, *providers.lift(it, body["measure_id"], by, body["reason"], today))

    @command(c.LEAVE_REGISTER)
    def leave_register(self, unit: Unit, body: Body) -> Body:
        """The actor's body leaves by itself."""
        it = store.load(unit, Provider, who.body_of(unit).id, "acceptance.provider_not_admitted")
        return _saved(unit, *providers.leave(it, body["reason"], today_in_shanghai(unit.now)))

    @query(c.GET_PROVIDER)
    def get_provider(self, reader: Reader, body: Body) -> Body:
        """A body on the register; the body itself and its officers see more."""
        it = store.load(reader, Provider, body["provider_ref"])
        return _view(reader, it, store.version_of(reader, Provider, it.id))

    @query(c.LIST_PROVIDERS)
    def list_providers(self, reader: Reader, body: Body) -> Body:
        """The register page by page, or what officers of a region have to decide."""
        where = _where(reader, body)
        items, following = store.page(reader, Provider, body["cursor"], body["limit"], **where)
        return {"items": [_view(reader, it, version) for it, version in items], "next": following}


def _where(reader: Reader, body: Body) -> Body:
    if body["to_decide"]:
        if not reader.actor.roles & who.OFFICERS:
            raise Refusal("role.forbidden", roles=", ".join(sorted(who.OFFICERS)))
        reader.actor.require_region(body["region"] or reader.actor.region or "")
        region = body["region"] or reader.actor.region
        where: Body = {"application": {"$ne": None}, "application.returned_at": None}
    else:
        region, where = body["region"], {"admitted": {"$ne": None}}
    if region:
        where["region"] = {"$in": [each for each in regions.CODES if regions.covers(region, each)]}
    if body["occupation"]:
        where["admitted.licence.occupations"] = body["occupation"]
    if body["grade"]:
        where["grade"] = body["grade"]
    if body["preferred"]:
        where["preferred"] = True
    return where


def _particulars(body: Body) -> Particulars:
    licence = body["licence"]
    return Particulars(
        body["ownership"],
        Licence(**{**licence, "occupations": tuple(dict.fromkeys(licence["occupations"]))}),
        tuple(Teacher(**each) for each in body["teachers"]),
        tuple(Room(Place(**each["place"]), each["seats"]) for each in body["rooms"]),
    )


def _in_region(unit: Unit, body: Body) -> Provider:
    it = store.target(unit, Provider, body["provider_ref"])
    unit.actor.require_region(it.region)
    return it


def _saved(unit: Unit, it: Provider, facts: Any) -> Body:
    return _view(unit, it, store.save(unit, it, facts))


def _view(reader: Any, it: Provider, version: int) -> Body:
    whole = who.sees_provider(reader, it.id, it.region)
    return provider_views.provider(it, version, today_in_shanghai(reader.now), whole=whole)
