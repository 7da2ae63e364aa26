"""A fault of one item of a job does not stop the others, and its words are not logged."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from contracts.vocabularies.errors import Refusal
from services.chassis.outside import OutsideUnavailable
from services.settlement import paying
from services.settlement.domain import batches
from services.settlement.domain.batches import Batch
from services.settlement.domain.ledger import Unbalanced
from services.settlement.guarding import guarded

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


def batch(id: str) -> Batch:
    return batches.built(id, "fund", "370611", [(f"{id}-0001:1", 100)], NOW)


@pytest.mark.parametrize(
    "fault",
    [
        Unbalanced("示例甲"),
        LookupError("示例甲"),
        KeyError("示例甲"),
        ValueError("示例甲"),
        Refusal("not_found", what="batch/B1"),
        OutsideUnavailable("bank", "down"),
    ],
)
def test_a_bad_batch_does_not_stop_the_later_ones(fault: Exception) -> None:
    done = []

    def work(one: Batch) -> None:
        if one.id == "B1":
            raise fault
        done.append(one.id)

    with capture_logs() as logs:
        paying.work_through([batch("B1"), batch("B2")], work)
    assert done == ["B2"]
    assert [each["batch"] for each in logs] == ["B1"]
    assert "示例甲" not in str(logs)


def test_what_is_no_fault_of_one_thing_stops_the_job() -> None:
    def lost() -> None:
        raise ConnectionError("the database is gone")

    with pytest.raises(ConnectionError):
        guarded("claim/c1", lost)
    assert guarded("claim/c1", lambda: None)
    assert not guarded("claim/c1", lambda: {}["c1"])
