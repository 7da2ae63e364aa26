"""Calls of the follow-up of graduates: revisits, guidance, proof of employment, rates."""

from dataclasses import asdict
from typing import Any

from contracts.commands import acceptance_follow_up as c
from contracts.events import intake
from contracts.vocabularies import regions, roles
from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import grading, store, terms, views, who
from services.acceptance.domain import employment, follow_up
from services.acceptance.domain.classes import Training
from services.acceptance.domain.employment import Employment
from services.acceptance.domain.follow_up import Guidance, Visit
from services.acceptance.domain.providers import Provider
from services.chassis.service import Fact, Reader, Unit, command, on, query

Body = dict[str, Any]
_FIELD_OF = {"class": "_id", "project": "project_id", "provider": "provider_ref"}


class FollowUpCalls:
    """What becomes of the graduates of a class."""

    settings: Any

    @on(intake.EMPLOYMENT_CHECKED)
    def employment_checked(self, unit: Unit, fact: Fact) -> None:
        """The registry has answered: reported → proven or refuted, or an officer has to look at the proof."""
        data = fact.data
        id = employment.employment_id(data["class_id"], data["person_ref"])
        known = store.find(unit, Employment, id)
        if known is not None:
            new, facts = employment.decide(known, data["since"], data["found"], data["checked_at"])
            if new != known:
                store.save(unit, new, facts)
                grading.mark(unit, store.load(unit, Training, new.class_id).provider_ref)

    @command(c.REPORT_OWN)
    def report_own_employment(self, unit: Unit, body: Body) -> Body:
        """A graduate reports the own employment: → reported; the registry is asked, then an officer."""
        if unit.actor.person_ref is None:
            raise Refusal("acceptance.no_person")
        it = store.load(unit, Training, body["class_id"])
        told = employment.Report(
            unit.actor.person_ref, body["employer_code"], body["since"], body["proof"], "self_report"
        )
        old = store.find(unit, Employment, employment.employment_id(it.id, told.person_ref))
        new, facts = employment.report(it, old, told, unit.actor.account, unit.now)
        return views.employment(new, store.save(unit, new, facts))

    @command(c.CHECK_EMPLOYMENT)
    def check_employment(self, unit: Unit, body: Body) -> Body:
        """An officer decides a report that the registry did not find."""
        it = store.load(unit, Training, body["class_id"])
        unit.actor.require_region(it.region)
        known = store.target(unit, Employment, employment.employment_id(it.id, body["person_ref"]))
        new, facts = employment.check(known, body["confirmed"], body["reason"], unit.actor.account, unit.now)
        grading.mark(unit, it.provider_ref)
        return views.employment(new, store.save(unit, new, facts), whole=True)

    @query(c.UNDECIDED_EMPLOYMENTS)
    def undecided_employments(self, reader: Reader, body: Body) -> Body:
        """The reports of a region that the registry did not find and no officer has decided."""
        reader.actor.require_region(body["region"])
        within = [each for each in regions.CODES if regions.covers(body["region"], each)]
        where = {"found": None, "registry_found": False, "region": {"$in": within}}
        items, following = store.page(reader, Employment, body["cursor"], body["limit"], **where)
        return {"items": [views.employment(*each, whole=True) for each in items], "next": following}

    @command(c.RECORD_VISIT)
    def record_visit(self, unit: Unit, body: Body) -> Body:
        """A graduate was revisited."""
        it = _followed(unit, body["class_id"])
        id = follow_up.visit_id(it.id, body["person_ref"], body["month"])
        told = {name: body[name] for name in ("person_ref", "month", "way", "outcome", "note")}
        new = Visit(id=id, class_id=it.id, by=unit.actor.account, at=unit.now, **told)
        plan = terms.visits(it.region, unit.now, self.settings.mode)
        new, facts = follow_up.visit(it, store.find(unit, Visit, id), new, plan)
        return _visit(new, store.save(unit, new, facts))

    @command(c.RECORD_GUIDANCE)
    def record_guidance(self, unit: Unit, body: Body) -> Body:
        """A graduate was guided, or a job recommended."""
        it = _followed(unit, body["class_id"])
        told = {name: body[name] for name in ("person_ref", "kind", "words", "employer_code", "post")}
        new = Guidance(id=unit.new_id(), class_id=it.id, by=unit.actor.account, at=unit.now, **told)
        new, facts = follow_up.guide(it, new)
        return _guidance(new, store.save(unit, new, facts))

    @query(c.CLASS_FOLLOW_UP)
    def class_follow_up(self, reader: Reader, body: Body) -> Body:
        """The plan with who is still to be reached, and what was done."""
        it = _followed(reader, body["class_id"])
        plan = terms.visits(it.region, reader.now, self.settings.mode)
        visits = store.page(reader, Visit, None, MOST_LEARNERS * len(plan), class_id=it.id)[0]
        guidance = store.page(reader, Guidance, None, 10 * MOST_LEARNERS, class_id=it.id)[0]
        reports = store.page(reader, Employment, None, MOST_LEARNERS, class_id=it.id)[0]
        whole = roles.SUPERVISOR in reader.actor.roles
        times = follow_up.plan_of(it, [each for each, _ in visits], plan)
        return {
            "class_id": it.id,
            "plan": [{**asdict(each), "open": list(each.open)} for each in times],
            "visits": [_visit(*each) for each in visits],
            "guidance": [_guidance(*each) for each in guidance],
            "employments": [views.employment(*each, whole=whole) for each in reports],
        }

    @query(c.EMPLOYMENT_RATES)
    def employment_rates(self, reader: Reader, body: Body) -> Body:
        """Rates of a class, a project or a provider at each time of the plan."""
        trainings = store.among(reader, Training, **{_FIELD_OF[body["of"]]: body["id"]})
        region = _require_rates(reader, body, trainings)
        ids = [each.id for each in trainings]
        reports = store.among(reader, Employment, class_id={"$in": ids})
        plan = terms.visits(region, reader.now, self.settings.mode)
        found = follow_up.rates(trainings, reports, plan, today_in_shanghai(reader.now))
        items = [asdict(each) for each in found]
        return {"of": body["of"], "id": body["id"], "classes": len(trainings), "items": items}


def _followed(reader: Any, class_id: str) -> Training:
    """Return a class that the actor follows up: its provider, and officers of its region."""
    it = store.load(reader, Training, class_id)
    if reader.actor.roles & who.OFFICERS:
        reader.actor.require_region(it.region)
    else:
        who.require_owner(reader, it)
    return it


def _require_rates(reader: Reader, body: Body, trainings: list[Training]) -> str:
    """Return the region whose plan counts. Raises Refusal unless all the classes are the actor's to see."""
    if not trainings:
        provider = store.find(reader, Provider, body["id"]) if body["of"] == "provider" else None
        if provider is None:
            raise Refusal("not_found", what=body["of"])
        if not who.sees_provider(reader, provider.id, provider.region):
            raise Refusal("owner.forbidden")
        return provider.region
    for it in trainings:
        _followed(reader, it.id)
    return trainings[0].region


def _visit(it: Visit, version: int) -> Body:
    return {**asdict(it), "version": version}


def _guidance(it: Guidance, version: int) -> Body:
    return {**asdict(it), "version": version}
