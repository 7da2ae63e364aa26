"""The finance bureau's balances, one by one or from its file."""

from collections.abc import Mapping
from typing import Any

from services.chassis.unit import Unit
from services.settlement import scopes
from services.settlement.domain import balance_file, transfers
from services.settlement.domain.balance_file import Row
from services.settlement.store import books, periods


def record(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in one balance. Raises Refusal `region.forbidden`, `not_found` or `settlement.balance_day`."""
    balance_file.check_day(body["day"], unit.now, "day")
    row = Row(0, body["account_id"], body["day"], body["balance_fen"])
    return _add(unit, row, body["source"])


def take_in(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take in all lines of a file, or none. Raises Refusal `settlement.balance_file` or
    `settlement.file_region`, with the line.
    """
    rows = balance_file.read(body["content"], unit.now)
    for row in rows:
        account = books.account(unit, row.account_id)
        if account is None:
            raise balance_file.wrong(row.line, "account_id", "没有此资金账户", "no such fund account")
        scopes.require_in_file(unit.actor, account.region, row.line, "account_id")
    return {"items": [_add(unit, row, body["source"]) for row in rows]}


def _add(unit: Unit, row: Row, source: str) -> dict[str, Any]:
    unit.actor.require_region(transfers.key_of(row.account_id, "account_id").region)
    books.require_account(unit, row.account_id)
    told = {
        "account_id": row.account_id,
        "day": row.day,
        "balance_fen": row.balance_fen,
        "source": source,
        "by": unit.actor.account,
        "at": unit.now,
    }
    periods.add_balance(unit, told)
    periods.mark_stale(unit, row.account_id)
    return told
