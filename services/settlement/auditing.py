"""The check of the books: every chain link by link, every sum, and the two sides of every transfer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.settlement import views
from services.settlement.domain import audit
from services.settlement.domain.audit import Fault, Told, Walk
from services.settlement.store import books, periods, suspense
from services.settlement.store.snapshot import Store, snapshot


@dataclass(frozen=True)
class Checked:
    """One chain: how many entries, the balance of each ledger account in fen, and what is wrong."""

    chain: str
    entries: int
    head: str
    sums: Mapping[str, int]
    faults: tuple[Fault, ...]


def check(database: Store, wanted: Sequence[str] | None = None) -> list[Checked]:
    """Check all chains, or those wanted, each as of one moment.

    The two sides of transfers are compared over all chains of one moment, whichever are wanted.
    """
    with snapshot(database) as source:
        sides = books.current_sides(source)
        chains = books.chains(source) if wanted is None else wanted
    return with_transfers([_walk(database, chain) for chain in chains], list(sides.items()))


def visible(reader: Reader, account_id: str | None) -> list[Checked]:
    """Check one account, or all of the officer's region, memorandum and suspense accounts included.

    Raises Refusal `not_found` or `region.forbidden`.
    """
    if account_id is not None:
        wanted = [views.visible_account(reader, account_id)["_id"]]
    else:
        mine = set(views.regions_of(reader.actor))
        with snapshot(reader.database) as source:
            wanted = [chain for chain in books.chains(source) if _region(chain) in mine]
    return check(reader.database, wanted)


def part(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Check a part of one account's chain, from a position on; the last part compares the end.

    Raises Refusal `region.forbidden`, `not_found` for the account or the position.
    """
    chain, after = views.visible_account(reader, body["account_id"])["_id"], body["after"]
    with snapshot(reader.database) as source:
        # the first read decides the moment of them all
        account = books.require_account(source, chain)
        hashes = books.hashes_told(source, chain, (after + 1, after + body["limit"]))
        walk = Walk(chain, hashes.get)
        if after:
            last = books.entry_at(source, chain, after)
            if last is None:
                raise Refusal("not_found", field="after", what=f"entry/{chain}:{after}")
            walk.resume(last, books.sums_through(source, chain, after))
        for entry in books.chain_part(source, chain, after, body["limit"]):
            walk.step(entry)
        ended = walk.length < body["limit"]
        if ended:
            walk.close(Told(account.head, account.sums()))
    (found,) = shown([Checked(chain, walk.length, walk.head.hash, walk.sums, tuple(walk.faults))])["chains"]
    return {**found, "after": after, "next": None if ended else walk.head.number}


def with_transfers(walks: Sequence[Walk], sides: Sequence[tuple[str, Mapping[str, int]]]) -> list[Checked]:
    """Return what each walk found, the transfers that are one-sided included."""
    lone: dict[str, list[Fault]] = {}
    for fault in audit.one_sided(sides):
        lone.setdefault(fault.chain, []).append(fault)
    return [
        Checked(
            walk.chain,
            walk.length,
            walk.head.hash,
            walk.sums,
            (*walk.faults, *lone.get(walk.chain, ())),
        )
        for walk in walks
    ]


def _walk(database: Store, chain: str) -> Walk:
    # a snapshot of its own: the database keeps one for some minutes only
    with snapshot(database) as source:
        account = books.account(source, chain) or periods.memorandum(source, chain)
        account = account or suspense.account(source, chain)
        told = Told(account.head, account.sums()) if account else None
        hashes = books.hashes_told(source, chain)
        return audit.walk(chain, books.chain_entries(source, chain), told, hashes.get)


def shown(found: Sequence[Checked]) -> dict[str, Any]:
    """Return the check as it is answered: the first fault of all, and each chain with its first ones."""
    faults = [fault for each in found for fault in each.faults]
    return {
        "sound": not faults,
        "first": _fault(faults[0]) if faults else None,
        "chains": [
            {
                "account_id": each.chain,
                "entries": each.entries,
                "head": each.head,
                "sound": not each.faults,
                "sums": [{"account": name, "amount_fen": fen} for name, fen in each.sums.items()],
                "faults": len(each.faults),
                "first": _fault(each.faults[0]) if each.faults else None,
            }
            for each in found
        ],
    }


def _region(chain: str) -> str:
    return chain.split(":")[1] if chain.count(":") == 2 else ""


def _fault(fault: Fault) -> dict[str, Any]:
    return {**vars(fault), "account_id": fault.chain, "zh": fault.words[0], "en": fault.words[1]}
