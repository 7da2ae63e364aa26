"""Double-entry books: immutable entries, balanced to zero, one hash chain for each fund, region and year."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

BUDGET: Final = "budget"
CURRENT: Final = "current"
AVAILABLE: Final = "available"
ENCUMBERED: Final = "encumbered"
ORDERED: Final = "ordered"
PAID: Final = "paid"
RECOVERED: Final = "recovered"
RECOVERY_DUE: Final = "recovery_due"
RECOVERY_DEMANDED: Final = "recovery_demanded"
WRITTEN_OFF: Final = "written_off"
# memorandum accounts 备查账: only these two, in chains of their own
NOTED: Final = "noted"
NOTED_FROM: Final = "noted_from"
# suspense accounts 暂收暂付: what is held for others, fees of the bank, and what both make at the bank
HELD: Final = "held"
FEES: Final = "fees"
SUSPENSE_BANK: Final = "suspense_bank"
# 往来 current: what came from other accounts (credit) or went to them (debit)
ACCOUNTS: Final = (
    BUDGET,
    CURRENT,
    AVAILABLE,
    ENCUMBERED,
    ORDERED,
    PAID,
    RECOVERED,
    RECOVERY_DUE,
    RECOVERY_DEMANDED,
    WRITTEN_OFF,
)
MEMORANDUM_ACCOUNTS: Final = (NOTED, NOTED_FROM)
SUSPENSE_ACCOUNTS: Final = (HELD, FEES, SUSPENSE_BANK)


Move = tuple[str, int] | tuple[str, int, str]


class Unbalanced(ValueError):
    """An entry whose lines do not sum to zero, or that names an account twice or not at all: a fault of
    ours.
    """


@dataclass(frozen=True)
class Posting:
    """One line of an entry: an account and an amount in fen (debit above zero, credit below).

    payment_id: the payment line that it is, where an entry pays several.
    """

    account: str
    amount_fen: int
    payment_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """One immutable entry of a chain.

    number counts in its chain from 1; at: business time (UTC, to the millisecond); kind says what happened;
    previous: the hash before it; hash: SHA-256 over all the rest; about: the transfer or recovery it
    belongs to.
    """

    chain: str
    number: int
    at: datetime
    kind: str
    by: str
    reason: str
    claim_id: str | None
    payment_id: str | None
    postings: tuple[Posting, ...]
    previous: str
    hash: str
    about: str | None = None

    @property
    def amount_fen(self) -> int:
        """The sum of the debit side, in fen."""
        return sum(line.amount_fen for line in self.postings if line.amount_fen > 0)


@dataclass(frozen=True)
class Head:
    """The end of a chain: the number and hash of its last entry."""

    chain: str
    number: int
    hash: str


@dataclass(frozen=True)
class Cause:
    """Why an entry is made: kind, who, reason, and the claim, the payment line and the transfer or recovery
    it belongs to.
    """

    kind: str
    by: str
    reason: str
    claim_id: str | None = None
    payment_id: str | None = None
    about: str | None = None


def new_chain(chain: str) -> Head:
    """Return the empty chain; its first hash is over its own name, so that chains cannot be swapped."""
    return Head(chain, 0, hashlib.sha256(chain.encode()).hexdigest())


def post(head: Head, at: datetime, cause: Cause, moves: Sequence[Move]) -> tuple[Head, Entry]:
    """Return the chain with one more entry. moves: (account, fen[, payment line]). Raises Unbalanced."""
    postings = tuple(Posting(*move) for move in moves)
    _check(postings)
    fields = {
        "chain": head.chain,
        "number": head.number + 1,
        "at": at,
        "kind": cause.kind,
        "by": cause.by,
        "reason": cause.reason,
        "claim_id": cause.claim_id,
        "payment_id": cause.payment_id,
        "postings": postings,
        "previous": head.hash,
        "about": cause.about,
    }
    entry = Entry(**fields, hash=digest(fields))  # type: ignore[arg-type]
    return Head(head.chain, entry.number, entry.hash), entry


def digest(fields: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of an entry's fields in their one canonical form."""
    plain = {
        **fields,
        "at": fields["at"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "postings": [_line(line) for line in fields["postings"]],
    }
    plain.pop("hash", None)
    # came later: entries without it keep their hash
    if plain.get("about") is None:
        plain.pop("about", None)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults(chain: str, entries: Iterable[Entry]) -> list[str]:
    """Return what is wrong with a chain's entries, in order: numbers, links, hashes, balance. Empty:
    sound.
    """
    found = []
    head = new_chain(chain)
    for entry in entries:
        if entry.number != head.number + 1:
            found.append(f"{chain} entry {entry.number} follows {head.number}")
        if entry.previous != head.hash:
            found.append(f"{chain} entry {entry.number} does not continue the hash before it")
        if entry.hash != digest(vars(entry)):
            found.append(f"{chain} entry {entry.number} was changed after it was posted")
        if sum(line.amount_fen for line in entry.postings):
            found.append(f"{chain} entry {entry.number} is not balanced")
        head = Head(chain, entry.number, entry.hash)
    return found


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the balance of each ledger account in fen."""
    sums = dict.fromkeys(ACCOUNTS, 0)
    for entry in entries:
        for line in entry.postings:
            sums[line.account] += line.amount_fen
    return sums


def _line(posting: Posting) -> list[Any]:
    # the payment line came later: postings without it keep their form
    own = [] if posting.payment_id is None else [posting.payment_id]
    return [posting.account, posting.amount_fen, *own]


def well_formed(postings: Sequence[Posting]) -> bool:
    """Return whether lines name known accounts, each once (a payment line each), with whole amounts that
    are not zero.
    """
    named = {(line.account, line.payment_id) for line in postings}
    known = all(line.account in (*ACCOUNTS, *MEMORANDUM_ACCOUNTS, *SUSPENSE_ACCOUNTS) for line in postings)
    # the database gives large numbers back as a kind of int of its own; true and false are ints too
    whole = all(
        isinstance(line.amount_fen, int) and not isinstance(line.amount_fen, bool) and line.amount_fen
        for line in postings
    )
    return bool(postings) and len(named) == len(postings) and known and whole


def _check(postings: tuple[Posting, ...]) -> None:
    if not well_formed(postings):
        raise Unbalanced(f"accounts or amounts: {postings}")
    if sum(line.amount_fen for line in postings):
        raise Unbalanced(f"sum {sum(line.amount_fen for line in postings)}")
