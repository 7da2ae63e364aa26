"""Calls of the live summary: sums, months, and the check of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import structlog

from contracts.commands import catalogue_summary as c
from contracts.vocabularies.dates import month_of
from services.catalogue.domain.months import months_before, months_between
from services.catalogue.domain.summary import COUNTS
from services.catalogue.scopes import region_of
from services.catalogue.store import sums as store
from services.chassis.service import Reader, job, query

Body = dict[str, Any]
_LOOKS_BACK = 12
_NAMED = 100
_EVERY_SECONDS = 6 * 3600
_log = structlog.get_logger(__name__)


class SummaryCalls:
    """What is asked for, where, at which level, since when."""

    reader: Any

    @query(c.SUMMARISE_DEMANDS)
    def summarise_demands(self, reader: Reader, body: Body) -> Body:
        """Sum open demands by county, occupation, level and month, or by some of them."""
        region = region_of(reader.actor, body["region"])
        names = ["region" if name == "county" else name for name in body["by"]]
        rows = store.total(reader, [*names, "kind"], _where(body), region, ("open", "open_heads"))
        lines = _lines(rows, names)
        totals = {name: sum(line[name] for line in lines) for name in ("workers", "firms", "firm_headcount")}
        return {"lines": lines, **totals}

    @query(c.DEMAND_TRENDS)
    def demand_trends(self, reader: Reader, body: Body) -> Body:
        """What was posted month by month, and where it stands."""
        region = region_of(reader.actor, body["region"])
        last = body["last"] or month_of(reader.now)
        earliest = months_before(last, c.MOST_MONTHS - 1)
        first = max(body["first"] or months_before(last, _LOOKS_BACK - 1), earliest)
        # one more, so that the first month shown has one to be compared with
        asked = {**body, "first": months_before(first, 1), "last": last}
        where = _where(asked) | ({"kind": body["kind"]} if body["kind"] else {})
        rows = {row["month"]: row for row in store.total(reader, ["month"], where, region, COUNTS)}
        shown = months_between(asked["first"], last)
        months = [{**dict.fromkeys(COUNTS, 0), **rows.get(month, {}), "month": month} for month in shown]
        return {"months": [_compared(before, month) for before, month in pairwise(months)]}

    @query(c.CHECK_SUMMARY)
    def check_summary(self, reader: Reader, body: Body) -> Body:
        """Compare the rows with the demands and name the differences."""
        return store.check(reader, region_of(reader.actor, body["region"]), _NAMED)

    @job("check-summary", every=_EVERY_SECONDS)
    def compare_summary(self) -> None:
        """The same for everywhere, into the log."""
        found = store.check(self.reader(), None, _NAMED)
        for each in found["differences"]:
            _log.error("the summary differs from the demands", **asdict(each))
        _log.info("summary checked", rows=found["rows"], different=found["different"])


def _compared(before: Body, month: Body) -> Body:
    return {**month, "change": month["posted_heads"] - before["posted_heads"]}


def _where(body: Body) -> Body:
    """Return the conditions of what was asked for, beside the region."""
    where = {name: body[name] for name in ("occupation", "level") if body[name]}
    bounds = {"$gte": body["first"], "$lte": body["last"]}
    months = {sign: month for sign, month in bounds.items() if month}
    return where | ({"month": months} if months else {})


def _lines(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[Body]:
    """Return lines with workers and firms side by side, of rows that are in order and told apart by kind."""
    lines: dict[tuple[str, ...], Body] = {}
    for row in rows:
        place = tuple(row[name] for name in names)
        line = lines.get(place)
        if line is None:
            told = dict(zip(names, place, strict=True))
            line = lines[place] = {
                "county": told.get("region"), "occupation": told.get("occupation"),
                "level": told.get("level"), "month": told.get("month"),
                "workers": 0, "firms": 0, "firm_headcount": 0,
            }  # fmt: skip
        if row["kind"] == "worker":
            line["workers"] = row["open_heads"]
        else:
            line["firms"], line["firm_headcount"] = row["open"], row["open_heads"]
    return list(lines.values())
