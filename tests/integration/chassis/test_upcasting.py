"""Old versions of an event are brought to the newest one on reading."""

from contracts.registry import EVENTS
from services.chassis.events import UPCASTERS
from services.chassis.topology import inbox_exchange
from tests.integration.chassis import laboratory
from tests.support.services import Running, wait_for


def test_every_old_version_has_its_upcaster() -> None:
    missing = [
        (type, version)
        for type, versions in EVENTS.items()
        for version in range(1, max(versions))
        if version not in versions or (type, version) not in UPCASTERS
    ]
    assert missing == []


def test_an_old_version_is_read_as_the_newest(lab: Running) -> None:
    lab.tell(laboratory.OPENED_1, "old", 1, {"label": "a"})
    lab.tell(laboratory.OPENED, "new", 1, {"label": "b", "shelf": 7})
    sums = lab.database("catalogue").sums
    wait_for(lambda: sums.count_documents({}) == 2)
    assert {doc["_id"]: (doc["label"], doc["shelf"]) for doc in sums.find()} == {
        "old": ("a", 0),
        "new": ("b", 7),
    }


def test_a_version_from_the_future_is_laid_aside_and_its_aggregate_waits(lab: Running) -> None:
    told = lab.tell(laboratory.OPENED, "later", 2, {"label": "b", "shelf": 7})
    unknown = {**told, "id": "f3", "sequence": 1, "dataschema": "urn:wudan:intake.counter.opened:v3"}
    lab.send("events", unknown, inbox_exchange("catalogue"))
    wait_for(lambda: lab.dead("catalogue") == 1, what="a dead letter at once")
    wait_for(lambda: lab.database("catalogue").parked.count_documents({}) == 1)
    assert lab.database("catalogue").sums.count_documents({}) == 0
