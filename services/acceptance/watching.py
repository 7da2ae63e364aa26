"""Attendance as it stands: a class's sessions, a region's running ones, what is kept when a class ends."""

from collections import Counter
from datetime import timedelta
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.attendance import MOST_COUNTED
from services.acceptance import store
from services.acceptance.domain import supervision
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.rolls import Roll
from services.acceptance.domain.sign_ins import Screen, limits_of
from services.acceptance.domain.supervision import Anomaly, Risk, Seen, SpotCheck
from services.chassis.service import Reader, Unit

Body = dict[str, Any]
# a session is a day at most
_LONGEST = timedelta(days=1)


def seen_of(reader: Any, training: Training) -> Seen:
    """Return all that is known of a class's sessions."""
    id = training.id
    return Seen(
        store.among(reader, SignIn, class_id=id),
        store.among(reader, Screen, class_id=id),
        store.among(reader, Roll, class_id=id),
        store.among(reader, Risk, class_id=id),
        store.among(reader, SpotCheck, class_id=id),
        store.among(reader, Voucher, class_id=id),
    )


def sessions(reader: Reader, training: Training) -> list[Body]:
    """Return each session of a class against the timetable."""
    seen = seen_of(reader, training)
    limits = limits_of(training.region, reader.now)
    unusual = supervision.anomalies(training, seen, limits, reader.now)
    return [_shown(training, each, seen, unusual) for each in training.plan.sessions]


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
    items = []
    for training, _ in found:
        who = {
            "class_id": training.id, "class_name": training.plan.name,
            "provider_ref": training.provider_ref, "provider_name": training.provider_name,
        }  # fmt: skip
        now_held = {each.session_id for each in training.plan.sessions if each.starts <= now < each.ends}
        shown = [each for each in sessions(reader, training) if each["session_id"] in now_held]
        items += [{**who, **each} for each in shown]
    return {"items": items, "next": following}


def keep_anomalies(unit: Unit, training: Training) -> None:
    """Keep what was unusual in the sessions of a class that was carried out, on its provider's record."""
    limits = limits_of(training.region, unit.now)
    for each in supervision.anomalies(training, seen_of(unit, training), limits, unit.now):
        if store.find(unit, Anomaly, each.id) is None:
            told = {name: value for name, value in vars(each).items() if name != "id"}
            store.save(unit, each, [("acceptance.anomaly.found", told)])


def _shown(training: Training, session: Session, seen: Seen, unusual: list[Anomaly]) -> Body:
    id = session.session_id
    states = Counter(each.state for each in seen.sign_ins if each.session_id == id)
    screen = next((each for each in seen.screens if each.id == id), None)
    roll = next((each for each in seen.rolls if each.id == id), None)
    refused: Counter[str] = Counter()
    for each in seen.risks:
        if each.session_id == id:
            refused[each.kind] += each.count
    there = states["confirmed"] + states["unconfirmed"]
    return {
        "session_id": id, "starts": session.starts, "ends": session.ends, "topic": session.topic,
        "teacher": session.teacher, "opened_at": screen.opened_at if screen else None,
        "on_roster": len(training.roster),
        **{state: states[state] for state in ("confirmed", "unconfirmed", "rejected", "voided")},
        "absent": max(0, len(training.roster) - there), "roll_at": roll.at if roll else None,
        "refused": [{"kind": kind, "count": min(count, MOST_COUNTED)} for kind, count in sorted(refused.items())],
        "anomalies": [
            {"session_id": id, "kind": each.kind, "count": each.count}
            for each in unusual
            if each.session_id == id
        ],
    }  # fmt: skip
