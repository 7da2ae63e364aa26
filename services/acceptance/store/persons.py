"""How what is held on one person is found."""

from typing import Any


def person_index(database: Any) -> None:
    """The classes of a person are found by the person."""
    database["enrolments"].create_index([("person_ref", 1), ("_id", 1)], name="person")
