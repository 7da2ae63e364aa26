"""The collections of records, as a step of selection's migrations.

record_entries    one row an entry, by its id
open_corrections  one row an entry whose correction is asked for
corrections, practices, consents, readings, credentials, recognitions
recognised        one row an entry and body that recognised it: each once
status_lists      how many bits of each list are given out; status_bits: whose a bit is
three_ones        one row a person: where, whether a student, which of the three are done
reader_bodies     one row a verified body, for consents by its credit code
"""

from typing import Any

_NAMES = (
    "record_entries",
    "corrections",
    "open_corrections",
    "practices",
    "consents",
    "readings",
    "credentials",
    "recognitions",
    "recognised",
    "status_lists",
    "status_bits",
    "three_ones",
    "reader_bodies",
)


def record_rows(database: Any) -> None:
    """Collections and indexes of records."""
    known = set(database.list_collection_names())
    for name in _NAMES:
        if name not in known:
            database.create_collection(name)
    lists = (
        ("record_entries", "at"),
        ("corrections", "asked_at"),
        ("practices", "reported_at"),
        ("consents", "given_at"),
        ("readings", "at"),
        ("credentials", "issued_at"),
        ("recognitions", "at"),
    )
    for name, field in lists:
        database[name].create_index([("person_ref", 1), (field, -1), ("_id", -1)])
    database["corrections"].create_index([("source", 1), ("region", 1), ("asked_at", -1), ("_id", -1)])
    database["practices"].create_index([("region", 1), ("reported_at", -1), ("_id", -1)])
    database["consents"].create_index([("reader_code", 1), ("given_at", -1), ("_id", -1)])
    revoked = {"revoked_at": {"$type": "date"}}
    database["credentials"].create_index("status_list", partialFilterExpression=revoked)
    database["three_ones"].create_index([("student", 1), ("region", 1)])
    database["reader_bodies"].create_index("credit_code")
