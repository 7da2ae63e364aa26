"""The four ways through the REST API, by accounts with their own roles, and each as an OCDS record."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from contracts.fields import moment_text
from gateway.accounts.store import AccountStore
from infra.sealing import OfficerKey, answer_challenge, open_layer, seal
from tests.integration.acceptance.ways import PLAN, moment, tender
from tests.integration.acceptance.world import DAY, REGION, World
from tests.support.gateway import PASSWORD, Client, Gateway
from tests.support.ocds import merged, problems

NOTICE = {"goal": "培养 40 名中级焊工", "ceiling_fen": 180_000}


@dataclass
class Person:
    """An account with its client; ref: the body it stands for."""

    account: str
    client: Client
    ref: str = ""

    def get(self, path: str) -> dict[str, Any]:
        answer = self.client.get(f"/v1{path}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"/v1{path}", body, headers={"Idempotency-Key": uuid.uuid4().hex})
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def refused(self, path: str, /, **body: Any) -> tuple[int, str]:
        answer = self.client.post(f"/v1{path}", body, headers={"Idempotency-Key": uuid.uuid4().hex})
        assert answer.json()["way_out"]["zh"], answer.text
        return answer.status_code, answer.json()["code"]


class Office:
    """Officers of a city, the pool of experts, providers that intake has told of."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self._gateway = world, gateway
        self._admin = gateway.administrator()
        self.nobody = Person("", gateway.client())
        self.catalogue = self.officer("catalogue_officer")
        self.supervisor = self.officer("supervisor")
        self.stranger = self.officer("catalogue_officer", "370100")
        self.keys = {
            key: self.officer("opening_officer") for key in (OfficerKey.generate(), OfficerKey.generate())
        }
        for key, officer in self.keys.items():
            told = officer.post("/opening-keys", public_key=key.public_key)
            officer.post(f"/opening-keys/{told['id']}/confirmation", **answer_challenge(told, key))
        self.pool = {each.account: each for each in (self.officer("panel_member") for _ in range(6))}
        for account in self.pool:
            self.supervisor.post("/experts", account=account, region=REGION)

    def officer(self, role: str, region: str = REGION) -> Person:
        name = f"officer-{uuid.uuid4().hex[:8]}"
        body = {"username": name, "password": PASSWORD, "roles": [role], "region": region}
        account = self._admin.post("/v1/officers", body).json()["id"]
        return Person(account, self._gateway.signed_in(name))

    def provider(self) -> Person:
        """A provider's account; that it stands for a verified body is what intake would tell the gateway."""
        name, ref = f"provider-{uuid.uuid4().hex[:8]}", self.world.a_body()
        client = self._gateway.sign_up("provider", name)
        accounts = AccountStore(self.world.running.database("gateway"))
        account = accounts.by_name(name)
        assert account is not None
        accounts.learn(account.id, None, ref)
        return Person("", client, ref)

    def publish(self, way: str, **more: Any) -> dict[str, Any]:
        now = self.world.now
        dates = {"questions_until": moment_text(now + DAY), "bids_until": moment_text(now + 2 * DAY)}
        return self.catalogue.post(
            "/sourcings", project_id=self.world.a_project(way=way), **NOTICE, **dates, **more
        )

    def sealed(self, way: str, **more: Any) -> dict[str, Any]:
        officers = [each.account for each in self.keys.values()]
        criteria = [
            {"id": "plan", "name": "方案", "weight": 60}, {"id": "staff", "name": "师资", "weight": 40},
        ]  # fmt: skip
        return self.publish(way, criteria=criteria, opening_officers=officers, panel_seats=3, **more)

    def bid(self, sourcing: dict[str, Any], by: Person, price_fen: int) -> None:
        offer = {"price_fen": price_fen, **PLAN}
        by.post(f"/sourcings/{sourcing['id']}/bids", **seal(offer, sourcing, by.ref).body)

    def judged(self, sourcing: dict[str, Any], points: dict[str, int]) -> dict[str, Any]:
        """Past the deadline: opened by two, a panel drawn, free of conflicts, all bids scored."""
        path = f"/sourcings/{sourcing['id']}"
        self.world.wait_until(moment(sourcing["bids_until"]))
        for key, officer in self.keys.items():
            officer.post(f"{path}/openings", **open_layer(officer.get(f"{path}/sealed-bids"), key))
        self.catalogue.post(f"{path}/panel")
        members = [self.pool[each["account"]] for each in self.supervisor.get(f"{path}/panel")["members"]]
        for member in members:
            member.post(f"{path}/panel/declaration", conflict=None)
        for member in members:
            for bid in member.get(f"{path}/bids")["items"]:
                given = points[bid["provider_ref"]]
                scores = [
                    {"criterion": each, "points": given, "reason": "见评审表"} for each in ("plan", "staff")
                ]
                member.post(f"{path}/scores", bid_id=bid["bid_id"], scores=scores)
        return self.nobody.get(path)

    def awarded(self, sourcing_id: str) -> dict[str, Any]:
        shown = self.nobody.get(f"/sourcings/{sourcing_id}")
        assert self.catalogue.refused(f"/sourcings/{sourcing_id}/award") == (409, "acceptance.notice_running")
        self.world.wait_until(moment(shown["candidate"]["notice_until"]))
        return self.catalogue.post(f"/sourcings/{sourcing_id}/award")

    def paper(self, sourcing_id: str, kind: str) -> str:
        content = base64.b64encode(f"{kind} 示例".encode() * 1000).decode()
        shown = self.catalogue.post(f"/sourcings/{sourcing_id}/papers", kind=kind, name=kind, content=content)
        return str(shown["papers"][-1]["id"])

    def concluded(self, sourcing_id: str, by: Person) -> dict[str, Any]:
        """The contract with its paper, recorded by the officer and confirmed by the winner."""
        today = (self.world.now + timedelta(hours=8)).date()
        days = {name: today.isoformat() for name in ("signed_on", "begins_on", "ends_on")}
        paper_id = self.paper(sourcing_id, "contract")
        path = f"/sourcings/{sourcing_id}/contract"
        self.catalogue.post(path, number="示-1", paper_id=paper_id, **days)
        return by.post(f"{path}/confirmation")

    def record(self, sourcing_id: str) -> dict[str, Any]:
        """The compiled release of the record, after both packages were checked."""
        releases = self.nobody.get(f"/sourcings/{sourcing_id}/ocds/releases")
        record = self.nobody.get(f"/sourcings/{sourcing_id}/ocds/record")
        assert problems(releases) == problems(record) == []
        compiled = record["records"][0]["compiledRelease"]
        assert compiled == merged(releases["releases"])
        return dict(compiled)


@pytest.fixture(scope="module")
def office(world: World) -> Iterator[Office]:
    with Gateway(world.running.sandbox) as gateway:
        yield Office(world, gateway)


def test_an_open_challenge(office: Office) -> None:
    a, b = office.provider(), office.provider()
    sourcing = office.sealed("open_challenge", fixed_price=True)
    path = f"/sourcings/{sourcing['id']}"
    question = a.post(f"{path}/questions", question="能否在两个县开班？")["questions"][0]["id"]
    answer = {"answer": "可以"}
    assert office.stranger.refused(f"{path}/questions/{question}/answer", **answer) == (
        403,
        "region.forbidden",
    )
    office.catalogue.post(f"{path}/questions/{question}/answer", **answer)
    later = moment(sourcing["bids_until"]) + DAY
    sourcing = office.catalogue.post(
        f"{path}/postponement", bids_until=moment_text(later), reason="答疑后顺延"
    )
    for by, price in ((a, 180_000), (b, 180_000)):
        office.bid(sourcing, by, price)
    scored = office.judged(sourcing, {a.ref: 80, b.ref: 80})
    # equal in everything: the earlier receipt goes first, and says so
    assert {each["provider_ref"]: each["tie"] for each in scored["bids"]} == {a.ref: "receipt", b.ref: None}
    sheet = office.nobody.get(f"{path}/scores")["items"]
    assert sheet[0]["arithmetic"].endswith("÷ 3 = 80.00")
    office.catalogue.post(f"{path}/candidate")
    objection = b.post(f"{path}/objections", reason="资质存疑")["objections"][0]["id"]
    office.supervisor.post(f"{path}/objections/answer", objection_id=objection, upheld=True, answer="属实")
    office.catalogue.post(f"{path}/candidate")
    assert office.awarded(sourcing["id"])["candidate"]["provider_ref"] == b.ref
    done = office.concluded(sourcing["id"], b)
    assert done["contract"]["value_fen"] == 180_000 * 40
    told = office.record(sourcing["id"])
    assert [each["status"] for each in told["awards"]] == ["unsuccessful", "active"]
    assert told["tender"]["numberOfTenderers"] == 2


def test_a_selection_that_fails_for_want_of_bids_and_is_cancelled(office: Office) -> None:
    a = office.provider()
    sourcing = office.sealed("selection")
    path = f"/sourcings/{sourcing['id']}"
    office.bid(sourcing, a, 170_000)
    office.world.wait_until(moment(sourcing["bids_until"]))
    first = next(iter(office.keys.values()))
    refusal = first.client.get(f"/v1{path}/sealed-bids")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "acceptance.too_few_bids")
    assert office.stranger.refused(f"{path}/failure", reason="不足三家") == (403, "region.forbidden")
    assert office.catalogue.post(f"{path}/failure", reason="不足三家")["ground"] == "too_few_bids"
    assert office.record(sourcing["id"])["tender"]["status"] == "unsuccessful"
    other = office.sealed("selection")
    office.catalogue.post(f"/sourcings/{other['id']}/cancellation", reason="项目调整")
    assert office.record(other["id"])["tender"]["status"] == "cancelled"


def test_a_filing(office: Office) -> None:
    a, b = office.provider(), office.provider()
    sourcing = office.publish("filing")
    path = f"/sourcings/{sourcing['id']}"
    filed = [by.post(f"{path}/filings", price_fen=170_000, **PLAN)["id"] for by in (a, b)]
    late = {"filing_id": filed[1], "accepted": True, "reason": "符合"}
    assert office.catalogue.refused(f"{path}/filings/decision", **late) == (409, "acceptance.earlier_filing")
    assert b.refused(f"{path}/filings/decision", **late) == (403, "role.forbidden")
    office.catalogue.post(f"{path}/filings/decision", **(late | {"filing_id": filed[0]}))
    assert a.get(f"{path}/filings/mine")["status"] == "accepted"
    a.post(f"{path}/withdrawal", reason="师资变动")
    office.catalogue.post(f"{path}/filings/decision", **late)
    assert office.awarded(sourcing["id"])["candidate"]["provider_ref"] == b.ref
    office.concluded(sourcing["id"], b)
    told = office.record(sourcing["id"])
    assert [each["status"] for each in told["awards"]] == ["cancelled", "active"]
    assert told["tender"]["procurementMethod"] == "direct"


def test_a_tender(office: Office) -> None:
    a = office.provider()
    told = tender(office.world, office.world.a_project(way="tender"), a.ref)
    plain = {name: moment_text(each) if hasattr(each, "tzinfo") else each for name, each in told.items()}
    few = plain | {"bidders": plain["bidders"][:2]}
    assert office.catalogue.refused("/tenders", **few) == (422, "acceptance.tender_bidders")
    id = office.catalogue.post("/tenders", **plain)["id"]
    assert office.supervisor.refused(f"/sourcings/{id}/tender/confirmation") == (
        409,
        "acceptance.papers_missing",
    )
    kept = [office.paper(id, kind) for kind in ("tender_notice", "award_notice")]
    assert office.catalogue.refused(f"/sourcings/{id}/tender/confirmation") == (403, "role.forbidden")
    assert office.supervisor.post(f"/sourcings/{id}/tender/confirmation")["status"] == "awarded"
    assert a.get(f"/sourcings/{id}/papers/{kept[1]}")["size"] == len("award_notice 示例".encode()) * 1000
    office.concluded(id, a)
    record = office.record(id)
    assert record["tender"]["numberOfTenderers"] == 3
    assert record["contracts"][0]["value"]["amount"] == 170_000 * 40 / 100
