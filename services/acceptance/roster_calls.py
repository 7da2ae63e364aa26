"""Calls of the roster and its checks, and what is heard of the people on it."""

from typing import Any

from contracts.commands import acceptance as c
from contracts.commands import acceptance_classes as more
from contracts.events import intake
from contracts.vocabularies.dates import today_in_shanghai
from services.acceptance import store, who
from services.acceptance.class_calls import own, saved
from services.acceptance.domain import rosters
from services.acceptance.domain.assessment import Certificate
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Enrolment, Person, Voucher
from services.acceptance.domain.rosters import Learner, Seated, Won
from services.chassis.service import Fact, Reader, Unit, command, on, query

Body = dict[str, Any]


class RosterCalls:
    """The roster before the first session."""

    settings: Any

    @command(c.FILE_ROSTER)
    def file_roster(self, unit: Unit, body: Body) -> Body:
        """→ roster_filed: exactly the confirmed learners with bound vouchers against whom nothing speaks."""
        it = own(unit, body)
        due, found = self._checked(unit, it)
        left_out = {each["person_ref"]: each["reason"] for each in body["left_out"]}
        new, facts = rosters.file(it, body["person_refs"], left_out, due, found, unit.now)
        for person_ref in new.roster:
            row = store.find(unit, Seated, person_ref) or Seated(person_ref)
            store.save(unit, row.with_class(it.id))
        return saved(unit, new, facts)

    @query(more.CHECK_ROSTER)
    def check_roster(self, reader: Reader, body: Body) -> Body:
        """Who is due for the roster, and what speaks against it."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        due, found = self._checked(reader, it)
        items = [{"person_ref": ref, "findings": list(found[ref])} for ref in sorted(due)]
        return {"class_id": it.id, "items": items}

    def _checked(self, reader: Any, it: Training) -> tuple[set[str], dict[str, tuple[str, ...]]]:
        """Return who is due for the roster, and the findings by person."""
        enrolments = store.among(reader, Enrolment, class_id=it.id)
        due = rosters.due(enrolments, store.among(reader, Voucher, class_id=it.id))
        demonstration = self.settings.mode == "demonstration"
        limits = rosters.limits_on(it.region, today_in_shanghai(it.ends), demonstration=demonstration)
        known = _learners(reader, sorted(due))
        return due, {each.person_ref: rosters.findings(it, each, limits) for each in known}


class PersonFacts:
    """What intake tells of people."""

    @on(intake.PERSON_VERIFIED, intake.PERSON_RECHECKED)
    def person_checked(self, unit: Unit, fact: Fact) -> None:
        """Keep whether somebody draws a pension."""
        store.save(unit, Person(fact.subject, fact.data["draws_pension"]))

    @on(intake.PERSON_FORGOTTEN)
    def person_forgotten(self, unit: Unit, fact: Fact) -> None:
        """Forget it again."""
        if store.find(unit, Person, fact.subject):
            unit.delete("persons", fact.subject)


def _learners(reader: Any, person_refs: list[str]) -> list[Learner]:
    """Return what is known of people; a row for each is read, so that rosters filed at once meet."""
    within = {"$in": person_refs}
    pensions = {each.id: each.draws_pension for each in store.among(reader, Person, _id=within)}
    seated = {each.id: each.classes for each in store.among(reader, Seated, _id=within)}
    won: dict[str, list[Won]] = {}
    for each in store.among(reader, Certificate, person_ref=within):
        won.setdefault(each.person_ref, []).append(Won(each.occupation, each.level, each.issued_on))
    ids = {class_id for classes in seated.values() for class_id in classes}
    trainings = {each.id: each for each in store.among(reader, Training, _id={"$in": sorted(ids)})}
    return [
        Learner(
            ref, pensions.get(ref), tuple(won.get(ref, ())),
            tuple(trainings[id] for id in seated.get(ref, ()) if id in trainings),
        )
        for ref in person_refs
    ]  # fmt: skip
