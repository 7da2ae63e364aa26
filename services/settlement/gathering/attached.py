"""Which kinds of files are attached to a claim, those left out that a scanner found infected."""

from services.settlement.store import files
from services.settlement.store.documents import Source


def kinds(source: Source, claim_id: str) -> frozenset[str]:
    """Return the kinds of the claim's files that count as evidence: whole, and not infected."""
    return frozenset(
        each.kind
        for each in files.of_claim(source, claim_id)
        if each.scan != "infected" and each.edited_at is None
    )
