"""Quarterly and annual reports of the funds."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.dates import day_begins, day_ends
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.settlement import comparing, report_files
from services.settlement.domain import ledger, reports
from services.settlement.domain.reports import AccountSums, Moved, Row
from services.settlement.store import reports as store
from services.settlement.store.snapshot import Snapshot, snapshot

_SIGN = {ledger.BUDGET: -1, ledger.CURRENT: -1, ledger.RECOVERED: -1}
_COLUMNS = (
    ("budget_fen", ledger.BUDGET),
    ("transferred_fen", ledger.CURRENT),
    ("encumbered_fen", ledger.ENCUMBERED),
    ("ordered_fen", ledger.ORDERED),
    ("paid_fen", ledger.PAID),
    ("recovered_fen", ledger.RECOVERED),
    ("due_fen", ledger.RECOVERY_DUE),
    ("written_off_fen", ledger.WRITTEN_OFF),
    ("available_fen", ledger.AVAILABLE),
)


def report(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Report on the funds of a region in a period. Raises Refusal `region.forbidden`."""
    region = body["region"] or reader.actor.region
    if region is None:
        raise Refusal("region.forbidden", region="-")
    reader.actor.require_region(region)
    period = reports.period_of(body["period"])
    if period.first is None or period.last is None:
        raise Refusal("settlement.period_unknown", field="period", period=body["period"])
    start, end = day_begins(period.first), day_ends(period.last)
    below = [code for code in regions.CODES if regions.covers(region, code)]
    scope = {"region": {"$in": below}, "year": {"$lte": period.last.year}}
    with snapshot(reader.database) as source:
        funds = _ids(source, "fund_accounts", scope)
        moved = list(store.moved(source, funds, start, end))
        named = {each.claim_id for each in moved if each.claim_id is not None}
        facts = store.claim_facts(source, funds, named, start, end)
        noted = list(store.moved(source, _ids(source, "memorandum_accounts", scope), start, end))
    rows, differences = reports.rows(moved, facts)
    return {
        "period": body["period"],
        "first": period.first,
        "last": period.last,
        "region": region,
        "at": reader.now,
        "accounts": [_account(each) for each in reports.account_sums(moved)],
        "rows": [_row(each) for each in rows],
        "memorandum": _memorandum(noted),
        "agrees": not differences,
        "differences": [comparing.shown(each) for each in differences],
    }


def report_file(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report as a file: CSV or a workbook."""
    made = report_files.render(report(reader, body), body["format"])
    return {
        "name": f"wudan-funds-{body['region'] or reader.actor.region}-{body['period']}.{body['format']}",
        "media_type": report_files.MEDIA_TYPES[body["format"]],
        "content": base64.b64encode(made).decode(),
    }


def _ids(source: Snapshot, collection: str, filter: Mapping[str, Any]) -> list[str]:
    return [doc["_id"] for doc in source.stream(collection, filter, sort=[("_id", 1)])]


def _key(chain: str) -> dict[str, Any]:
    fund, region, year = chain.split(":")
    return {"fund": fund, "region": region, "year": int(year)}


def _account(sums: AccountSums) -> dict[str, Any]:
    closing = {name: _SIGN.get(account, 1) * sums.closing.get(account, 0) for name, account in _COLUMNS}
    return {
        "account_id": sums.chain,
        **_key(sums.chain),
        **closing,
        "period_paid_fen": sums.turnover.get(ledger.PAID, 0),
        "period_recovered_fen": -sums.turnover.get(ledger.RECOVERED, 0),
    }


def _row(row: Row) -> dict[str, Any]:
    return {**vars(row), **_key(row.chain)}


def _memorandum(noted: Sequence[Moved]) -> list[dict[str, Any]]:
    return [
        {
            **_key(sums.chain),
            "noted_fen": sums.turnover.get(ledger.NOTED, 0),
            "to_date_fen": sums.closing.get(ledger.NOTED, 0),
        }
        for sums in reports.account_sums(noted)
    ]
