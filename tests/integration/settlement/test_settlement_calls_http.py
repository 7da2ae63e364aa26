"""Support, shares, credits and sanctions through the gateway: who may, who may not, and what is answered."""

from datetime import timedelta

from tests.integration.settlement.test_fund_books_http import Office, office  # noqa: F401
from tests.integration.settlement.world import CITY, COUNTY

PROVINCE = "370000"


def test_support_from_the_province_takes_two_hands(office: Office) -> None:  # noqa: F811
    town, finance, auditor, other = office.town, office.finance, office.auditor, office.other
    giver = office.gateway.officer(["finance_officer"], PROVINCE)
    budget = {"fund": "employment_subsidy", "region": PROVINCE, "year": town.year, "budget_fen": 500_00}
    account = giver.post("/v1/funds", budget).json()["id"]
    wanted = {
        "from_account": account,
        "to_account": f"employment_subsidy:{CITY}:{town.year}",
        "amount_fen": 300_00,
        "document": "演财社〔2026〕9号",
        "reason": "本市资金不足",
    }
    alone = giver.post("/v1/fund-transfers", wanted)
    assert (alone.status_code, alone.json()["code"]) == (422, "settlement.support_two_hands")
    assert alone.json()["way_out"]["en"]
    assert auditor.post("/v1/fund-supports", wanted).status_code == 403
    assert other.post("/v1/fund-supports", wanted).json()["code"] == "region.forbidden"
    asked = finance.post("/v1/fund-supports", wanted)
    assert (asked.status_code, asked.json()["status"]) == (201, "asked")
    decision = f"/v1/fund-supports/{asked.json()['id']}/decision"
    grant = {"outcome": "granted", "reason": "同意"}
    assert finance.post(decision, grant).json()["code"] == "region.forbidden"
    made = giver.post(decision, grant)
    assert (made.status_code, made.json()["status"]) == (200, "granted")
    (shown,) = auditor.get("/v1/fund-supports?status=granted").json()["items"]
    assert shown["transfer_id"] == made.json()["transfer_id"]
    assert finance.get(f"/v1/funds/{wanted['to_account']}").json()["available_fen"] == 300_00
    own = giver.post("/v1/fund-supports", wanted | {"amount_fen": 1}).json()["id"]
    refusal = giver.post(f"/v1/fund-supports/{own}/decision", grant)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "settlement.other_hand")
    finance.post("/v1/funds", budget | {"region": COUNTY})
    first = auditor.get("/v1/funds?limit=1").json()
    rest = auditor.get(f"/v1/funds?cursor={first['next']}").json()
    assert wanted["to_account"] in {each["id"] for each in (*first["items"], *rest["items"])}
    assert (len(first["items"]), rest["next"]) == (1, None)
    assert auditor.get("/v1/reconciliations?limit=1").json()["next"] is not None
    part = auditor.get(f"/v1/funds/{wanted['to_account']}/check?limit=1").json()
    assert (part["sound"], part["entries"], part["next"]) == (True, 1, 1)
    assert other.get(f"/v1/funds/{wanted['to_account']}/check").status_code == 403


def test_shares_and_credits_are_answered_to_whom_they_concern(office: Office) -> None:  # noqa: F811
    town, finance, auditor, other = office.town, office.finance, office.auditor, office.other
    by = town.provider()
    project, id = town.training(by, town.people(1))
    shares = finance.get(f"/v1/classes/{id}/cost-shares?with_firm=true")
    assert shares.status_code == 200
    assert sum(line["amount_fen"] for line in shares.json()["lines"]) == shares.json()["cost_fen"]
    claim = town.advance(by, project)
    assert finance.get(f"/v1/claims/{claim['id']}/cost-shares").json()["people"] == 1
    assert other.get(f"/v1/claims/{claim['id']}/cost-shares").status_code == 404
    report = auditor.get(f"/v1/fund-reports/watched?period={town.year}")
    assert (report.status_code, report.json()["region"]) == (200, CITY)
    assert other.get(f"/v1/fund-reports/watched?period={town.year}&region={COUNTY}").status_code == 403
    assert auditor.get("/v1/bank-credits?matched=false").json() == {"items": [], "next": None}
    assert other.get("/v1/bank-credits").json()["code"] == "region.forbidden"


def test_a_sanction_is_lifted_by_another_supervisor(office: Office) -> None:  # noqa: F811
    town = office.town
    first, second = (office.gateway.officer(["supervisor"], CITY) for _ in range(2))
    until = (town.now + timedelta(days=30)).date().isoformat()
    body = {
        "body_ref": town.provider().body_ref,
        "ground": "fraud",
        "measure": "claims_barred",
        "until": until,
    }
    made = first.post("/v1/sanctions", body | {"reason": "虚假签到"})
    assert made.status_code == 201
    lifting = f"/v1/sanctions/{made.json()['id']}/lifting"
    assert first.post(lifting, {"reason": "申诉成立"}).json()["code"] == "settlement.other_hand"
    assert office.finance.post(lifting, {"reason": "申诉成立"}).status_code == 403
    lifted = second.post(lifting, {"reason": "申诉成立"}).json()
    assert (lifted["status"], lifted["lift_reason"]) == ("lifted", "申诉成立")
    assert second.post(lifting, {"reason": "再次"}).json()["code"] == "out_of_order"
