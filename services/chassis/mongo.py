"""The connection to MongoDB: majority writes, UTC datetimes, one client for each address in a process."""

from functools import cache
from typing import Any, Final

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ConnectionFailure, OperationFailure, PyMongoError, WTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
# what a member answers for a moment after its start, before it has read the keys of the cluster's time
_KEYS_NOT_READ: Final = 211


@cache
def client(uri: str) -> "MongoClient[Document]":
    """Return the process's client for this address; sessions must come from the client that made them."""
    return MongoClient(
        uri,
        tz_aware=True,
        serverSelectionTimeoutMS=3000,
        connectTimeoutMS=2000,
        socketTimeoutMS=20000,
        maxPoolSize=20,
        retryWrites=True,
        w="majority",
        readConcernLevel="majority",
    )


def database(uri: str, name: str) -> "Database[Document]":
    """Return a database whose reads and writes are of the majority."""
    return client(uri).get_database(
        name, read_concern=ReadConcern("majority"), write_concern=WriteConcern("majority", wtimeout=15000)
    )


def is_outage(problem: BaseException) -> bool:
    """Tell whether the database could not be reached or a majority not be had, so that waiting helps."""
    if isinstance(problem, ConnectionFailure | AutoReconnect | WTimeoutError):
        return True
    if isinstance(problem, OperationFailure) and problem.code == _KEYS_NOT_READ:
        return True
    return isinstance(problem, PyMongoError) and problem.has_error_label("RetryableWriteError")


def is_conflict(problem: BaseException) -> bool:
    """Tell whether another transaction was in the way, so that running again helps."""
    return isinstance(problem, PyMongoError) and (
        problem.has_error_label("TransientTransactionError") and not isinstance(problem, ConnectionFailure)
    )
