"""Which problems of the database pass by themselves."""

import pytest
from pymongo.errors import DuplicateKeyError, NotPrimaryError, OperationFailure, WTimeoutError

from services.chassis.mongo import is_outage


@pytest.mark.parametrize(
    ("problem", "passes"),
    [
        (NotPrimaryError("not primary"), True),
        (WTimeoutError("waiting for replication timed out"), True),
        (OperationFailure("Cache Reader No keys found for HMAC", 211), True),
        (OperationFailure("not authorized", 13), False),
        (DuplicateKeyError("E11000", 11000), False),
        (ValueError("no document"), False),
    ],
)
def test_an_outage_is_told_from_a_fault(problem: Exception, passes: bool) -> None:
    assert is_outage(problem) is passes
