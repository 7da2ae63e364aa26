"""Calls of classes, from the filing to the employed graduate."""

from typing import Any

from contracts.commands import acceptance as c
from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, views, who
from services.acceptance.domain import assessment, attendance, bookings, classes, employment
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.classes import Place, Plan, Result, Training
from services.acceptance.domain.copies import Enrolment, Project, Voucher
from services.acceptance.domain.employment import Employment
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.sourcing_calls import sourcing_row
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class ClassCalls:
    """Filing, confirmation, roster, end of the sessions."""

    @command(c.FILE_CLASS)
    def file_class(self, unit: Unit, body: Body) -> Body:
        """The awarded provider files a class: → filed; its teachers, place and seats are taken at once."""
        project = store.load(
            unit, Project, body["project_id"], "acceptance.project_unknown", field="project_id"
        )
        award = _award(unit, project.id)
        id = unit.new_id()
        plan = Plan(
            body["name"], Place(**body["place"]), body["capacity"], body["enrol_until"],
            classes.numbered(id, body["sessions"]),
        )  # fmt: skip
        new, facts = classes.file(id, award, project, plan, unit.actor.account, unit.now)
        taken = store.claimed(unit, _seats_row(project.id)) or 0
        store.claim(unit, _seats_row(project.id), classes.seats_after(taken, plan.capacity, project.seats))
        for key, field, interval in classes.occupied(new):
            code = "acceptance.place_booked" if field == "place" else "acceptance.teacher_booked"
            _book(unit, key, interval, code, field)
        return views.training(new, store.save(unit, new, facts), unit.now)

    @command(c.CONFIRM_CLASS)
    def confirm_class(self, unit: Unit, body: Body) -> Body:
        """Filed → enrolling."""
        it = _in_region(unit, body)
        return _saved(unit, *classes.confirm(it, unit.actor.account, unit.now))

    @command(c.RETURN_CLASS)
    def return_class(self, unit: Unit, body: Body) -> Body:
        """Filed → returned; what it had taken is free again."""
        it = _in_region(unit, body)
        returned, facts = classes.send_back(it, body["reason"], unit.now)
        _release(unit, it)
        return _saved(unit, returned, facts)

    @command(c.STOP_CLASS)
    def stop_class(self, unit: Unit, body: Body) -> Body:
        """→ stopped; what it had taken is free again."""
        it = _in_region(unit, body)
        stopped, facts = classes.stop(it, body["reason"], unit.now)
        _release(unit, it)
        return _saved(unit, stopped, facts)

    @command(c.FILE_ROSTER)
    def file_roster(self, unit: Unit, body: Body) -> Body:
        """→ roster_filed: exactly the confirmed learners with bound vouchers."""
        it = _own(unit, body)
        enrolments = store.among(unit, Enrolment, class_id=it.id)
        vouchers = store.among(unit, Voucher, class_id=it.id)
        return _saved(
            unit, *classes.file_roster(it, tuple(body["person_refs"]), enrolments, vouchers, unit.now)
        )

    @command(c.CLOSE_SESSIONS)
    def close_sessions(self, unit: Unit, body: Body) -> Body:
        """Running → carried_out, with the attendance of each learner."""
        it = _own(unit, body)
        return _saved(unit, *attendance.close(it, store.among(unit, SignIn, class_id=it.id), unit.now))

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
            where["provider_ref"] = who.body_of(reader).id
        items, following = store.page(reader, Training, body["cursor"], body["limit"], **where)
        return {
            "items": [views.training(it, version, reader.now) for it, version in items],
            "next": following,
        }


class LearnerCalls:
    """Sign-ins, results, certificates, employment."""

    @command(c.SIGN_IN)
    def sign_in(self, unit: Unit, body: Body) -> Body:
        """A learner signs in to a session; the second time the first answer comes again."""
        person_ref = unit.actor.person_ref
        if person_ref is None:
            raise Refusal("acceptance.no_person")
        known = store.find(unit, SignIn, attendance.sign_in_id(body["session_id"], person_ref))
        if known is not None and known.class_id == body["class_id"]:
            return _sign_in_view(known, store.version_of(unit, SignIn, known.id))
        it = store.load(unit, Training, body["class_id"])
        voucher = store.find(unit, Voucher, body["voucher_id"])
        spot = None if body["longitude"] is None else (body["longitude"], body["latitude"])
        new, facts = attendance.sign_in(it, body["session_id"], person_ref, voucher, spot, unit.now)
        interval = attendance.interval_of(it, it.session(body["session_id"]))
        _book(unit, bookings.learner_key(person_ref), interval, "acceptance.elsewhere", "session_id")
        return _sign_in_view(new, store.save(unit, new, facts))

    @query(c.CLASS_ROSTER)
    def class_roster(self, reader: Reader, body: Body) -> Body:
        """The learners with attendance and results, for those who may know."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        lines = attendance.attendance_of(it, store.among(reader, SignIn, class_id=it.id))
        return {"class_id": it.id, "status": it.status(reader.now), "items": views.learners(it, lines)}

    @command(c.RECORD_RESULTS)
    def record_results(self, unit: Unit, body: Body) -> Body:
        """Carried_out → completed; each certificate number is registered once."""
        it = store.target(unit, Training, body["class_id"])
        results = tuple(Result(**each) for each in body["results"])
        lines = attendance.attendance_of(it, store.among(unit, SignIn, class_id=it.id))
        new, facts = assessment.record(it, who.body_of(unit), results, lines, unit.now)
        issued = tuple(assessment.Issued(**each) for each in body["certificates"])
        for place, (certificate, fact) in enumerate(assessment.certify(new, issued, unit.now)):
            store.add_certificate(unit, certificate, fact, f"certificates.{place}.number")
        return _saved(unit, new, facts)

    @command(c.REPORT_EMPLOYMENT)
    def report_employment(self, unit: Unit, body: Body) -> Body:
        """→ reported; intake asks the registry."""
        it = store.load(unit, Training, body["class_id"])
        who.require_owner(unit, it)
        told = employment.Report(body["person_ref"], body["employer_code"], body["since"], body["proof"])
        old = store.find(unit, Employment, employment.employment_id(it.id, told.person_ref))
        new, facts = employment.report(it, old, told, unit.actor.account, unit.now)
        return views.employment(new, store.save(unit, new, facts))

    @query(c.CLASS_EMPLOYMENTS)
    def class_employments(self, reader: Reader, body: Body) -> Body:
        """What was reported of a class's graduates."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        items, _ = store.page(reader, Employment, None, MOST_LEARNERS, class_id=it.id)
        return {"class_id": it.id, "items": [views.employment(each, version) for each, version in items]}

    @query(c.EMPLOYMENT_RATE)
    def employment_rate(self, reader: Reader, body: Body) -> Body:
        """Employed with proof of those who completed, over a project's classes."""
        project_id = body["project_id"]
        completed = sum(len(it.completed) for it in store.among(reader, Training, project_id=project_id))
        reports = store.among(reader, Employment, project_id=project_id)
        proven = sum(each.status == "proven" for each in reports)
        percent = employment.rate_percent(proven, completed)
        return {"project_id": project_id, "completed": completed, "proven": proven, "percent": percent}


def _award(unit: Unit, project_id: str) -> tuple[str, str, str]:
    """Return sourcing, provider and its name when the actor's verified provider was awarded the project."""
    provider = who.provider_of(unit)
    sourcing = store.find(unit, Sourcing, store.claimed(unit, sourcing_row(project_id)))
    candidate = sourcing.candidate if sourcing and sourcing.awarded_at else None
    if sourcing is None or candidate is None or candidate.provider_ref != provider.id:
        raise Refusal("acceptance.not_awarded", field="project_id")
    return sourcing.id, provider.id, provider.name


def _seats_row(project_id: str) -> str:
    return f"seats:{project_id}"


def _book(unit: Unit, key: str, interval: Interval, code: str, field: str) -> None:
    for day in bookings.days_of(interval.starts, interval.ends):
        book = store.day_book(unit, key, day)
        clash = book.clash(interval)
        if clash is not None:
            raise Refusal(code, field=field, starts=clash.starts.isoformat())
        store.save(unit, book.with_taken(interval))


def _release(unit: Unit, it: Training) -> None:
    for key, _, interval in classes.occupied(it):
        for day in bookings.days_of(interval.starts, interval.ends):
            store.save(unit, store.day_book(unit, key, day).without_class(it.id))
    taken = store.claimed(unit, _seats_row(it.project_id)) or 0
    store.claim(unit, _seats_row(it.project_id), taken - it.plan.capacity)


def _in_region(unit: Unit, body: Body) -> Training:
    it = store.target(unit, Training, body["class_id"])
    unit.actor.require_region(it.region)
    return it


def _own(unit: Unit, body: Body) -> Training:
    it = store.target(unit, Training, body["class_id"])
    who.require_owner(unit, it)
    return it


def _saved(unit: Unit, it: Training, facts: Any) -> Body:
    return views.training(it, store.save(unit, it, facts), unit.now)


def _sign_in_view(it: SignIn, version: int) -> Body:
    return {
        "id": it.id, "version": version, "status": it.state, "class_id": it.class_id,
        "session_id": it.session_id, "person_ref": it.person_ref, "at": it.at,
    }  # fmt: skip
