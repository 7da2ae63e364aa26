"""Collections of sign-in and supervision.

screens       one a session, by its id: the secret of its code       rolls        one a session, by its id
cards         code cards by the SHA-256 of their code                sign_in_batches   what was taken together
sign_in_risks refused answers, by session, person and kind           anomalies    by session and kind
spot_checks   officers' visits, with their photos named; the bytes lie in photos
feedback      one a class and person, by id
"""

from typing import Any, Final

from services.acceptance.domain.rolls import Card, Roll
from services.acceptance.domain.sign_ins import Screen
from services.acceptance.domain.supervision import Anomaly, Feedback, Risk, SpotCheck

BATCHES: Final = "sign_in_batches"
PHOTOS: Final = "photos"
KINDS: Final[dict[type, str]] = {
    Screen: "screens", Card: "cards", Roll: "rolls", Risk: "sign_in_risks", SpotCheck: "spot_checks",
    Anomaly: "anomalies", Feedback: "feedback",
}  # fmt: skip


def attendance_indexes(database: Any) -> None:
    """Create the collections of sign-in and supervision and their indexes."""
    wanted = {*KINDS.values(), BATCHES, PHOTOS}
    for name in sorted(wanted - set(database.list_collection_names())):
        database.create_collection(name)
    for name in KINDS.values():
        database[name].create_index([("class_id", 1), ("_id", 1)], name="class")
    for name in ("anomalies", "spot_checks", "feedback"):
        database[name].create_index([("provider_ref", 1), ("_id", 1)], name="provider")
    database["photos"].create_index([("check_id", 1), ("_id", 1)], name="check")
    running = [("region", 1), ("plan.sessions.starts", 1)]
    rostered = {"roster_filed_at": {"$type": "date"}}
    database["trainings"].create_index(running, name="running", partialFilterExpression=rostered)


def session_indexes(database: Any) -> None:
    """Create the indexes of what belongs to one session of a class."""
    for name in ("sign_ins", "sign_in_risks", "spot_checks"):
        database[name].create_index([("class_id", 1), ("session_id", 1), ("_id", 1)], name="session")
