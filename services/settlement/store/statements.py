"""What a claimant listed: certificate numbers or a payroll. Kept beside the claim."""

from collections.abc import Mapping
from typing import Any

from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.settlement.domain.kinds.wage_month import PayrollLine
from services.settlement.domain.statement import Statement
from services.settlement.store.documents import Source, plain, renewed, restored

_ROWS = "claim_statements"


def of_request(wanted: Mapping[str, Any]) -> Statement | None:
    """Return the list in a request, None when it has none."""
    if wanted["certificates"] is None and wanted["payroll"] is None:
        return None
    lines = tuple(PayrollLine(**line) for line in wanted["payroll"] or ())
    return Statement(tuple(wanted["certificates"] or ()), lines)


def load(source: Source, claim_id: str) -> Statement:
    """Return what a claimant listed; nothing where the kind of claim has no list."""
    doc = source.get(_ROWS, claim_id)
    return restored(Statement, doc) if doc else Statement()


def save(unit: Unit, claim_id: str, statement: Statement) -> None:
    """Keep what a claimant listed."""
    known = unit.get(_ROWS, claim_id)
    doc = renewed(known, {"id": claim_id, **plain(statement), "to_compare": bool(statement.payroll)})
    if known is None:
        unit.insert(_ROWS, doc)
    else:
        unit.save(_ROWS, doc)


def to_compare(reader: Reader, limit: int) -> list[str]:
    """Return claims whose payroll intake has not been asked about yet."""
    return [doc["_id"] for doc in reader.find(_ROWS, {"to_compare": True}, [("_id", 1)], limit)]


def asked(unit: Unit, claim_id: str, lines: tuple[PayrollLine, ...]) -> None:
    """Note that intake was asked about these lines; a payroll replaced meanwhile is asked about anew."""
    doc = unit.get(_ROWS, claim_id)
    if doc is not None and restored(Statement, doc).payroll == lines:
        unit.save(_ROWS, {**doc, "to_compare": False})
