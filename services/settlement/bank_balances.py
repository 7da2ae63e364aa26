"""The bank reconciliation of the payer's account, as of now (银行存款余额调节表)."""

from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.settlement.domain import bank_balance
from services.settlement.store import bank_balance as store
from services.settlement.store.snapshot import snapshot

MOST: Final = 1000


def of_payer(reader: Reader) -> dict[str, Any]:
    """Show the bank's last balance beside the books', with each item between them.

    Raises Refusal `region.forbidden` unless the officer's region covers the account's, `not_found` before the
    first statement was read.
    """
    reader.actor.require_region(PAYER[:6])
    with snapshot(reader.database) as source:
        stated = store.stated(source)
        if stated is None:
            raise Refusal("not_found", what=f"bank balance/{PAYER}")
        parts = (store.unlike_lines, store.unmatched_receipts, store.strangers)
        lines, receipts, strangers = (list(part(source, MOST)) for part in parts)
        found = bank_balance.compare(
            PAYER, stated, store.booked(source), store.moved(source), lines, receipts, strangers
        )
    names = ("account", "day", "bank_fen", "book_fen", "adjusted_bank_fen", "adjusted_book_fen")
    return {
        **{name: getattr(found, name) for name in (*names, "unexplained_fen")},
        "agrees": not found.items and not found.unexplained_fen,
        "items": [{**vars(each), "zh": each.words[0], "en": each.words[1]} for each in found.items],
        "more": MOST in (len(lines), len(receipts), len(strangers)),
    }
