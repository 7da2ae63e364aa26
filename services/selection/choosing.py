"""Choosing a class (选单): choices that came together are taken one after another in one unit of work.

The seats of a class are read and written once for all of them, and a fact tells how they stand afterwards;
each choice is a row of its own, and one fact tells of all that were taken together (docs/decisions/0023).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from contracts.commands.selection import Enrolment as Answer
from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import ANSWERS
from services.selection import store
from services.selection.domain import eligibility, people, seats, terms
from services.selection.domain.classes import TrainingClass
from services.selection.domain.eligibility import Asked
from services.selection.domain.people import shown
from services.selection.domain.seats import Enrolment, Seating, Wish

Body = dict[str, Any]
_SHOWN: Final = tuple(Answer().fields)
_log = structlog.get_logger(__name__)


@dataclass
class Known:
    """What the choices of a unit are held against, read once; seatings: as they come to stand; taken: the
    choices that were taken.
    """

    demonstration: bool
    classes: dict[str, TrainingClass] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    seatings: dict[str, Seating] = field(default_factory=dict)
    taken: list[Enrolment] = field(default_factory=list)

    def training(self, unit: Any, id: str) -> TrainingClass:
        """Return a class. Raises Refusal `not_found`."""
        if id not in self.classes:
            self.classes[id] = store.load_class(unit, id)
        return self.classes[id]

    def about(self, unit: Any, wanted: TrainingClass) -> Asked:
        """Return a class with its project."""
        if wanted.id not in self.asked:
            self.asked[wanted.id] = store.asked_about(unit, wanted)
        return self.asked[wanted.id]

    def seating(self, unit: Any, id: str) -> Seating:
        """Return the seats of a class as the choices before have left them. Raises Refusal `not_found`."""
        return self.seatings[id] if id in self.seatings else store.load_seating(unit, id)


def choose_all(unit: Any, items: Sequence[tuple[Actor | Refusal, Body]], demonstration: bool) -> list[Body]:
    """Take a seat or the last place in the line for each, in this order; return each one's outcome.

    items: who chooses, and the class with the key of the request. The same key gets the same answer.
    """
    known = Known(demonstration)
    refs = [who.person_ref for who, _ in items if isinstance(who, Actor) and who.person_ref]
    unit.get_all("people", refs)
    unit.get_all(ANSWERS, [_row(who, body) for who, body in items if isinstance(who, Actor)])
    outcomes = [_outcome(unit, known, who, body) for who, body in items]
    if known.taken:
        store.tell_choices(unit, known.taken)
    for seating in known.seatings.values():
        store.save_seating(unit, seating)
    return outcomes


def _outcome(unit: Any, known: Known, who: Actor | Refusal, body: Body) -> Body:
    try:
        if isinstance(who, Refusal):
            raise who
        if roles.WORKER not in who.roles:
            raise Refusal("role.forbidden", roles=roles.WORKER)
        return {"taken": _once(unit, known, who, body), "refused": None}
    except Refusal as refusal:
        return {"taken": None, "refused": refusal.as_dict()}
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # of this choice alone; what the database raises is of the whole unit
        _log.exception("choice failed", class_id=body["class_id"])
        return {"taken": None, "refused": Refusal("internal", correlation=unit.correlation).as_dict()}


def _once(unit: Any, known: Known, who: Actor, body: Body) -> Body:
    """Return the answer to a request, the first one when it is repeated. Raises Refusal `key_reused`."""
    row = _row(who, body)
    seen = unit.get(ANSWERS, row)
    if seen is None:
        answer = _choose(unit, known, who.person_ref, body["class_id"])
        unit.insert(ANSWERS, {"_id": row, "digest": body["class_id"], "answer": answer, "at": unit.now})
        return answer
    if seen["digest"] != body["class_id"]:
        raise Refusal("key_reused")
    repeated: Body = seen["answer"]
    return repeated


def _row(who: Actor, body: Body) -> str:
    # another name than the call's, whose own key is the gateway's
    return f"{who.account}|selection.choice|{body['key']}"


def _choose(unit: Any, known: Known, person_ref: str | None, class_id: str) -> Body:
    """Take a seat or the last place in the line. Nothing is written before the last refusal."""
    wanted, seating = known.training(unit, class_id), known.seating(unit, class_id)
    _check_open(unit, wanted, seating)
    person = store.load_person(unit, person_ref)
    others = [known.training(unit, other) for other in person.choices if other != class_id]
    enrolment_id = unit.new_id()
    person = people.take_up(person, wanted, others, enrolment_id)
    about, today = known.about(unit, wanted), today_in_shanghai(unit.now)
    advice = eligibility.advise(person, about, today, demonstration=known.demonstration)
    wish = Wish(enrolment_id, wanted.name, person.ref, advice.outcome)
    seating, enrolment = seats.choose(seating, wish, unit.now, terms.holds_of(wanted.region, unit.now).chosen)
    known.seatings[class_id] = seating
    store.save_person(unit, person)
    doc = store.add_enrolment(unit, enrolment)
    known.taken.append(enrolment)
    ahead = seating.waiting - 1 if enrolment.status == "waiting" else None
    answer = {**doc, "id": doc["_id"], "ahead": ahead}
    return {name: answer[name] for name in _SHOWN}


def _check_open(unit: Any, wanted: TrainingClass, seating: Seating) -> None:
    if seating.status == "stopped":
        raise Refusal("selection.class_stopped", "class_id")
    if seating.status != "open" or unit.now >= wanted.enrol_until:
        raise Refusal("selection.enrolment_closed", "class_id", until=shown(wanted.enrol_until))
