"""Collections of classes and assessment: certificates, online platforms, who is on which roster, persons."""

from typing import Any, Final

from services.acceptance.domain.assessment import Certificate
from services.acceptance.domain.copies import Person
from services.acceptance.domain.online import Platform
from services.acceptance.domain.rosters import Seated

KINDS: Final[dict[type, str]] = {
    Certificate: "certificates", Platform: "platforms", Seated: "seated", Person: "persons",
}  # fmt: skip


def class_indexes(database: Any) -> None:
    """Create the collections of platforms, rosters' people and persons, with the indexes of certificates."""
    known = set(database.list_collection_names())
    for name in ("platforms", "seated", "persons"):
        if name not in known:
            database.create_collection(name)
    for name, field in (("person", "person_ref"), ("class", "class_id")):
        database["certificates"].create_index([(field, 1), ("_id", 1)], name=name)
    assessor = [("appointment.assessor_ref", 1), ("_id", 1)]
    database["trainings"].create_index(assessor, name="assessor")
    database["platforms"].create_index("credit_code", name="credit_code")
