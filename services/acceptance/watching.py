"""Attendance as it stands: a class's sessions, a region's running ones, what is kept when a class ends."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.attendance import MOST_COUNTED
from services.acceptance import store
from services.acceptance.domain import supervision
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.rolls import Roll
from services.acceptance.domain.sign_ins import Limits, Screen, limits_of
from services.acceptance.domain.supervision import Anomaly, Risk, Seen, SpotCheck
from services.chassis.service import Reader, Unit

Body = dict[str, Any]
# a session is a day at most
_LONGEST = timedelta(days=1)


def seen_of(reader: Any, trainings: Sequence[Training], sessions: Sequence[Session] | None = None) -> Seen:
    """Return all that is known of classes' sessions, or of some of them, in one query for each kind."""
    of_class: Body = {"class_id": {"$in": [each.id for each in trainings]}}
    by_field, by_id = of_class, of_class
    if sessions is not None:
        ids = {"$in": [each.session_id for each in sessions]}
        by_field, by_id = {**of_class, "session_id": ids}, {"_id": ids}
    return Seen(
        store.among(reader, SignIn, **by_field),
        store.among(reader, Screen, **by_id),
        store.among(reader, Roll, **by_id),
        store.among(reader, Risk, **by_field),
        store.among(reader, SpotCheck, **by_field),
        store.among(reader, Voucher, **of_class, device_changes={"$gt": 0}),
    )


def sessions(reader: Reader, training: Training) -> list[Body]:
    """Return each session of a class against the timetable."""
    seen, limits = seen_of(reader, [training]), limits_of(training.region, reader.now)
    return [_shown(training, each, seen, limits, reader.now) for each in training.plan.sessions]


def running(reader: Reader, region: str, cursor: str | None, limit: int) -> Body:
    """Return what is being held now in a region, `limit` classes a page."""
    now = reader.now
    held = {"$elemMatch": {"starts": {"$gt": now - _LONGEST, "$lte": now}, "ends": {"$gt": now}}}
    within = [each for each in regions.CODES if regions.covers(region, each)]
    found, following = store.page(
        reader, Training, cursor, limit, **{
            "region": {"$in": within}, "roster_filed_at": {"$type": "date"}, "stopped_at": None,
            "plan.sessions": held,
        },
    )  # fmt: skip
    held_now = [
        (training, each)
        for training, _ in found
        for each in training.plan.sessions
        if each.starts <= now < each.ends
    ]
    seen = seen_of(reader, [training for training, _ in found], [each for _, each in held_now])
    items = []
    for training, session in held_now:
        who = {
            "class_id": training.id, "class_name": training.plan.name,
            "provider_ref": training.provider_ref, "provider_name": training.provider_name,
        }  # fmt: skip
        shown = _shown(training, session, seen, limits_of(training.region, now), now)
        items.append({**who, **shown})
    return {"items": items, "next": following}


def keep_anomalies(unit: Unit, training: Training, seen: Seen) -> None:
    """Keep what was unusual in the sessions of a class that was carried out, on its provider's record."""
    limits = limits_of(training.region, unit.now)
    for each in supervision.anomalies(training, seen, limits, unit.now):
        if store.find(unit, Anomaly, each.id) is None:
            told = {name: value for name, value in vars(each).items() if name != "id"}
            store.save(unit, each, [("acceptance.anomaly.found", told)])


def _shown(training: Training, session: Session, seen: Seen, limits: Limits, now: datetime) -> Body:
    held = seen.of(session)
    states = Counter(each.state for each in held.sign_ins)
    there = states["confirmed"] + states["unconfirmed"]
    found = supervision.unusual(training, session, seen, limits, now)
    return {
        "session_id": session.session_id, "starts": session.starts, "ends": session.ends,
        "topic": session.topic, "teacher": session.teacher,
        "opened_at": held.screen.opened_at if held.screen else None,
        "on_roster": len(training.roster),
        **{state: states[state] for state in ("confirmed", "unconfirmed", "rejected", "voided")},
        "absent": max(0, len(training.roster) - there), "roll_at": held.roll.at if held.roll else None,
        "refused": [
            {"kind": kind, "count": min(count, MOST_COUNTED)} for kind, count in sorted(held.refused.items())
        ],
        "anomalies": [
            {"session_id": each.session_id, "kind": each.kind, "count": each.count} for each in found
        ],
    }  # fmt: skip
