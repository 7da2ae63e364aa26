"""Keeps the map's read model and the notices (`python -m services.chassis.run projector`).

The map follows projects, sourcings, classes and seats. Facts of different aggregates come in any order, so
each writes its own part of a document, which is shown as soon as the part that makes it public is there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from amqp.exceptions import AMQPError
from kombu import Connection

from contracts.events import acceptance, acceptance_classes, catalogue, selection
from contracts.events import acceptance_sourcing as sourcing
from contracts.vocabularies import regions
from gateway.map import cards
from gateway.map.store import CHALLENGES, CLASSES, CONFIRMED, PROJECTS, STATE, WATERMARK
from gateway.notices.writer import NoticeWriter
from services.chassis import logs
from services.chassis.clock import real_now
from services.chassis.service import Fact, Unit, job, on
from services.chassis.topology import events_queue

_SOURCING_ENDS: Final = {
    "opened": "opened",
    "scored": "scored",
    "candidate_named": "public_notice",
    "awarded": "awarded",
    "failed": "failed",
    "cancelled": "cancelled",
}
_CLASS_STEPS: Final = {
    "returned": "returned",
    "roster_filed": "roster_filed",
    "carried_out": "running",
    "assessed": "assessed",
    "completed": "completed",
    "stopped": "stopped",
}
_PROJECT_STEPS: Final = {
    "sourcing": "sourcing",
    "awarded": "awarded",
    "running": "running",
    "closed": "closed",
    "withdrawn": "withdrawn",
}


class Projector(NoticeWriter):
    """Writes map_classes, map_challenges, map_projects, map_state and notices in the gateway's database."""

    name = "projector"
    rebuilds = (CLASSES, CHALLENGES, PROJECTS)
    ping = None  # it answers no calls and has no queue for them

    @on(catalogue.PROJECT_DRAFTED, catalogue.PROJECT_LISTED)
    def project_described(self, unit: Unit, fact: Fact) -> None:
        """A project is public from its listing on."""
        doc = _part(unit, PROJECTS, fact)
        doc |= cards.plain(fact.data)
        doc["status"] = "listed" if fact.type.endswith(".listed") else "draft"
        _put_project(unit, doc)

    @on(
        catalogue.PROJECT_SOURCING,
        catalogue.PROJECT_AWARDED,
        catalogue.PROJECT_RUNNING,
        catalogue.PROJECT_CLOSED,
        catalogue.PROJECT_WITHDRAWN,
    )
    def project_moved(self, unit: Unit, fact: Fact) -> None:
        """A project's status, and the price that it was awarded at."""
        doc = _part(unit, PROJECTS, fact)
        doc["status"] = _PROJECT_STEPS[_verb(fact)]
        if "price_fen" in fact.data:
            doc["price_fen"] = fact.data["price_fen"]
        _put_project(unit, doc)

    @on(acceptance.NOTICE_PUBLISHED)
    def challenge_published(self, unit: Unit, fact: Fact) -> None:
        """A challenge is public from its notice on."""
        doc = _part(unit, CHALLENGES, fact)
        doc |= cards.plain(fact.data)
        doc |= {"status": "notice", "sealed_bids": 0, "candidate": None, "awarded": None}
        _put_challenge(unit, doc)

    @on(acceptance.BID_RECEIVED, acceptance.BID_WITHDRAWN)
    def bids_counted(self, unit: Unit, fact: Fact) -> None:
        """How many bids lie sealed."""
        doc = _part(unit, CHALLENGES, fact)
        doc |= {"status": "bidding", "sealed_bids": fact.data["sealed_bids"]}
        _put_challenge(unit, doc)

    @on(sourcing.DEADLINE_POSTPONED)
    def deadline_postponed(self, unit: Unit, fact: Fact) -> None:
        """The deadline of a challenge moved back."""
        doc = _part(unit, CHALLENGES, fact)
        doc["bids_until"] = cards.plain(fact.data)["bids_until"]
        _put_challenge(unit, doc)

    @on(acceptance.OBJECTION_ANSWERED)
    def objection_answered(self, unit: Unit, fact: Fact) -> None:
        """An objection that is upheld strikes the candidate."""
        doc = _part(unit, CHALLENGES, fact)
        if fact.data["upheld"]:
            doc |= {"status": _without_candidate(doc, fact), "candidate": None}
        _put_challenge(unit, doc)

    @on(acceptance.BIDS_REINVITED)
    def bids_reinvited(self, unit: Unit, fact: Fact) -> None:
        """An opening key was lost: bids are taken anew until another deadline."""
        doc = _part(unit, CHALLENGES, fact)
        doc |= {"status": "bidding", "sealed_bids": 0, "bids_until": cards.plain(fact.data)["bids_until"]}
        _put_challenge(unit, doc)

    @on(
        acceptance.BIDS_OPENED,
        acceptance.BIDS_SCORED,
        acceptance.CANDIDATE_NAMED,
        acceptance.SOURCING_AWARDED,
        acceptance.SOURCING_FAILED,
        sourcing.SOURCING_CANCELLED,
        sourcing.CANDIDATE_WITHDRAWN,
        sourcing.AWARD_WITHDRAWN,
    )
    def challenge_moved(self, unit: Unit, fact: Fact) -> None:
        """What became of a challenge; candidate and winner are public."""
        doc = _part(unit, CHALLENGES, fact)
        doc["status"] = _SOURCING_ENDS.get(_verb(fact)) or _without_candidate(doc, fact)
        told = cards.plain(fact.data)
        if _verb(fact) == "candidate_named":
            doc["candidate"] = told
        if _verb(fact).endswith("_withdrawn"):
            doc |= {"candidate": None, "awarded": None}
        if _verb(fact) == "awarded":
            doc["awarded"] = {name: told[name] for name in ("provider_ref", "provider_name", "price_fen")}
        _put_challenge(unit, doc)

    @on(acceptance.CLASS_FILED, acceptance.CLASS_CONFIRMED)
    def class_described(self, unit: Unit, fact: Fact) -> None:
        """A class is public from its confirmation on."""
        doc = _part(unit, CLASSES, fact)
        doc |= cards.plain(fact.data)
        doc["status"] = _verb(fact)
        _put_class(unit, doc)

    @on(acceptance_classes.CLASS_CHANGED)
    def class_changed(self, unit: Unit, fact: Fact) -> None:
        """A class's plan was changed; where it stands was not."""
        doc = _part(unit, CLASSES, fact)
        doc |= {name: value for name, value in cards.plain(fact.data).items() if name != "reason"}
        _put_class(unit, doc)

    @on(
        acceptance.CLASS_RETURNED,
        acceptance.ROSTER_FILED,
        acceptance.CLASS_CARRIED_OUT,
        acceptance.CLASS_ASSESSED,
        acceptance.CLASS_COMPLETED,
        acceptance.CLASS_STOPPED,
    )
    def class_moved(self, unit: Unit, fact: Fact) -> None:
        """A class's status; who is on the roster and who passed is not for the map."""
        doc = _part(unit, CLASSES, fact)
        doc |= {"status": _CLASS_STEPS[_verb(fact)]}
        _put_class(unit, doc)

    @on(selection.SEATING_CHANGED)
    def seats_changed(self, unit: Unit, fact: Fact) -> None:
        """Seats of a class; the class itself may not have been told of yet."""
        doc = unit.get(CLASSES, fact.aggregate_id) or {
            "_id": fact.aggregate_id,
            "status": "planned",
            "of_version": 0,
        }
        doc["seating"] = {name: fact.data[name] for name in ("capacity", "taken", "waiting")}
        _put_class(unit, doc)

    @job("confirm-map", every=5)
    def confirm(self) -> None:
        """Write down that the map is right, when the broker says that no fact waits for this process."""
        began = real_now()
        try:
            with Connection(self.settings.amqp_url(), connect_timeout=2) as connection:
                channel = connection.channel()
                waiting = channel.queue_declare(events_queue(self.name), passive=True).message_count
        except (AMQPError, OSError) as problem:
            logs.get().warning("the map is not confirmed: no broker", reason=type(problem).__name__)
            return
        if waiting == 0:
            self.transact(
                lambda unit: _put(
                    unit, STATE, {**(unit.get(STATE, CONFIRMED) or {"_id": CONFIRMED}), "at": began}
                )
            )


def _verb(fact: Fact) -> str:
    return fact.type.rpartition(".")[2]


def _part(unit: Unit, collection: str, fact: Fact) -> dict[str, Any]:
    """Return the document that a fact is about, new if this is the first of it, at the fact's version."""
    doc = unit.get(collection, fact.aggregate_id) or {"_id": fact.aggregate_id}
    doc["of_version"] = fact.version
    return doc


def _without_candidate(doc: Mapping[str, Any], fact: Fact) -> str:
    """Return where a challenge stands without its candidate: filings are examined on, bids are scored."""
    if doc.get("way") != "filing":
        return "scored"
    return "bidding" if fact.time < datetime.fromisoformat(doc["bids_until"]) else "opened"


def _put_class(unit: Unit, doc: dict[str, Any]) -> None:
    described = "sessions" in doc
    doc["shown"] = described and doc["status"] in cards.SHOWN_CLASSES
    if described:
        project = unit.get(PROJECTS, doc["project_id"])
        doc["areas"] = _areas(doc["region"])
        rank = "0" if doc["status"] in cards.OPEN_CLASSES else "1"
        doc["order"] = rank + _order(doc["sessions"][0]["starts"], doc)
        doc["card"] = cards.written(cards.class_card(doc, project))
        doc["detail"] = cards.written(cards.class_detail(doc, project))
    _changed(unit, CLASSES, doc)


def _put_project(unit: Unit, doc: dict[str, Any]) -> None:
    doc["shown"] = doc["status"] != "draft" and "standard_fen" in doc
    doc["areas"] = _areas(doc["region"])
    doc["order"] = doc["_id"]
    doc["card"] = doc["detail"] = cards.written(cards.project_card(doc))
    _changed(unit, PROJECTS, doc)
    for known in unit.find(CLASSES, {"project_id": doc["_id"]}):
        _put_class(unit, known)


def _put_challenge(unit: Unit, doc: dict[str, Any]) -> None:
    doc["shown"] = True
    doc["areas"] = _areas(doc["region"])
    doc["order"] = _order(doc["bids_until"], doc)
    doc["card"] = doc["detail"] = cards.written(cards.challenge_card(doc))
    _changed(unit, CHALLENGES, doc)


def _order(moment: str, doc: Mapping[str, Any]) -> str:
    """Return what a list is sorted and paged by: a moment, then the id, in the letters of a Ref."""
    return f"{moment.replace('.', ':')}_{doc['_id']}"


def _areas(region: str) -> list[str]:
    return [region, *regions.ancestors(region)]


def _changed(unit: Unit, collection: str, doc: dict[str, Any]) -> None:
    """Save a document under the next watermark."""
    mark = _put(unit, STATE, {**(unit.get(STATE, WATERMARK) or {"_id": WATERMARK}), "at": real_now()})
    doc["changed"] = mark["version"]
    _put(unit, collection, doc)


def _put(unit: Unit, collection: str, doc: Mapping[str, Any]) -> dict[str, Any]:
    write = unit.save if "version" in doc else unit.insert
    return write(collection, dict(doc))


SERVICE = Projector
