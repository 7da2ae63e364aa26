"""Months of the books: signed by two, closed, shown again as they were; what comes in late."""

from datetime import timedelta
from typing import Any

from contracts.vocabularies.dates import month_of, today_in_shanghai
from tests.integration.settlement.books import (
    AUDITOR,
    BUDGET,
    OTHER_CITY,
    account_id,
    answering,  # noqa: F401
    refused,
)
from tests.integration.settlement.world import (
    COUNTY,
    FINANCE,
    PAYMENT,
    PayingTown,
)
from tests.support.services import wait_for


def to_a_new_month(town: PayingTown) -> None:
    """Begin a month, so that a claim is paid in it; not at a year's end, after which accounts are others."""
    later = (town.now.replace(day=1) + timedelta(days=33)).replace(day=2, hour=2)
    if later.month > 10:
        later = later.replace(year=later.year + 1, month=1)
    town.running.clock.advance_to(later)


def test_a_month_is_signed_by_two_and_closed_as_it_was(paying_town: PayingTown) -> None:
    town = paying_town
    to_a_new_month(town)
    town.budget(BUDGET)
    id = account_id(town, COUNTY)
    claim = town.living_costs(town.people(3))
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=3)
    town.reconciled()
    month = month_of(town.now)
    town.running.clock.advance_to((town.now.replace(day=1) + timedelta(days=33)).replace(day=3, hour=2))

    def prepared() -> dict[str, Any] | None:
        listed = town.call("list_months", AUDITOR, account_id=id, month=month)["items"]
        ready = [each for each in listed if each["ready"]]
        return town.call("get_month", AUDITOR, account_id=id, month=month) if ready else None

    shown = wait_for(prepared, 60, "a statement of the month")
    assert (shown["status"], shown["holding"], shown["statement"]["differences"]) == ("prepared", 0, [])
    sums = {each["account"]: each for each in shown["statement"]["sums"]}
    assert sums["paid"]["closing_fen"] == shown["statement"]["bank_fen"] >= 3 * 150_00
    balance = {"day": f"{month}-28", "balance_fen": 5, "source": "演财库〔2026〕9号"}
    town.call("record_balance", FINANCE, account_id=id, **balance)
    shown = wait_for(lambda: with_balance(prepared()), 60, "a statement with the bureau's balance")
    assert [each["holds"] for each in shown["statement"]["differences"]] == [False]
    body = {"account_id": id, "month": month, "hash": shown["hash"]}
    early = refused(town, "sign_month", FINANCE, **{**body, "month": month_of(town.now)})
    assert (early.code, early.facts) == ("settlement.month_order", {"next": month})
    sign_and_close(town, body, shown)

    def last_day() -> dict[str, Any]:
        (day, *_) = town.call("list_reconciliations", AUDITOR, account_id=id)["items"]
        return day

    # a day that was compared before its statement was read is compared again
    wait_for(lambda: last_day()["agrees"], 60, "a day that agrees")
    assert town.call("list_reconciliations", OTHER_CITY)["items"] == []


def test_months_are_read_page_by_page(paying_town: PayingTown) -> None:
    town = paying_town
    known = wait_for(lambda: town.db.months.find_one({"region": COUNTY}), 60, "a statement of a month")
    one, other = f"employment_subsidy:{COUNTY}:2019", f"special_account:{COUNTY}:2019"
    ids = [(account, f"2019-{number:02d}") for account in (one, other) for number in range(1, 8)]
    old = [
        {**known, "_id": f"{account}:{month}", "account_id": account, "month": month, "status": "closed"}
        for account, month in ids
    ]
    town.db.months.insert_many(old)
    read: list[dict[str, Any]] = []
    pages, cursor = 0, None
    while pages == 0 or cursor is not None:
        page = town.call("list_months", AUDITOR, status="closed", limit=3, cursor=cursor)
        assert 0 < len(page["items"]) <= 3
        read, cursor, pages = read + page["items"], page["next"], pages + 1
    found = [each["id"] for each in read]
    assert len(found) == len({*found})
    assert found[-14:] == [
        f"{account}:2019-{number:02d}" for number in range(7, 0, -1) for account in (one, other)
    ]
    mine = town.call("list_months", AUDITOR, account_id=one, limit=7)
    assert (len(mine["items"]), mine["next"]) == (7, None)
    assert len(town.call("list_months", AUDITOR, limit=100)["items"]) >= 15
    assert town.call("list_months", OTHER_CITY, limit=100)["items"] == []
    wrong = refused(town, "list_months", AUDITOR, cursor="2019-01")
    assert (wrong.code, wrong.field) == ("invalid", "cursor")
    town.db.months.delete_many({"_id": {"$in": [doc["_id"] for doc in old]}})


def with_balance(shown: dict[str, Any] | None) -> dict[str, Any] | None:
    return shown if shown and shown["statement"]["finance_fen"] == 5 else None


def sign_and_close(town: PayingTown, body: dict[str, Any], shown: dict[str, Any]) -> None:
    assert refused(town, "sign_month", AUDITOR, **body).code == "role.forbidden"
    assert refused(town, "sign_month", OTHER_CITY, **body).code == "region.forbidden"
    wrong = body | {"hash": "0" * 64}
    assert refused(town, "sign_month", FINANCE, **wrong).code == "settlement.month_changed"
    assert town.call("sign_month", FINANCE, **body)["status"] == "signed"
    assert refused(town, "sign_month", FINANCE, **body).code == "settlement.month_same_hand"
    closed = town.call("sign_month", PAYMENT, **body)
    assert (closed["status"], len(closed["signatures"])) == ("closed", 2)
    assert refused(town, "sign_month", FINANCE, **body).code == "out_of_order"
    account = town.account()
    assert account["closed_through"] == body["month"]
    # what happens later changes nothing of it
    town.budget(BUDGET + 1)
    again = town.call("get_month", AUDITOR, account_id=body["account_id"], month=body["month"])
    assert (again["hash"], again["statement"]) == (shown["hash"], shown["statement"])
    fact = town.db.outbox.find_one({"type": "settlement.fund.month_closed"})["event"]["data"]
    assert (fact["month"], fact["statement"]) == (body["month"], shown["hash"])
    # an entry whose time lies in the closed month is refused, whoever posts it
    town.db.fund_accounts.update_one(
        {"_id": body["account_id"]}, {"$set": {"closed_through": month_of(town.now)}}
    )
    wanted = {"fund": "employment_subsidy", "region": COUNTY, "year": town.year, "budget_fen": BUDGET}
    assert refused(town, "set_budget", FINANCE, **wanted).code == "settlement.month_closed"
    town.db.fund_accounts.update_one({"_id": body["account_id"]}, {"$set": {"closed_through": body["month"]}})


def test_a_late_booking_has_a_finished_statement_made_again(paying_town: PayingTown) -> None:
    town = paying_town
    to_a_new_month(town)
    town.budget(BUDGET)
    claim = town.living_costs(town.people(1))
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=1)
    line = town.db.payments.find_one({"claim_id": claim["id"]})
    month = month_of(town.now)
    town.running.clock.advance_to((town.now.replace(day=1) + timedelta(days=33)).replace(day=3, hour=2))
    wanted = {"account_id": line["fund_account"], "month": month}
    done = {**wanted, "ready": True, "holding": 0, "stale": False}
    wait_for(lambda: town.db.months.find_one(done), 90, "a statement of the month")
    through = today_in_shanghai(town.now).isoformat()
    wait_for(lambda: town.db.bank_days.find_one({"whole": True, "last": through}), 60, "a whole reading")
    late = {
        "instruction_id": f"{line['_id']}:9",
        "payer": "370600000001",
        "account": "6228000000000009",
        "account_name": "示例甲",
        "amount_fen": 7,
        "purpose": "x",
        "requested_on": f"{month}-28",
    }
    assert town.standin.post("/bank/payments", late).status_code == 200
    found = wait_for(lambda: town.db.months.find_one({**wanted, "holding": 1}), 90, "a statement made again")
    (held,) = [each for each in found["statement"]["differences"] if each["holds"]]
    assert (held["kind"], held["about"], held["amount_fen"]) == ("amount", line["_id"], 7)
    assert found["statement"]["bank_fen"] == found["statement"]["ledger_fen"] + 7
    # so has what somebody else drew from the payer's account
    drawn = {**late, "instruction_id": "elsewhere-0001:1", "amount_fen": 9}
    assert town.standin.post("/bank/payments", drawn).status_code == 200
    found = wait_for(lambda: town.db.months.find_one({**wanted, "holding": 2}), 90, "a statement made again")
    unknown = found["statement"]["differences"][-1]
    assert (unknown["kind"], unknown["about"], unknown["amount_fen"]) == ("bank_unknown", "elsewhere-0001", 9)
