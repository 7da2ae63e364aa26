"""Calls of a class's plan after its first filing: filed again, changed."""

from dataclasses import asdict, replace
from typing import Any

from contracts.commands import acceptance_classes as c
from contracts.vocabularies.errors import Refusal
from services.acceptance import reserving, store, who
from services.acceptance.class_calls import award_of, in_region, own, plan_of, saved
from services.acceptance.domain import changes, classes, rosters
from services.acceptance.domain.classes import Change, Material, Place, Training
from services.acceptance.domain.copies import Project
from services.acceptance.domain.rosters import Seated
from services.acceptance.domain.sign_ins import limits_of
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class PlanCalls:
    """Correction of a filing, change of a confirmed plan."""

    @command(c.REFILE_CLASS)
    def refile_class(self, unit: Unit, body: Body) -> Body:
        """Filed | returned → filed, with another plan."""
        it = own(unit, body)
        project = store.load(unit, Project, it.project_id)
        award_of(unit, project)
        plan = plan_of(body, classes.numbered(it.id, body["sessions"]))
        new, facts = classes.refile(it, project, plan, unit.actor.account, unit.now)
        if it.returned_at is None:
            reserving.give_back(unit, it)
        reserving.take(unit, new, project)
        return saved(unit, new, facts)

    @command(c.CHANGE_CLASS)
    def change_class(self, unit: Unit, body: Body) -> Body:
        """A change waits for the supervisor; times that others have taken are refused at once."""
        it = own(unit, body)
        who.acting_provider(unit, "change_class", it.occupation)
        materials = tuple(Material(**each) for each in body["materials"])
        plan = replace(
            it.plan, name=body["name"], place=Place(**body["place"]), materials=materials,
            sessions=changes.renumbered(it, body["sessions"]),
        )  # fmt: skip
        change = Change(plan, body["reason"], unit.actor.account, unit.now)
        hours = store.load(unit, Project, it.project_id).hours
        opens = limits_of(it.region, unit.now).opens
        new, facts = changes.file(it, change, hours, opens, unit.now)
        after = replace(it, plan=plan)
        reserving.require_usable(unit, after)
        reserving.require_free(unit, after)
        _require_apart(unit, after)
        return saved(unit, new, facts)

    @query(c.GET_CLASS_CHANGE)
    def get_class_change(self, reader: Reader, body: Body) -> Body:
        """The change that waits."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        if it.change is None:
            raise Refusal("acceptance.no_change")
        plan = it.change.plan
        return {
            "class_id": it.id, "reason": it.change.reason, "filed_at": it.change.filed_at, "name": plan.name,
            "place": asdict(plan.place), "sessions": [asdict(each) for each in plan.sessions],
            "materials": [asdict(each) for each in plan.materials],
        }  # fmt: skip

    @command(c.ACCEPT_CHANGE)
    def accept_change(self, unit: Unit, body: Body) -> Body:
        """The new plan is in force; its times are taken, the old ones are free."""
        it = in_region(unit, body)
        who.require_acting(unit, it, "accept_change")
        new, facts = changes.accept(it, unit.actor.account, limits_of(it.region, unit.now).opens, unit.now)
        reserving.require_usable(unit, new)
        reserving.free_times(unit, it)
        reserving.take_times(unit, classes.occupied(new))
        _require_apart(unit, new)
        return saved(unit, new, facts)

    @command(c.REFUSE_CHANGE)
    def refuse_change(self, unit: Unit, body: Body) -> Body:
        """The old plan stays."""
        it = in_region(unit, body)
        return saved(unit, *changes.refuse(it, body["reason"], unit.actor.account, unit.now))


def _require_apart(unit: Unit, it: Training) -> None:
    """Raise Refusal `acceptance.change_overlaps` when learners would sit in two classes at once."""
    others: dict[str, bool] = {}
    people = 0
    for row in unit.find("seated", {"_id": {"$in": list(it.roster)}}):
        seated = Seated(row["_id"], tuple(row["classes"]))
        for class_id in seated.classes:
            if class_id not in others:
                other = store.find(unit, Training, class_id)
                others[class_id] = other is not None and rosters.overlaps(it, other)
        people += any(others[class_id] for class_id in seated.classes)
    if people:
        raise Refusal("acceptance.change_overlaps", field="sessions", people=people)
