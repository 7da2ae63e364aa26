"""Calls that link pools to classes: what is used in a class, how it is rated, what a base is given; and the
facts of acceptance that keep the copies of classes.
"""

from typing import Any

from contracts.commands import catalogue_pools as c
from contracts.events import acceptance_classes
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.catalogue.domain import pool as rules
from services.catalogue.domain.pool import ClassCopy, Lesson
from services.catalogue.pool_views import read, shown
from services.catalogue.store import pool as store
from services.catalogue.store import uses
from services.chassis.service import Fact, Reader, Unit, command, on, query


class UseCalls:
    """Pools and classes."""

    @command(c.USE_ENTRY)
    def use_entry(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Use a teacher, a material or a base in an own class."""
        entry = store.target_entry(unit, body["kind"], body["entry_id"])
        training = store.load_class(unit, body["class_id"])
        if training is None:
            raise Refusal("not_found", field="class_id", what=f"classes/{body['class_id']}")
        if training.provider_ref != unit.actor.body_ref:
            raise Refusal("catalogue.class_of_another", field="class_id", class_id=training.id)
        # the entry's own row is written, so that two classes of one time cannot both take it
        after, facts = rules.use(entry, training, store.classes_of(unit, entry.id))
        uses.add_use(unit, entry, training, unit.now)
        doc = store.save_entry(unit, after, facts)
        return shown(after, doc["version"], whole=False)

    @command(c.RATE_ENTRY)
    def rate_entry(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Give an entry a mark: an officer of its region, or a body that used it."""
        entry = store.target_entry(unit, body["kind"], body["entry_id"])
        actor = unit.actor
        if roles.PROVIDER in actor.roles:
            if actor.body_ref is None or not uses.used_by(unit, entry.id, actor.body_ref):
                raise Refusal("catalogue.not_used_here")
        else:
            actor.require_region(entry.region)
        if uses.rated(unit, entry, actor.account):
            raise Refusal("catalogue.rated_already")
        after, facts = rules.rate(entry, body["mark"], actor.body_ref)
        uses.add_rating(unit, entry, actor.account, body["mark"])
        doc = store.save_entry(unit, after, facts)
        return shown(after, doc["version"], whole=False)

    @query(c.LIST_USES)
    def list_uses(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List the classes that an entry is used in."""
        read(reader, body["kind"], body["entry_id"])
        docs, next = uses.use_page(reader, body["entry_id"], body)
        return {"items": docs, "next": next}

    @command(c.SUPPORT_BASE)
    def support_base(self, unit: Unit, body: Any) -> dict[str, Any]:
        """Record support given to a base."""
        base = store.target_entry(unit, "base", body["entry_id"])
        unit.actor.require_region(base.region)
        facts = rules.support(base, body["support_kind"], body["amount_fen"], body["document"])
        names = ("support_kind", "amount_fen", "document", "people", "given_on")
        before = uses.supported_fen(unit, base.id)
        uses.add_support(unit, base, {name: body[name] for name in names})
        doc = store.save_entry(unit, base, facts)
        return shown(base, doc["version"], whole=True, supported=before + body["amount_fen"])

    @query(c.LIST_SUPPORTS)
    def list_supports(self, reader: Reader, body: Any) -> dict[str, Any]:
        """List what a base was given."""
        read(reader, "base", body["entry_id"])
        docs, next = uses.support_page(reader, body["entry_id"], body)
        return {"items": docs, "next": next}

    @on(acceptance_classes.CLASS_CHANGED)
    def class_changed(self, unit: Unit, fact: Fact) -> None:
        """A class has another plan."""
        keep_class(unit, fact)


def keep_class(unit: Unit, fact: Fact) -> None:
    """Keep a copy of a class as it now is."""
    known = store.load_class(unit, fact.aggregate_id)
    data = fact.data
    names = ("project_id", "provider_ref", "name", "region", "occupation", "level", "capacity")
    lessons = tuple(Lesson(session["starts"], session["ends"]) for session in data["sessions"])
    state = known.state if known else "confirmed"
    values = {name: data[name] for name in names}
    store.save_class(unit, ClassCopy(id=fact.aggregate_id, lessons=lessons, state=state, **values))
