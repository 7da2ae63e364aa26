"""One moment of the whole database, so that what is compared belongs together while work goes on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.settlement.store.documents import Document

PAGE = 1000
Store = Database[Document]
# what reading raises when the database is away or refuses
Unreadable = PyMongoError


@dataclass(frozen=True)
class Snapshot:
    """A source (as units and readers are) whose reads are all of one moment."""

    database: "Database[Document]"
    session: ClientSession

    def get(self, collection: str, id: str) -> Document | None:
        """Return a document or None."""
        return self.database[collection].find_one({"_id": id}, session=self.session)

    def find(
        self, collection: str, filter: Mapping[str, Any], sort: Any = None, limit: int = 0
    ) -> list[Document]:
        """Return the documents a query finds."""
        return list(self.stream(collection, filter, sort, limit))

    def stream(
        self,
        collection: str,
        filter: Mapping[str, Any],
        sort: Any = None,
        limit: int = 0,
        only: Sequence[str] | None = None,
    ) -> Iterator[Document]:
        """Go through the documents a query finds, not all of them in memory. only: the fields read."""
        cursor = self.database[collection].find(
            filter, only and list(only), session=self.session, limit=limit, batch_size=PAGE
        )
        return iter(cursor.sort(list(sort)) if sort else cursor)

    def total(self, collection: str, pipeline: Sequence[Mapping[str, Any]]) -> Iterator[Document]:
        """Go through what an aggregation gives."""
        return iter(
            self.database[collection].aggregate(
                list(pipeline), session=self.session, batchSize=PAGE, allowDiskUse=True
            )
        )


@contextmanager
def snapshot(database: "Database[Document]") -> Iterator[Snapshot]:
    """Give the database as it is at the first read. It can be read for some minutes, then begin anew."""
    with database.client.start_session(snapshot=True) as session:
        yield Snapshot(database, session)
