"""A payment batch (付款批次): the payment lines of one fund account that go to the bank in one file.

built → sent → settled; built → released when the bank refused it and has none of it.
Its id is the file's message id, each line's instruction the end-to-end id in it.
Names and accounts are in no batch: they are asked for whenever the file is made (decision 0013).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from contracts.vocabularies.errors import Refusal

LARGEST: Final = 1000
# after a refusal of the bank: each time twice as long
RETRY_FIRST: Final = timedelta(minutes=2)
RETRY_LONGEST: Final = timedelta(minutes=60)
# a file that was sent and not heard of may still arrive
LATE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Batch:
    """Amounts in fen. tries: how often it was begun to be sent; sha256: of the file that was sent last.

    left_out: instructions that were in not every file sent, since the payee had no account or name to write,
    and why; refused: the bank's last refusal, its code; looked_at: its last turn among many.
    """

    id: str
    fund_account: str
    region: str
    status: str
    instructions: tuple[str, ...]
    total_fen: int
    built_at: datetime
    paid_lines: int = 0
    paid_fen: int = 0
    returned_lines: int = 0
    tries: int = 0
    sha256: str | None = None
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    tried_at: datetime | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    refused_at: datetime | None = None
    refusals: int = 0
    retry_at: datetime | None = None
    looked_at: datetime | None = None
    release_by: str | None = None
    release_reason: str | None = None

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.instructions)


def built(id: str, fund_account: str, region: str, lines: Sequence[tuple[str, int]], now: datetime) -> Batch:
    """Return a batch of these (instruction, fen). Raises ValueError for none, too many or one twice."""
    instructions = tuple(instruction for instruction, _ in lines)
    if not 0 < len(lines) <= LARGEST or len(set(instructions)) != len(lines):
        raise ValueError(f"{len(lines)} lines do not make a batch")
    return Batch(id, fund_account, region, "built", instructions, sum(fen for _, fen in lines), now)


def tried(batch: Batch, sha256: str, left_out: Mapping[str, str], now: datetime) -> Batch:
    """Return the batch as it is about to be sent: from now on the bank may have it. left_out: what the file
    does not hold, and why.
    """
    known = {**batch.left_out, **left_out}
    return replace(batch, tries=batch.tries + 1, tried_at=now, sha256=sha256, left_out=known)


def may_still_arrive(batch: Batch, now: datetime) -> bool:
    """Say whether a file of the batch that the bank does not know yet may still be on its way."""
    return batch.tried_at is not None and now < batch.tried_at + LATE


def not_sent(batch: Batch, open: Iterable[str], told: Collection[str]) -> dict[str, str]:
    """Return which of the batch's open instructions the file that the bank has does not hold, and why.

    told: those in its receipt. None while the receipt is silent on others too: it may not name all.
    """
    silent = [each for each in open if each not in told]
    if any(each not in batch.left_out for each in silent):
        return {}
    return {each: batch.left_out[each] for each in silent}


def refused(batch: Batch, code: str, now: datetime) -> Batch:
    """Return the batch after the bank refused it: the next try waits, longer each time."""
    wait = min(RETRY_FIRST * 2 ** min(batch.refusals, 10), RETRY_LONGEST)
    return replace(batch, refused=code, refused_at=now, refusals=batch.refusals + 1, retry_at=now + wait)


def heard(batch: Batch) -> Batch:
    """Return the batch after the bank answered: no refusal of it stands."""
    return replace(
        batch,
        refused=None,
        refused_at=None,
        refusals=0,
        retry_at=None,
        release_by=None,
        release_reason=None,
    )


def release_asked(batch: Batch, by: str, reason: str) -> Batch:
    """Return the batch that is to be released once the bank says that it has none of it.

    Raises Refusal `out_of_order` when the bank has not refused it, or has taken it.
    """
    if batch.status != "built" or batch.refused is None:
        raise Refusal("out_of_order", status=batch.status, step="release_batch")
    return replace(batch, release_by=by, release_reason=reason, retry_at=None)


def released(batch: Batch) -> Batch:
    """Return the batch after its lines were given back to wait."""
    return replace(batch, status="released", retry_at=None)


def sent(batch: Batch, now: datetime) -> Batch | None:
    """Return the batch after the bank took it; None when that is known already."""
    return replace(heard(batch), status="sent", sent_at=now) if batch.status == "built" else None


def settled(batch: Batch, paid_fen: Iterable[int], returned: int, now: datetime) -> Batch:
    """Return the batch after some of its lines were paid or came back; with the last one it is settled.

    It stays as it is when there are none. Raises ValueError when more lines are settled than it has: a
    fault of ours.
    """
    amounts = list(paid_fen)
    if not amounts and not returned:
        return batch
    after = replace(
        batch,
        paid_lines=batch.paid_lines + len(amounts),
        paid_fen=batch.paid_fen + sum(amounts),
        returned_lines=batch.returned_lines + returned,
    )
    done = after.paid_lines + after.returned_lines
    if done > after.lines:
        raise ValueError(f"batch {batch.id}: {done} of {after.lines} lines settled")
    return replace(after, status="settled", settled_at=now) if done == after.lines else after


def sent_back(batch: Batch, fens: Iterable[int]) -> Batch:
    """Return the batch after lines of it that were paid came back; whether it is settled stays as it is."""
    amounts = list(fens)
    return replace(
        batch,
        paid_lines=batch.paid_lines - len(amounts),
        paid_fen=batch.paid_fen - sum(amounts),
        returned_lines=batch.returned_lines + len(amounts),
    )
