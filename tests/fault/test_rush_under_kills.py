"""A crowd after the seats of one class, and SIGKILL of the service that gives them out.

Each client asks for one person after another and repeats the same request until it is told what became of it.
Afterwards everybody is where they were told: seats in order of arrival, the others in line, nobody twice.
"""

import random
import signal
from typing import Any

import pytest

from tests.support import backends
from tests.support.crowd import Rush, crowd, open_class
from tests.support.gateway import Gateway
from tests.support.services import Running


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("people", "seats", "clients", "kills"),
    [(400, 20, 40, 2), pytest.param(10_000, 500, 400, 6, marks=pytest.mark.long)],
)
def test_the_first_are_seated_and_the_others_told_their_place(
    stack: backends.Backend, people: int, seats: int, clients: int, kills: int
) -> None:
    chance = random.Random(people)
    with (
        stack.sandbox(("selection", "gateway")) as sandbox,
        Running(sandbox, ["selection"]) as running,
        Gateway(sandbox) as gateway,
    ):
        database = running.database("selection")
        made = crowd(database, running.database("gateway"), people)
        class_id = open_class(database, seats)
        rush = Rush(gateway.base, class_id, made, clients)
        rush.begin()
        for share in sorted(chance.random() for _ in range(kills)):
            rush.await_told(int(people * share))
            running.kill("selection", signal.SIGKILL)
        rush.end()
        told = list(rush.told.values())
        assert len(told) == people
        assert_in_order(told, seats)
        assert_as_told(database, class_id, rush.told)


def assert_in_order(told: list[dict[str, Any]], seats: int) -> None:
    """Exactly the first to arrive have the seats, and the others stand in line as they arrived."""
    told.sort(key=lambda each: each["arrival"])
    assert [each["arrival"] for each in told] == list(range(1, len(told) + 1))
    assert [each["seat"] for each in told] == [*range(1, seats + 1), *[None] * (len(told) - seats)]
    assert [each["status"] for each in told] == ["held"] * seats + ["waiting"] * (len(told) - seats)
    places = list(range(1, len(told) - seats + 1))
    assert [each["place"] for each in told[seats:]] == places
    assert [each["ahead"] for each in told[seats:]] == [each - 1 for each in places]


def assert_as_told(database: Any, class_id: str, told: dict[str, dict[str, Any]]) -> None:
    """The rows are what was told: one for each choice, one for each seat, and the class's small document."""
    rows = {row["person_ref"]: row for row in database["enrolments"].find({"class_id": class_id})}
    assert {ref: each["id"] for ref, each in told.items()} == {ref: row["_id"] for ref, row in rows.items()}
    assert all(rows[ref]["arrival"] == each["arrival"] for ref, each in told.items())
    held = {row["_id"] for row in rows.values() if row["seat"] is not None}
    assert {row["enrolment_id"] for row in database["seats"].find()} == held
    seating = database["seatings"].find_one({"_id": class_id})
    assert (seating["taken"], seating["waiting"]) == (len(held), len(rows) - len(held))
    assert seating["taken"] <= seating["capacity"]
    assert len(str(seating)) < 1000, "the class's document does not grow with the crowd"
    people = database["people"].find({"_id": {"$in": list(told)}})
    assert {row["_id"]: row["choices"] for row in people} == {
        ref: {class_id: each["id"]} for ref, each in told.items()
    }
