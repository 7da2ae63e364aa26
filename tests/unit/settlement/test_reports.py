"""Reports of the funds: rows by kind and payee, compared with the claim table; files without formulas."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement import report_files
from services.settlement.domain import reports
from services.settlement.domain.differences import Difference
from services.settlement.domain.reports import ClaimFacts, Moved

FUND = "employment_subsidy:370611:2026"


def moved(
    claim: str | None, account: str, fen: int, now: bool = True, bank: bool = True, lines: int = 1
) -> Moved:
    return Moved(FUND, claim, account, now, bank, fen, lines)


def books() -> list[Moved]:
    """Claim c1 of two persons is paid, one of them before the period; c2 of a body is paid and partly offset;
    c3 is accepted.
    """
    return [
        moved(None, "budget", -1000, now=False),
        moved(None, "available", 1000, now=False),
        moved("c1", "available", -100, now=False),
        moved("c1", "paid", 60, now=False),
        moved("c1", "paid", 40),
        moved("c1", "recovered", -10),
        moved("c1", "available", 10),
        moved("c2", "available", -300),
        moved("c2", "paid", 250),
        moved("c2", "paid", 50, bank=False),
        moved("c3", "available", -77),
        moved("c3", "encumbered", 77),
    ]


def table() -> dict[str, ClaimFacts]:
    return {
        "c1": ClaimFacts("living_cost", "person", 2, 40),
        "c2": ClaimFacts("project_advance", "provider", 30, 250),
        "c3": ClaimFacts("project_advance", "provider", 12, 0),
    }


def test_rows_by_kind_and_payee() -> None:
    rows, differences = reports.rows(books(), table())
    assert differences == []
    costs, advances = rows
    assert (costs.kind, costs.payee, costs.claims, costs.people) == ("living_cost", "person", 1, 1)
    assert (costs.paid_fen, costs.recovered_fen, costs.to_date_fen) == (40, 10, 100)
    assert (advances.claims, advances.people, advances.encumbered_fen) == (1, 30, 77)
    assert (advances.paid_fen, advances.offset_fen, advances.to_date_fen) == (250, 50, 300)
    (sums,) = reports.account_sums(books())
    assert (sums.closing["available"], sums.turnover["paid"]) == (533, 340)
    assert sum(sums.closing.values()) == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"c1": ClaimFacts("living_cost", "person", 2, 41)}, Difference("claim_sum", FUND, "c1", 1)),
        ({"c4": ClaimFacts("living_cost", "person", 2, 5)}, Difference("claim_sum", "-", "c4", 5)),
        ({"c3": None}, Difference("claim_unknown", FUND, "c3", 0)),
    ],
)
def test_where_the_table_says_something_else(
    changes: dict[str, ClaimFacts | None], named: Difference
) -> None:
    claims = {id: facts for id, facts in {**table(), **changes}.items() if facts is not None}
    assert reports.rows(books(), claims)[1] == [named]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    found = reports.period_of(text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["2026Q5", "2026-13", "26", "2026Q1 ", "", "2026q1", "二〇二六"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(Refusal, match="period_unknown"):
        reports.period_of(text)


def shown() -> dict[str, object]:
    rows, _ = reports.rows(books(), table())
    key = {"fund": "employment_subsidy", "region": "370611", "year": 2026}
    about = {"account_id": FUND, "about": '=HYPERLINK("x")', "amount_fen": -5, "zh": "+因", "en": "@why"}
    return {
        "region": "370600",
        "period": "2026Q1",
        "first": date(2026, 1, 1),
        "last": date(2026, 3, 31),
        "at": datetime(2026, 4, 1, tzinfo=UTC),
        "accounts": [],
        "rows": [{**vars(row), **key} for row in rows],
        "memorandum": [{**key, "fund": "staff_education", "noted_fen": 105, "to_date_fen": 205}],
        "differences": [about],
    }


def test_a_csv_has_yuan_and_no_formula() -> None:
    raw = report_files.render(shown(), "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    costs = next(line for line in lines if "培训期间生活费补贴" in line)
    assert costs[:2] == ["就业补助资金", "山东省烟台市福山区"]
    assert costs[6:] == ["1", "0.00", "0.00", "0.40", "0.00", "0.10", "1.00"]
    assert [FUND, '\'=HYPERLINK("x")', "-0.05", "'+因", "'@why"] in lines
    assert any(line[:1] == ["职工教育经费"] and line[-2:] == ["1.05", "2.05"] for line in lines)


def test_a_workbook_has_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_files.render(shown(), "xlsx")))
    rows = list(book["补贴 claims"].iter_rows(values_only=True))
    assert rows[2][:5] == ("就业补助资金", "山东省烟台市福山区", 2026, "培训期间生活费补贴", "劳动者")
    assert rows[2][-4:] == (0.4, 0, 0.1, 1)
    cells = [cell for row in book["差异 differences"].iter_rows(min_row=3) for cell in row]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "s", "s"]
    assert cells[1].value == '\'=HYPERLINK("x")'
