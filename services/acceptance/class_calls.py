"""Calls of classes, from the filing to the employed graduate."""

from typing import Any

from contracts.commands import acceptance as c
from contracts.vocabularies import roles
from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.errors import Refusal
from services.acceptance import grading, reserving, store, views, watching, who
from services.acceptance.domain import attendance, classes, employment
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.classes import Material, Place, Plan, Session, Training
from services.acceptance.domain.copies import Project
from services.acceptance.domain.employment import Employment
from services.acceptance.domain.sign_ins import limits_of
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.sourcing_work import sourcing_row
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class ClassCalls:
    """Filing, confirmation, return, stop, end of the sessions."""

    @command(c.FILE_CLASS)
    def file_class(self, unit: Unit, body: Body) -> Body:
        """The awarded provider files a class: → filed; its teachers, place and seats are taken at once."""
        project = store.load(
            unit, Project, body["project_id"], "acceptance.project_unknown", field="project_id"
        )
        award = award_of(unit, project)
        id = unit.new_id()
        plan = plan_of(body, classes.numbered(id, body["sessions"]))
        new, facts = classes.file(id, award, project, plan, unit.actor.account, unit.now)
        reserving.take(unit, new, project)
        return views.training(new, store.save(unit, new, facts), unit.now)

    @command(c.CONFIRM_CLASS)
    def confirm_class(self, unit: Unit, body: Body) -> Body:
        """Filed → enrolling."""
        it = in_region(unit, body)
        who.require_acting(unit, it, "confirm_class")
        return saved(unit, *classes.confirm(it, unit.actor.account, unit.now))

    @command(c.RETURN_CLASS)
    def return_class(self, unit: Unit, body: Body) -> Body:
        """Filed → returned; what it had taken is free again."""
        it = in_region(unit, body)
        returned, facts = classes.send_back(it, body["reason"], unit.now)
        reserving.give_back(unit, it)
        return saved(unit, returned, facts)

    @command(c.STOP_CLASS)
    def stop_class(self, unit: Unit, body: Body) -> Body:
        """→ stopped; what it had taken is free again."""
        it = in_region(unit, body)
        stopped, facts = classes.stop(it, body["reason"], unit.now)
        reserving.give_back(unit, it)
        return saved(unit, stopped, facts)

    @command(c.CLOSE_SESSIONS)
    def close_sessions(self, unit: Unit, body: Body) -> Body:
        """Running → carried_out, with the attendance of each learner; by the supervisor with a reason."""
        supervisor, reason = roles.SUPERVISOR in unit.actor.roles, body["reason"]
        it = in_region(unit, body) if supervisor else own(unit, body)
        if supervisor != bool(reason):
            raise Refusal("acceptance.supervisor_reason", field="reason")
        seen = watching.seen_of(unit, [it])
        if not supervisor:
            offline = limits_of(it.region, unit.now).offline
            attendance.require_decided(it, seen.sign_ins, offline, unit.now)
        new, facts = attendance.close(it, seen.sign_ins, unit.now, reason)
        watching.keep_anomalies(unit, it, seen)
        return saved(unit, new, facts)

    @query(c.GET_CLASS)
    def get_class(self, reader: Reader, body: Body) -> Body:
        """The class as everybody sees it."""
        it = store.load(reader, Training, body["class_id"])
        return views.training(it, store.version_of(reader, Training, it.id), reader.now)

    @query(c.LIST_CLASSES)
    def list_classes(self, reader: Reader, body: Body) -> Body:
        """Classes page by page; mine: the actor's own."""
        where = store.where(body)
        if body["mine"]:
            own_body = who.body_of(reader)
            field = "appointment.assessor_ref" if own_body.kind == "assessor" else "provider_ref"
            where[field] = own_body.id
        items, following = store.page(reader, Training, body["cursor"], body["limit"], **where)
        return {
            "items": [views.training(it, version, reader.now) for it, version in items],
            "next": following,
        }


class LearnerCalls:
    """The learners of a class, employment."""

    @query(c.CLASS_ROSTER)
    def class_roster(self, reader: Reader, body: Body) -> Body:
        """The learners with attendance and results, for those who may know."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        lines = attendance.attendance_of(it, store.among(reader, SignIn, class_id=it.id))
        return {"class_id": it.id, "status": it.status(reader.now), "items": views.learners(it, lines)}

    @command(c.REPORT_EMPLOYMENT)
    def report_employment(self, unit: Unit, body: Body) -> Body:
        """→ reported; intake asks the registry."""
        it = store.load(unit, Training, body["class_id"])
        who.require_owner(unit, it)
        told = employment.Report(
            body["person_ref"], body["employer_code"], body["since"], body["proof"], body["basis"]
        )
        old = store.find(unit, Employment, employment.employment_id(it.id, told.person_ref))
        new, facts = employment.report(it, old, told, unit.actor.account, unit.now)
        return views.employment(new, store.save(unit, new, facts))

    @query(c.CLASS_EMPLOYMENTS)
    def class_employments(self, reader: Reader, body: Body) -> Body:
        """What was reported of a class's graduates."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        items, _ = store.page(reader, Employment, None, MOST_LEARNERS, class_id=it.id)
        whole = roles.SUPERVISOR in reader.actor.roles
        shown = [views.employment(each, version, whole=whole) for each, version in items]
        return {"class_id": it.id, "items": shown}

    @query(c.EMPLOYMENT_RATE)
    def employment_rate(self, reader: Reader, body: Body) -> Body:
        """Employed with proof of those who completed, over a project's classes."""
        project_id = body["project_id"]
        completed = sum(len(it.completed) for it in store.among(reader, Training, project_id=project_id))
        reports = store.among(reader, Employment, project_id=project_id)
        proven = sum(each.status == "proven" for each in reports)
        percent = employment.rate_percent(proven, completed)
        return {"project_id": project_id, "completed": completed, "proven": proven, "percent": percent}


def award_of(unit: Unit, project: Project) -> tuple[str, str, str]:
    """Return sourcing, provider and its name when the actor's body was awarded the project and may act."""
    provider = who.acting_provider(unit, "file_class", project.occupation)
    sourcing = store.find(unit, Sourcing, store.claimed(unit, sourcing_row(project.id)))
    candidate = sourcing.candidate if sourcing and sourcing.awarded_at else None
    if sourcing is None or candidate is None or candidate.provider_ref != provider.id:
        raise Refusal("acceptance.not_awarded", field="project_id")
    return sourcing.id, provider.id, provider.name


def plan_of(body: Body, sessions: tuple[Session, ...]) -> Plan:
    """Return a plan as it was filed."""
    materials = tuple(Material(**each) for each in body["materials"])
    place = Place(**body["place"])
    return Plan(body["name"], place, body["capacity"], body["enrol_until"], sessions, materials)


def in_region(unit: Unit, body: Body) -> Training:
    """Return the class when it lies in the officer's region; raises Refusal `region.forbidden`."""
    it = store.target(unit, Training, body["class_id"])
    unit.actor.require_region(it.region)
    return it


def own(unit: Unit, body: Body) -> Training:
    """Return the class when it is the actor's own; raises Refusal `owner.forbidden`."""
    it = store.target(unit, Training, body["class_id"])
    who.require_owner(unit, it)
    return it


def saved(unit: Unit, it: Training, facts: Any) -> Body:
    """Write a class with its facts and return how it looks; results count for its provider's grade."""
    if it.assessed_at is not None:
        grading.mark(unit, it.provider_ref)
    return views.training(it, store.save(unit, it, facts), unit.now)
