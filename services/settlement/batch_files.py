"""The payment file of a batch, made anew whenever it is needed.

Names and accounts come from intake at that moment, each disclosure on record there, and are kept nowhere.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.outside_bank import PAYER
from services.settlement.bank_files import pain001, tables
from services.settlement.bank_files.things import Order, Orders
from services.settlement.domain.batches import Batch
from services.settlement.domain.payments import PaymentLine

# asks for names and accounts of payees (refs, purpose); the answer of intake.payee_details
PayeeDetails = Callable[[Sequence[str], str], Mapping[str, Any]]
Format = Literal["pain.001", "csv"]
PURPOSE: Final = "职业技能培训补贴"
NO_ACCOUNT: Final = "no_account"
UNWRITABLE: Final = "name_unwritable"
_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Contents:
    """What goes into a file, and which lines cannot: (line, why)."""

    orders: Orders
    missing: tuple[tuple[PaymentLine, str], ...]


def contents(
    batch: Batch, lines: Sequence[PaymentLine], details: PayeeDetails, why: str, now: datetime
) -> Contents:
    """Ask for the payees of these lines of a batch. why: for the record of disclosures."""
    payees = _payees(sorted({line.payee_ref for line in lines}), details, f"{why} {batch.id}")
    orders, missing = [], []
    for line in lines:
        payee = payees.get(line.payee_ref)
        if payee is None:
            missing.append((line, NO_ACCOUNT))
        elif not pain001.writable(payee["name"]):
            missing.append((line, UNWRITABLE))
        else:
            orders.append(Order(line.instruction, payee["bank_account"], payee["name"], line.amount_fen))
    file = Orders(
        message_id=batch.id,
        payer=PAYER,
        payer_name=f"{regions.name(batch.region)}职业培训补贴专户",
        purpose=PURPOSE,
        day=today_in_shanghai(now),
        orders=tuple(orders),
    )
    return Contents(file, tuple(missing))


def write(orders: Orders, format: Format, now: datetime, encoding: tables.Encoding = "utf-8") -> bytes:
    """Return the file. Raises pain001.NotValid when it does not fit its schema."""
    if format == "csv":
        return tables.write_payments(orders, encoding)
    return pain001.write(orders, now)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(content).hexdigest()


def _payees(refs: Sequence[str], details: PayeeDetails, purpose: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(refs), _AT_ONCE):
        answer = details(refs[start : start + _AT_ONCE], purpose)
        found |= {each["payee_ref"]: each for each in answer["items"]}
    return found
