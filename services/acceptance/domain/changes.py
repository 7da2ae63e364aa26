"""Changes of a confirmed plan: filed with a reason, in force once the supervisor accepts them [37 §7]."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import assessment, classes
from services.acceptance.domain.classes import Change, Plan, Session, Training
from services.acceptance.domain.facts import Fact, require

_CHANGEABLE = ("enrolling", "confirmed", "roster_filed", "running")


def renumbered(training: Training, sessions: Sequence[dict[str, Any]]) -> tuple[Session, ...]:
    """Return a changed timetable in order of time: sessions keep their ids, new ones get the next, never one
    that a session had which was dropped since.

    Raises Refusal `acceptance.session_unknown` for an id that is not of this class, or there twice.
    """
    known = {each.session_id for each in training.plan.sessions}
    last = _last_number(training, training.plan)
    made = []
    for place, given in enumerate(sessions):
        fields = dict(given)
        id = fields.pop("session_id", None)
        if id is None:
            last += 1
            id = f"{training.id}-{last:03d}"
        elif id not in known:
            raise Refusal("acceptance.session_unknown", field=f"sessions.{place}.session_id")
        known.discard(id)
        made.append(classes.session_of(id, fields))
    return tuple(sorted(made, key=lambda each: each.starts))


def file(
    training: Training, change: Change, hours_needed: int, opens: timedelta, now: datetime
) -> tuple[Training, list[Fact]]:
    """The provider files a change: it waits, and the old plan holds. opens: how long before a session its
    sign-in opens; from then on it stays as it is.

    Raises Refusal `out_of_order`, `acceptance.change_waiting`, `acceptance.change_past`,
    `acceptance.class_dates`, `acceptance.examiners` and `acceptance.held_on` where the assessor appointed
    would not do any more, or one of check_timetable's.
    """
    require(training.status(now), _CHANGEABLE, "change_class")
    if training.change is not None:
        raise Refusal("acceptance.change_waiting")
    _check(training, change, now + opens, now)
    classes.check_timetable(change.plan.sessions, hours_needed, training.mode)
    data = {"project_id": training.project_id, "reason": change.reason}
    return replace(training, change=change, change_answer=None), [("acceptance.class.change_filed", data)]


def accept(training: Training, by: str, opens: timedelta, now: datetime) -> tuple[Training, list[Fact]]:
    """The supervisor accepts it: the new plan is in force.

    Raises Refusal `out_of_order`, `acceptance.no_change`, `acceptance.own_work`, `acceptance.change_past`
    when the sign-in to a session that it moves has opened meanwhile, `acceptance.examiners`,
    `acceptance.held_on`.
    """
    change = _waiting(training, by, now)
    _check(training, change, now + opens, now)
    last = max(_last_number(training, plan) for plan in (training.plan, change.plan))
    new = replace(
        training, plan=change.plan, change=None, changed_at=now, change_answer="accepted", last_session=last
    )
    data = {**classes.as_filed(new), "reason": change.reason}
    return new, [("acceptance.class.changed", data)]


def refuse(training: Training, reason: str, by: str, now: datetime) -> tuple[Training, list[Fact]]:
    """The supervisor refuses it: the old plan stays. Raises as accept."""
    _waiting(training, by, now)
    data = {"project_id": training.project_id, "reason": reason}
    new = replace(training, change=None, change_answer="refused", reason=reason)
    return new, [("acceptance.class.change_refused", data)]


def _waiting(training: Training, by: str, now: datetime) -> Change:
    require(training.status(now), _CHANGEABLE, "decide_change")
    if training.change is None:
        raise Refusal("acceptance.no_change")
    if by == training.change.filed_by:
        raise Refusal("acceptance.own_work")
    return training.change


def _check(training: Training, change: Change, open_until: datetime, now: datetime) -> None:
    """Raise Refusal unless each session stays as it was whose sign-in is open (it begins by open_until) or
    was, the rest lies ahead, and the assessor appointed still does.
    """
    begun = {each.session_id: each for each in training.plan.sessions if each.starts <= open_until}
    for place, each in enumerate(change.plan.sessions):
        old = begun.pop(each.session_id, None)
        # the class's place is that of the sessions begun, too
        moved = old != each or (not each.platform and not each.place and _place_changed(training, change))
        if moved if old is not None else each.starts <= now:
            raise Refusal("acceptance.change_past", field=f"sessions.{place}")
    if begun:
        raise Refusal("acceptance.change_past", field="sessions")
    if change.plan.sessions[0].starts < training.plan.enrol_until:
        raise Refusal("acceptance.class_dates", field="sessions.0.starts")
    if training.appointment is not None:
        assessment.check_appointment(replace(training, plan=change.plan), training.appointment)


def _place_changed(training: Training, change: Change) -> bool:
    return training.plan.place != change.plan.place


def _last_number(training: Training, plan: Plan) -> int:
    numbers = [int(each.session_id.rpartition("-")[2]) for each in plan.sessions]
    return max(training.last_session, *numbers)
