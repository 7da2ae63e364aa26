"""Which reader reads which file."""

from collections.abc import Callable
from typing import Final

from services.settlement.bank_files import camt053, pain002, tables
from services.settlement.bank_files.things import Receipt, Statement

RECEIPTS: Final[dict[str, Callable[[bytes], Receipt]]] = {
    "pain.002": pain002.read,
    "csv": tables.read_receipt,
}
STATEMENTS: Final[dict[str, Callable[[bytes], Statement]]] = {
    "camt.053": camt053.read,
    "csv": tables.read_statement,
}
