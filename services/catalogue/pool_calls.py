"""Calls of the pools: entries proposed, published or refused by another hand, withdrawn, read."""

from typing import Any

from contracts.commands import catalogue_pools as c
from contracts.vocabularies import naming, regions, roles
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import pool as rules
from services.catalogue.domain.pool import Entry
from services.catalogue.pool_views import page, read, shown
from services.catalogue.store import pool as store
from services.chassis.service import Reader, Unit, command, query


class PoolCalls:
    """Brands, bases, teachers, materials and cases."""

    @command(c.PROPOSE_BRAND)
    def propose_brand(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Enter a training brand."""
        return _propose(unit, "brand", body)

    @command(c.PROPOSE_BASE)
    def propose_base(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Enter a training base or a studio."""
        return _propose(unit, "base", body)

    @command(c.PROPOSE_TEACHER)
    def propose_teacher(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Enter oneself as a teacher."""
        person = unit.actor.person_ref
        if person is None:
            raise Refusal("catalogue.person_needed")
        return _propose(unit, "teacher", {**body, "details": {**body["details"], "person_ref": person}})

    @command(c.PROPOSE_MATERIAL)
    def propose_material(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Enter a textbook, courseware or a course."""
        return _propose(unit, "material", body)

    @command(c.PROPOSE_CASE)
    def propose_case(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Enter a success case."""
        return _propose(unit, "case", body)

    @command(c.PUBLISH_ENTRY)
    def publish_entry(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take an entry into its pool."""
        entry = _target(unit, body)
        return _decided(unit, rules.publish(entry, unit.actor.account, unit.now, body["batch"]))

    @command(c.REFUSE_ENTRY)
    def refuse_entry(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Do not take an entry in."""
        return _decided(unit, rules.refuse(_target(unit, body), unit.actor.account, unit.now, body["reason"]))

    @command(c.WITHDRAW_ENTRY)
    def withdraw_entry(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Take an entry out of its pool."""
        return _decided(
            unit, rules.withdraw(_target(unit, body), unit.actor.account, unit.now, body["reason"])
        )

    @query(c.GET_BRAND)
    def get_brand(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a brand."""
        return read(reader, "brand", body["entry_id"])

    @query(c.GET_BASE)
    def get_base(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a base."""
        return read(reader, "base", body["entry_id"])

    @query(c.GET_TEACHER)
    def get_teacher(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a teacher."""
        return read(reader, "teacher", body["entry_id"])

    @query(c.GET_MATERIAL)
    def get_material(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a material."""
        return read(reader, "material", body["entry_id"])

    @query(c.GET_CASE)
    def get_case(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show a case."""
        return read(reader, "case", body["entry_id"])

    @query(c.LIST_BRANDS)
    def list_brands(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List brands."""
        return page(reader, "brand", body)

    @query(c.LIST_BASES)
    def list_bases(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List bases."""
        return page(reader, "base", body)

    @query(c.LIST_TEACHERS)
    def list_teachers(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List teachers."""
        return page(reader, "teacher", body)

    @query(c.LIST_MATERIALS)
    def list_materials(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List materials."""
        return page(reader, "material", body)

    @query(c.LIST_CASES)
    def list_cases(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List cases."""
        return page(reader, "case", body)

    @query(c.SUGGEST_BRAND_NAME)
    def suggest_brand_name(self, _reader: Reader, body: Any) -> dict[str, Any]:
        """Return the usual name of a brand, and what a given one lacks of it."""
        asked = (body["region"], body["occupation"], body["firm"])
        lacking = naming.warnings(body["name"], *asked) if body["name"] else []
        return {
            "suggested_name": naming.suggested(*asked),
            "warnings": [_warned(code) for code in lacking],
        }

    @query(c.BRAND_COVERAGE)
    def brand_coverage(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Show how many published brands each city has [37 §10: one at least]."""
        cities = [code for code in regions.CITIES if regions.covers(body["region"], code)]
        counted = dict.fromkeys(cities, 0)
        for region, brands in store.published_by_city(reader).items():
            city = regions.city_of(region)
            if city in counted:
                counted[city] += brands
        covered = sum(1 for brands in counted.values() if brands)
        return {
            "cities": [{"city": city, "brands": brands} for city, brands in counted.items()],
            "covered": covered,
            "missing": len(cities) - covered,
        }


def _propose(unit: Unit, kind: str, body: Any) -> dict[str, Any]:
    actor = unit.actor
    if roles.CATALOGUE_OFFICER in actor.roles and actor.body_ref is None:
        actor.require_region(body["region"])
    owner = actor.person_ref if kind == "teacher" else actor.body_ref
    entry = Entry(
        id=unit.new_id(),
        kind=kind,
        region=body["region"],
        details=body["details"],
        proposed_by=actor.account,
        proposed_at=unit.now,
        owner_ref=owner,
    )
    return _decided(unit, rules.propose(entry))


def _target(unit: Unit, body: Any) -> Entry:
    entry = store.target_entry(unit, body["kind"], body["entry_id"])
    unit.actor.require_region(entry.region)
    return entry


def _decided(unit: Unit, decision: rules.Decision) -> dict[str, Any]:
    entry, facts = decision
    doc = store.save_entry(unit, entry, facts)
    return shown(entry, doc["version"], whole=True)


def _warned(code: str) -> dict[str, str]:
    zh, en = naming.WARNINGS[code]
    return {"code": code, "zh": zh, "en": en}
