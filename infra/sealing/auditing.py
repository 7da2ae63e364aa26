"""Whether the receipts published at an opening are those that were given before the deadline.

Read from the facts of a challenge as oversight keeps them (GET /v1/facts?aggregate_id=…). Who can write to
acceptance's database alone cannot change these. So this finds a bid that was exchanged together with its
receipt, or taken away, without its bidder's help.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.sealing.boxes import receipt_hash


@dataclass(frozen=True)
class Finding:
    """borne_out: published and given before; never_given: published only, with the provider it is shown for;
    missing: hashes of receipts that were given for bids that stood at the deadline, and were not published.
    """

    borne_out: tuple[str, ...]
    never_given: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether nothing was exchanged, added or taken away."""
        return not self.never_given and not self.missing


def compare(facts: Iterable[Mapping[str, Any]]) -> Finding | None:
    """Return what the facts of one challenge say of its receipts; None when it has not been opened."""
    given: set[str] = set()
    for fact in sorted(facts, key=lambda each: each["sequence"]):
        verb, data = fact["type"].rpartition(".")[2], fact["data"]
        if verb == "bid_received":
            given.discard(data["replaces"])
            given.add(data["receipt_hash"])
        elif verb == "bid_withdrawn":
            given.discard(data["receipt_hash"])
        elif verb == "reinvited":
            given.clear()
        elif verb == "opened":
            return _found(given, data["bids"])
    return None


def _found(given: set[str], bids: Iterable[Mapping[str, Any]]) -> Finding:
    hashes = {receipt_hash(bid["receipt"]): bid for bid in bids}
    return Finding(
        tuple(sorted(bid["provider_ref"] for hash, bid in hashes.items() if hash in given)),
        tuple(sorted(bid["provider_ref"] for hash, bid in hashes.items() if hash not in given)),
        tuple(sorted(given - hashes.keys())),
    )
