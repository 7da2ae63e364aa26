"""Collections of the register of training bodies and of the facts that grades are reckoned from.

providers     bodies on the register, by the body's id      credit_marks  sanctions that hold, of settlement
money_lines   payments to bodies and recoveries from them   regrades      when a grade is reckoned again
"""

from typing import Any, Final

from services.acceptance.domain.grades import CreditMark, MoneyLine
from services.acceptance.domain.providers import Provider

KINDS: Final[dict[type, str]] = {
    Provider: "providers",
    CreditMark: "credit_marks",
    MoneyLine: "money_lines",
}


def drop_credit_mark(unit: Any, id: str) -> None:
    """Take a sanction out of what grades are reckoned from."""
    unit.delete(KINDS[CreditMark], id)


def register_indexes(database: Any) -> None:
    """Create the collection of the register and its indexes."""
    _create(database, ("providers",))
    database["providers"].create_index([("region", 1), ("_id", 1)], name="region")


def grade_indexes(database: Any) -> None:
    """Create the collections that grades are reckoned from and their indexes."""
    _create(database, ("credit_marks", "money_lines", "regrades"))
    for name in ("credit_marks", "money_lines"):
        database[name].create_index([("provider_ref", 1), ("day", 1)], name="provider")
    database["regrades"].create_index([("due_on", 1), ("_id", 1)], name="due")


def _create(database: Any, names: tuple[str, ...]) -> None:
    for name in sorted(set(names) - set(database.list_collection_names())):
        database.create_collection(name)
