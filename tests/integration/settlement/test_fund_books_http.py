"""The books through the gateway: an auditor looks, a finance officer acts, another region is refused."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import openpyxl
import pytest

from tests.integration.settlement.world import CITY, COUNTY, FINANCE, FIRST, Town
from tests.support import backends
from tests.support.gateway import Client, Gateway
from tests.support.services import Running

SISTER = "370612"


@dataclass
class Office:
    """A town, and clients of a finance officer, an auditor and an officer of another city."""

    town: Town
    finance: Client
    auditor: Client
    other: Client
    gateway: Gateway


@pytest.fixture(scope="module")
def office(stack: backends.Backend) -> Iterator[Office]:
    """Settlement alone, with a gateway."""
    sandbox = stack.sandbox(("intake", "settlement", "gateway"))
    nowhere = {"WUDAN_BANK_URL": "http://127.0.0.1:9/bank", "WUDAN_BANK_TOKEN": "none"}
    try:
        with (
            Running(sandbox, ("settlement",), {"settlement": nowhere}) as running,
            Gateway(sandbox) as gateway,
        ):
            town = Town(running)
            with town.intake:
                yield Office(
                    town,
                    gateway.officer(["finance_officer"], CITY),
                    gateway.officer(["auditor"], CITY),
                    gateway.officer(["finance_officer"], "370200"),
                    gateway,
                )
    finally:
        sandbox.drop()


def test_an_auditor_looks_and_a_finance_officer_acts(office: Office) -> None:
    town, finance, auditor, other = office.town, office.finance, office.auditor, office.other
    wanted = {"fund": "employment_subsidy", "region": COUNTY, "year": town.year, "budget_fen": 1_000_000_00}
    account = finance.post("/v1/funds", wanted).json()["id"]
    by = town.provider()
    claim = town.advance(by, town.training(by, town.people(2))[0])
    town.step("accept_claim", FIRST, claim["id"])
    body = {
        "from_account": account,
        "to_account": f"employment_subsidy:{SISTER}:{town.year}",
        "amount_fen": 5_00,
        "document": "演财社〔2026〕2号",
        "reason": "市内调剂",
    }
    assert auditor.post("/v1/fund-transfers", body).status_code == 403
    assert other.post("/v1/fund-transfers", body).json()["code"] == "region.forbidden"
    made = finance.post("/v1/fund-transfers", body)
    assert (made.status_code, made.json()["kind"]) == (201, "within_city")
    beyond = finance.post("/v1/fund-transfers", body | {"amount_fen": 10**12})
    assert (beyond.status_code, beyond.json()["code"]) == (409, "settlement.transfer_overdraft")
    assert beyond.json()["way_out"]["zh"]
    checked = auditor.get("/v1/books/check")
    assert (checked.status_code, checked.json()["sound"], len(checked.json()["chains"])) == (200, True, 2)
    assert auditor.get(f"/v1/books/check?account_id={account}").json()["chains"][0]["account_id"] == account
    assert other.get(f"/v1/books/check?account_id={account}").status_code == 403
    assert other.get("/v1/books/check").json()["chains"] == []
    assert [each["id"] for each in auditor.get("/v1/fund-transfers").json()["items"]] == [made.json()["id"]]
    assert auditor.get(f"/v1/funds/{account}/months/2020-01").status_code == 404
    signature = f"/v1/funds/{account}/months/{town.year}-01/signature"
    assert auditor.post(signature, {"hash": "0" * 64}).status_code == 403


def test_a_report_comes_as_json_csv_and_workbook(office: Office) -> None:
    period = f"{office.town.year}"
    report = office.auditor.get(f"/v1/fund-reports?period={period}").json()
    (row,) = report["rows"]
    assert (report["agrees"], row["kind"], row["encumbered_fen"] > 0) == (True, "project_advance", True)
    file = office.auditor.get(f"/v1/fund-reports/file?period={period}&format=csv")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == (
        f"attachment; filename*=UTF-8''wudan-funds-{CITY}-{period}.csv"
    )
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    yuan = f"{row['encumbered_fen'] / 100:.2f}"
    assert any(line[3:4] == ["项目制预付"] and yuan in line for line in lines)
    book = office.auditor.get(f"/v1/fund-reports/file?period={period}")
    assert "补贴 claims" in openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames
    assert office.auditor.get("/v1/fund-reports?period=2026Q7").status_code == 422
    assert office.other.get(f"/v1/fund-reports?period={period}&region={COUNTY}").status_code == 403


def test_a_budget_of_a_memorandum_account_is_no_budget(office: Office) -> None:
    wanted = {"fund": "staff_education", "region": COUNTY, "year": office.town.year, "budget_fen": 5}
    assert office.finance.post("/v1/funds", wanted).status_code == 422
    note = {"fund": "staff_education", "region": COUNTY, "amount_fen": 5, "reason": "备查"}
    assert office.finance.post("/v1/memorandum-accounts", note).json()["noted_fen"] == 5
    assert office.town.call("list_funds", FINANCE)["items"][0]["fund"] == "employment_subsidy"
