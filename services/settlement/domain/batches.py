"""A payment batch (付款批次): the payment lines of one fund account that go to the bank in one file.

built → sent → settled. Its id is the file's message id, each line's instruction the end-to-end id in it.
Names and accounts are in no batch: they are asked for whenever the file is made (decision 0013).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

LARGEST: Final = 1000


@dataclass(frozen=True)
class Batch:
    """Amounts in fen. tries: how often it was begun to be sent; sha256: of the file that was sent last."""

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


def tried(batch: Batch, sha256: str) -> Batch:
    """Return the batch as it is about to be sent: from now on the bank may have it."""
    return replace(batch, tries=batch.tries + 1, sha256=sha256)


def sent(batch: Batch, now: datetime) -> Batch | None:
    """Return the batch after the bank took it; None when that is known already."""
    return replace(batch, status="sent", sent_at=now) if batch.status == "built" else None


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
