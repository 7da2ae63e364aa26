"""The live summary and what is published of it and of other records: catalogues in editions, over HTTP."""

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from contracts.events import acceptance_providers as providers
from contracts.events import intake
from contracts.vocabularies.dates import month_of, today_in_shanghai
from contracts.vocabularies.sample_ids import make_credit_code
from services.catalogue.domain.months import months_before
from services.catalogue.domain.summary import GRAINS
from services.catalogue.store import sums
from tests.integration.catalogue.conftest import FUSHAN, OFFICER, WELDER, World
from tests.support.gateway import Client, Gateway
from tests.support.services import wait_for

YANTAI = "370600"


def test_rows_follow_demands_into_projects_and_out_again(world: World):
    ids = world.demands(4, level="2")
    asked = {"occupation": WELDER, "level": "2", "by": ["occupation", "month"]}
    month = month_of(world.running.clock.now())
    assert world.call("summarise_demands", **asked)["lines"] == [
        {
            "county": None,
            "occupation": WELDER,
            "level": None,
            "month": month,
            "workers": 4,
            "firms": 0,
            "firm_headcount": 0,
        }
    ]
    with ThreadPoolExecutor(2) as both:
        drafts = list(both.map(lambda half: world.draft(half, level="2"), (ids[:2], ids[2:])))
    assert world.call("summarise_demands", **asked)["lines"] == []
    world.call("withdraw_project", project_id=drafts[0]["id"], reason="另行安排")
    assert world.call("summarise_demands", **asked)["workers"] == 2

    trend = world.call("demand_trends", occupation=WELDER, level="2")["months"]
    assert [each["month"] for each in trend] == [months_before(month, back) for back in range(11, -1, -1)]
    last = trend[-1]
    assert (last["posted"], last["open"], last["taken"], last["change"]) == (4, 2, 2, 4)
    assert not any(each["posted"] for each in trend[:-1])


def test_a_row_that_differs_is_named_with_both_figures(world: World):
    world.demands(2, level="5", kind="enterprise", headcount=30)
    assert world.call("check_summary")["different"] == 0
    row = f"{FUSHAN}|{WELDER}|5|enterprise"
    world.db.demand_sums.update_one({"_id": row}, {"$inc": {"open_heads": 1}})
    try:
        found = world.call("check_summary")
    finally:
        world.db.demand_sums.update_one({"_id": row}, {"$inc": {"open_heads": -1}})
    assert found["rows"] > 0
    assert found["differences"] == [
        {"row": f"demand_sums/{row}", "count": "open_heads", "kept": 61, "reckoned": 60}
    ]


def test_rows_are_made_of_demands_that_were_there_before_them(world: World):
    world.demands(1)
    kept = {
        grain: list(world.db[grain].find({}, {"version": 0, "seq": 0}).sort("_id", 1)) for grain in GRAINS
    }
    made = world.running.sandbox.database(world.running._mongo, "gateway").client["summary-made-anew"]
    try:
        made.demands.insert_many(world.db.demands.find())
        sums.summary_rows(made)
        for grain, rows in kept.items():
            assert [row for row in rows if any(row[name] for name in ("posted", "open"))] == list(
                made[grain].find({}, {"version": 0, "seq": 0}).sort("_id", 1)
            )
    finally:
        made.client.drop_database(made.name)


def test_an_officer_sums_the_own_region_only(world: World):
    world.demands(1, region="370602", level="apprentice")
    narrow = OFFICER.__class__("county", OFFICER.roles, region="370611")
    assert world.call("summarise_demands", narrow, level="apprentice")["lines"] == []
    assert world.call("summarise_demands", level="apprentice", region="370602")["workers"] == 1
    assert world.call("demand_trends", narrow, level="apprentice")["months"][-1]["posted"] == 0


class Desk:
    """Three officers and a passer-by at a gateway before the catalogue."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.first = gateway.officer(["catalogue_officer"], YANTAI)
        self.second = gateway.officer(["catalogue_officer"], YANTAI)
        self.elsewhere = gateway.officer(["catalogue_officer"], "370100")
        self.worker = gateway.sign_up("worker")
        self.anyone = gateway.client()

    def open(self, kind: str) -> str:
        """Begin an edition and return its address."""
        answer = self.first.post("/v1/catalogue-editions", {"kind": kind, "region": YANTAI})
        assert answer.status_code == 201, answer.text
        return f"/v1/catalogue-editions/{answer.json()['id']}"

    def do(self, address: str, step: str, by: Client | None = None, **body: Any) -> dict[str, Any]:
        """Take a step that goes well."""
        answer = (by or self.first).post(f"{address}/{step}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, address: str, step: str, by: Client | None = None, **body: Any) -> str:
        """Take a step that is refused and return the code."""
        return str((by or self.first).post(f"{address}/{step}", body).json()["code"])

    def gathered(self, address: str) -> list[dict[str, Any]]:
        """Have a draft gathered and return its items."""
        self.do(address, "gathering")
        wait_for(lambda: self.first.get(address).json()["status"] == "draft", 60, "gathered")
        return self.items(address)

    def published(self, address: str) -> dict[str, Any]:
        """Submit, approve and publish today."""
        day = today_in_shanghai(self.world.running.clock.now()).isoformat()
        self.do(address, "submission", publish_on=day)
        self.do(address, "review", self.second, accepted=True, reason="已核对")
        return wait_for(
            lambda: self.anyone.get(address).json().get("published_at") and self.seen(address), 60
        )

    def seen(self, address: str) -> dict[str, Any]:
        return self.anyone.get(address).json()

    def items(self, address: str, tail: str = "items") -> list[dict[str, Any]]:
        """Return all items that an officer sees, read in pages of two."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.first.get(f"{address}/{tail}?limit=2{cursor and f'&cursor={cursor}'}").json()
            found += page["items"]
            cursor = page["next"]
        return found


@pytest.fixture(scope="module")
def desk(world: World) -> Iterator[Desk]:
    with Gateway(world.running.sandbox) as gateway:
        yield Desk(world, gateway)


def test_an_edition_from_its_draft_to_the_one_that_follows_it(desk: Desk):
    first = desk.open("general")
    again = desk.first.post("/v1/catalogue-editions", {"kind": "general", "region": YANTAI})
    assert (again.status_code, again.json()["code"]) == (409, "catalogue.edition_open")
    jobs = [{"occupation": WELDER}, {"occupation": "4-02-07-08", "note": "含同城配送"}]
    assert desk.refused(first, "items", desk.elsewhere, items=jobs, reason="首批") == "region.forbidden"
    assert desk.refused(first, "items", desk.worker, items=jobs, reason="首批") == "role.forbidden"
    assert desk.refused(first, "items", items=[{"industry": "造船"}], reason="首批") == "catalogue.item_field"
    assert desk.do(first, "items", items=jobs, reason="首批")["entered"] == 2

    now = desk.world.running.clock.now()
    tomorrow = today_in_shanghai(now) + timedelta(days=1)
    desk.do(first, "submission", publish_on=tomorrow.isoformat())
    assert desk.refused(first, "review", accepted=True, reason="可以") == "catalogue.own_edition"
    assert desk.refused(first, "items", items=jobs, reason="再改") == "out_of_order"
    desk.do(first, "review", desk.second, accepted=False, reason="说明有误")
    desk.do(first, "items", items=[{"occupation": "4-02-07-08"}], reason="首批，去掉说明")
    desk.do(first, "submission", publish_on=tomorrow.isoformat())
    desk.do(first, "review", desk.second, accepted=True, reason="已核对")
    for tail in ("", "/items", "/changes", "/file?format=csv"):
        assert desk.anyone.get(first + tail).status_code == 404, tail
    desk.world.running.clock.advance_to(now + timedelta(days=1))
    wait_for(lambda: desk.anyone.get(first).ok, 60, "published at its day")
    told = desk.seen(first)
    assert (told["number"], told["items"], told["current"], told["opened_by"]) == (1, 2, True, None)
    before = desk.anyone.get(f"{first}/items").content

    second = desk.open("general")
    assert desk.refused(second, "removals", keys=["4-01-06-01"], reason="无") == "catalogue.item_unknown"
    desk.do(second, "removals", keys=["4-02-07-08"], reason="连续三年无人申报")
    desk.do(second, "items", items=[{"occupation": WELDER, "note": "含机器人焊接"}], reason="范围扩大")
    desk.do(second, "items", items=[{"occupation": "4-01-06-01"}], reason="需求增加")
    told = desk.published(second)
    assert [told[name] for name in ("number", "items", "entered", "changed", "left")] == [2, 2, 1, 1, 1]
    assert [(each["key"], each["change"], each["reason"]) for each in desk.items(second, "changes")] == [
        ("4-01-06-01", "entered", "需求增加"),
        ("4-02-07-08", "left", "连续三年无人申报"),
        (WELDER, "changed", "范围扩大"),
    ]
    assert desk.anyone.get(f"{first}/items").content == before
    assert desk.seen(first)["current"] is False
    in_force = desk.anyone.get("/v1/catalogue-editions?kind=general&current=true").json()["items"]
    assert [each["number"] for each in in_force] == [2]


def test_an_edition_is_downloaded_by_anyone_in_three_forms(desk: Desk):
    address = desk.open("key_industry")
    desk.do(address, "items", items=[{"occupation": WELDER, "industry": "=造船"}], reason="急需紧缺")
    desk.published(address)
    answers = {form: desk.anyone.get(f"{address}/file?format={form}") for form in ("xlsx", "csv", "json")}
    assert answers["csv"].headers["Content-Disposition"].startswith("attachment")
    row = list(csv.reader(io.StringIO(answers["csv"].content.decode("utf-8-sig"))))[2]
    assert row[1] == "'=造船"
    cell = load_workbook(io.BytesIO(answers["xlsx"].content)).worksheets[0].cell(3, 2)
    assert (cell.value, cell.data_type) == ("'=造船", "s")
    assert answers["json"].json()["items"][0]["industry"] == "=造船"
    known = {"If-None-Match": answers["csv"].headers["ETag"]}
    assert desk.anyone.get(f"{address}/file?format=csv", headers=known).status_code == 304
    assert desk.worker.get("/v1/demand-summary/file?format=csv").status_code == 403
    assert desk.first.get("/v1/demand-summary/file?format=xlsx&by=occupation").ok


def test_the_workers_catalogue_shows_nobody_a_small_figure(desk: Desk):
    cook = "4-02-07-08"
    for region, count in ((FUSHAN, 3), ("370602", 11), ("370612", 7)):
        desk.world.demands(count, region=region, occupation=cook)
    address = desk.open("worker_demand")
    assert (
        desk.refused(address, "items", items=[{"occupation": cook}], reason="补")
        == "catalogue.items_not_by_hand"
    )
    desk.gathered(address)
    desk.published(address)
    page = desk.anyone.get(f"{address}/items?limit=1000").json()
    shown = {each["region"]: each["workers"] for each in page["items"] if each["occupation"] == cook}
    assert shown == {YANTAI: 21, "370602": 11, FUSHAN: None, "370612": None}
    assert all(each["workers"] is None or each["workers"] >= 5 for each in page["items"])
    rows = desk.anyone.get(f"{address}/file?format=csv").content.decode("utf-8-sig").splitlines()
    assert any(row.startswith(f"{FUSHAN} ") and ",*," in row for row in rows)


def test_an_authoritys_list_is_taken_in_whole(desk: Desk):
    here, gone = make_credit_code(901), make_credit_code(902)
    address = desk.open("schools")
    desk.do(address, "items", items=[{"credit_code": gone, "name": "示例旧校"}], reason="手工补录")
    day = today_in_shanghai(desk.world.running.clock.now()).isoformat()
    assert desk.refused(address, "submission", publish_on=day) == "catalogue.source_missing"
    book, out = Workbook(), io.BytesIO()
    for row in (
        ["统一社会信用代码 credit_code", "名称 name", "地区 region"],
        [here, "示例职业学院", f"{FUSHAN} 福山区"],
    ):
        book.active.append(row)
    book.save(out)
    form = {"authority": "示例教育局", "document": "示例〔2027〕1号", "day": day, "reason": "按教育部门名单"}
    files = {"file": ("schools.xlsx", out.getvalue())}
    answer = desk.first.http.post(f"{desk.first.base}{address}/list/file", data=form, files=files, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["source"]["authority"] == "示例教育局"
    assert [(each["key"], each["region"]) for each in desk.items(address)] == [(here, FUSHAN)]
    assert desk.published(address)["items"] == 1


def test_directories_follow_the_registers_with_their_reasons(desk: Desk):
    told = {"name": "示例培训学校", "region": FUSHAN, "kind": "provider"}
    desk.world.tell(intake.BODY_REGISTERED, "school-1", **told, credit_code=make_credit_code(903))
    desk.world.tell(providers.PROVIDER_ADMITTED, "school-1", **told, occupations=[WELDER])
    desk.world.tell(
        intake.BODY_REGISTERED,
        "assessor-1",
        **{**told, "kind": "assessor"},
        credit_code=make_credit_code(904),
    )
    desk.world.tell(
        intake.BODY_VERIFIED, "assessor-1", scope="评价", checked_at=desk.world.running.clock.now()
    )
    wait_for(
        lambda: desk.world.db.bodies.count_documents({"$or": [{"admitted": True}, {"verified": True}]}) == 2,
        60,
    )
    first = desk.open("providers")
    (item,) = desk.gathered(first)
    assert (item["key"], item["occupations"], "准入" in item["reason"]) == ("school-1", [WELDER], True)
    assert desk.refused(first, "items", items=[item], reason="改") == "invalid"
    desk.published(first)
    bodies = desk.open("bodies")
    assert {each["key"] for each in desk.gathered(bodies)} == {"school-1", "assessor-1"}

    left = {"region": FUSHAN, "reason": "虚假宣传", "clause": "37号 §19", "until": None}
    desk.world.tell(providers.PROVIDER_EXITED, "school-1", **left)
    wait_for(lambda: desk.world.db.bodies.find_one({"_id": "school-1", "admitted": False}), 60)
    second = desk.open("providers")
    assert desk.gathered(second) == []
    (change,) = desk.items(second, "changes")
    assert (change["change"], change["reason"]) == ("left", "虚假宣传（37号 §19）")


def test_a_draft_that_is_given_up_leaves_no_trace(desk: Desk):
    address = desk.open("assessors")
    item = {"credit_code": make_credit_code(905), "name": "示例评价中心"}
    desk.do(address, "items", items=[item], reason="首批")
    desk.do(address, "discarding", reason="名单撤回")
    assert desk.first.get(address).json()["reason"] == "名单撤回"
    assert (desk.anyone.get(address).status_code, desk.first.get(f"{address}/items").status_code) == (
        404,
        404,
    )
    wait_for(
        lambda: desk.first.post("/v1/catalogue-editions", {"kind": "assessors", "region": YANTAI}).ok, 60
    )
    (latest,) = desk.first.get("/v1/catalogue-editions?kind=assessors&status=draft").json()["items"]
    assert (latest["number"], latest["items"]) == (1, 0)
    assert desk.items(f"/v1/catalogue-editions/{latest['id']}") == []
