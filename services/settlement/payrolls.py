"""Payrolls are compared with the employment registry; intake asks, it alone knows citizen numbers [600 §2].

The answers come as facts. An outage leaves the question open, and a line without an answer is not paid.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import structlog

from contracts.commands.intake_checks import MOST_RECHECKED
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.settlement.domain.kinds.wage_month import PayrollLine
from services.settlement.store import claims, copies, statements

Ask = Callable[[str, Mapping[str, Any], str], Any]
Transact = Callable[[Callable[[Unit], Any]], Any]
PURPOSE: Final = "以工代训工资数据比对 / comparison of a payroll"
_AT_ONCE: Final = 10
_log = structlog.get_logger(__name__)


def compare(reader: Reader, transact: Transact, ask: Ask) -> None:
    """Ask intake about payrolls that it was not asked about yet. ask: calls intake (target, body, key)."""
    for claim_id in statements.to_compare(reader, _AT_ONCE):
        claim = claims.load(reader, claim_id)
        lines = statements.load(reader, claim_id).payroll
        if claim is not None and claim.month is not None:
            firm = copies.body(reader, claim.claimant_ref) or {}
            about = {"employer_code": firm["credit_code"], "month": claim.month, "purpose": PURPOSE}
            try:
                _ask(ask, about, lines, f"{claim_id}-{claim.attempt}")
            except Refusal as refusal:
                _log.warning("a payroll was not compared; asking again", claim=claim_id, code=refusal.code)
                continue
        transact(partial(statements.asked, claim_id=claim_id, lines=lines))


def _ask(ask: Ask, about: Mapping[str, Any], lines: tuple[PayrollLine, ...], key: str) -> None:
    for at in range(0, len(lines), MOST_RECHECKED):
        refs = [line.person_ref for line in lines[at : at + MOST_RECHECKED]]
        ask("intake.compare_wages", {**about, "person_refs": refs}, f"wages-{key}-{at}")
