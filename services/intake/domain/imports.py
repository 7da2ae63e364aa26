"""A spreadsheet of demands (批量导入): receiving → posting → done, or stopped by its poster."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from contracts.vocabularies import imports as words
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal

# how long rows that were not posted stay, sealed, so that their poster can fetch them; and how long an upload
# may stand still. Terms of keeping personal data, not of any document.
KEPT: Final = timedelta(days=7)
STANDS: Final = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """Rows dealt with. doubled: posted, and returned at once as the same as an open one."""

    posted: int = 0
    doubled: int = 0
    wrong: int = 0

    @property
    def done(self) -> int:
        """All of them."""
        return self.posted + self.doubled + self.wrong


NOTHING: Final = Counts()


@dataclass(frozen=True)
class Import:
    """A file of demands.

    owner_ref: the body that posts; account, roles: who sent it, and in whose name its rows are posted;
    missing: chunks that have not come; received: rows that have; key_id: of what is sealed, empty when
    nothing is.
    """

    id: str
    status: str
    owner_ref: str
    account: str
    roles: tuple[str, ...]
    kind: str
    encoding: str
    rows: int
    missing: tuple[int, ...]
    key_id: bytes
    started_at: datetime
    received: int = 0
    counts: Counts = NOTHING
    wrong_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether no row of it will be posted any more."""
        return self.status in ("done", "stopped")


def require_poster(kind: str, own: frozenset[str]) -> None:
    """Firms bring their own demands, agencies those of others. Raises Refusal `role.forbidden`."""
    if roles.AGENCY not in own and (kind == roles.WORKER or kind not in own):
        raise Refusal("role.forbidden", roles=roles.AGENCY if kind == roles.WORKER else f"{kind}, agency")


def require_new(known: Import | None) -> None:
    """A file begins once. Raises Refusal `intake.import_stopped` for one that was stopped half-way."""
    if known is not None and known.status == "stopped" and known.counts.done:
        raise Refusal("intake.import_stopped", done=known.counts.done)


def restarts(known: Import) -> bool:
    """Whether a file that is sent again begins again: it was stopped before any row was posted."""
    return known.status == "stopped" and not known.counts.done


def receive(it: Import, number: int, rows: int) -> Import:
    """Take in a chunk (receiving → posting with the last). Raises Refusal `intake.import_chunk`."""
    received = it.received + rows
    missing = tuple(each for each in it.missing if each != number)
    if received > it.rows or (not missing and received != it.rows):
        raise Refusal("intake.import_chunk", number=number, rows=it.rows)
    return replace(it, missing=missing, received=received, status="receiving" if missing else "posting")


def finish(it: Import, counts: Counts, now: datetime) -> Import:
    """Every row was dealt with (posting → done); rows that are wrong stay for a while."""
    if it.status != "posting" or counts.done != it.rows:
        return it
    done = replace(it, status="done", counts=counts, ended_at=now)
    if not counts.wrong:
        return replace(done, key_id=b"")
    return replace(done, wrong_until=now + KEPT)


def clear(it: Import, counts: Counts, now: datetime) -> Import:
    """Let go of every row that is kept (receiving, posting → stopped); what was posted stays.

    counts: what was dealt with until now.
    """
    if it.ended:
        return replace(it, wrong_until=None, key_id=b"")
    return replace(it, status="stopped", counts=counts, missing=(), ended_at=now, key_id=b"")


def overdue(it: Import, now: datetime) -> bool:
    """Whether its rows are to be let go: their time is over, or the upload has stood still."""
    if it.ended:
        return it.wrong_until is not None and it.wrong_until <= now
    return it.status == "receiving" and it.started_at + STANDS <= now


def remark(it: Import) -> str:
    """Return how the file was read, in both tongues."""
    return words.ENCODINGS[it.encoding]
