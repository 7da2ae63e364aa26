"""Demands through the API, as each role takes its part: content, mandates, doubles, notices, refusals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from tests.support import backends
from tests.support.gateway import Client, Gateway
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn

NUMBER, PHONE = "示例证号-7788", "13900000678"


class Town:
    """Accounts of people, firms and officers that a test makes up."""

    def __init__(self, running: Running, gateway: Gateway) -> None:
        self.running = running
        self.gateway = gateway
        self._serials = iter(range(1, 900))
        self._officers: dict[str, Client] = {}

    def officer(self, region: str = "370600", role: str = "catalogue_officer") -> Client:
        """Return an officer of a region."""
        if region + role not in self._officers:
            self._officers[region + role] = self.gateway.officer([role], region)
        return self._officers[region + role]

    def person(self) -> dict[str, Any]:
        """Return a made-up person's details."""
        serial = next(self._serials)
        return {
            "id_number": make_citizen_id(serial=serial),
            "name": f"示例{serial}号",
            "phone": f"139{serial:08d}",
            "region": "370611",
        }

    def firm(self, kind: str, **more: Any) -> tuple[Client, dict[str, Any]]:
        """Return the account of a checked body, and what it registered."""
        client, code = self.gateway.sign_up(kind), make_credit_code(next(self._serials))
        given = {"credit_code": code, "name": f"演示单位{code[-4:]}", "region": "370611", "kind": kind}
        done(client.post("/v1/bodies", {**given, **more}), 201)

        def checked() -> dict[str, Any] | None:
            body = done(client.get("/v1/bodies/me"))
            return body if body["status"] == "verified" else None

        return client, wait_for(checked, 60, f"{kind} verified")

    def wish(self, **changes: Any) -> dict[str, Any]:
        """Return a worker's demand."""
        wanted = today_in_shanghai(self.running.clock.now()) + timedelta(days=30)
        body = {"kind": "worker", "region": "370611", "occupation": "6-18-02-04", "level": "4"}
        return {**body, "wanted_from": wanted.isoformat(), **changes}

    def posts(self, **changes: Any) -> dict[str, Any]:
        """Return a firm's demand."""
        welders = {"title": "焊接工段", "headcount": 12, "wage_low_fen": 500_000}
        posts = [welders, {"title": "装配", "headcount": 8}]
        told = {"skills": "氩弧焊", "training_kind": "order", "share_percent": 20, "posts": posts}
        return self.wish(kind="enterprise", **told, **changes)


@pytest.fixture(scope="module")
def town(stack: backends.Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Registries, intake, projector and gateway for the tests of the module."""
    standin = StandIn(tmp_path_factory.mktemp("standin"))
    standin.start()
    sandbox = stack.sandbox(("intake", "projector", "gateway"))
    outside = {"WUDAN_REGISTRY_URL": f"{standin.url}/registry", "WUDAN_REGISTRY_TOKEN": TOKEN}
    try:
        with (
            Running(sandbox, ("intake", "projector"), {"intake": outside}) as running,
            Gateway(sandbox) as gateway,
        ):
            yield Town(running, gateway)
    finally:
        sandbox.drop()
        standin.kill()


def done(answer: Any, status: int = 200) -> dict[str, Any]:
    """Return an answer's content; it has to be of the status."""
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def refused(answer: Any, code: str) -> None:
    """Check that an answer is a refusal of this code, in both tongues, with a way out."""
    problem = answer.json()
    assert problem["code"] == code, answer.text
    assert problem["message"]["zh"]
    assert problem["message"]["en"]


def in_state(client: Client, demand: dict[str, Any], status: str) -> dict[str, Any]:
    """Wait until a demand is in a state, and return it."""
    path = f"/v1/demands/{demand['id']}"
    return wait_for(lambda: it if (it := client.get(path).json())["status"] == status else None, 60)


def told(client: Client, *verbs: str) -> list[dict[str, Any]]:
    """Wait until somebody was told of these things, and return the notices, the latest first."""

    def read() -> list[dict[str, Any]] | None:
        items = done(client.get("/v1/inbox?limit=100"))["items"]
        return items if set(verbs) <= {each["type"].partition(".")[2] for each in items} else None

    return wait_for(read, 60, f"notices {verbs}")


def test_a_workers_demand_with_proof_and_contact(town: Town):
    worker, officer = town.gateway.sign_up("worker"), town.officer()
    proof = {"kind": "disability_card", "number": NUMBER, "issued_by": "示例残联"}
    contact = {"name": "示例联系人", "phone": PHONE, "hours": "晚七点后"}
    body = town.wish(
        person=town.person(), group="disabled", proof=proof, contact=contact, place="福山区",
        study_times=["evening", "weekend"], occupation="6-04-02-05", occupation_edition="1999",
    )  # fmt: skip
    demand = done(worker.post("/v1/demands", body), 201)
    assert (demand["occupation"], demand["study_times"]) == ("6-18-02-04", ["evening", "weekend"])
    assert (demand["proof"]["number_tail"], demand["proof"]["state"]) == ("7788", "given")
    assert demand["contact_given"]
    in_state(worker, demand, "verified")
    path = f"/v1/demands/{demand['id']}"
    clear = {"name": "示例联系人", "phone": PHONE, "hours": "晚七点后", "proof_number": NUMBER}
    assert done(worker.get(f"{path}/contact")) == {"demand_id": demand["id"], **clear}
    refused(town.gateway.sign_up("worker").get(f"{path}/contact"), "owner.forbidden")
    refused(officer.get(f"{path}/contact"), "invalid")
    refused(town.officer("370100").get(f"{path}/contact?purpose=联系"), "region.forbidden")
    assert done(officer.get(f"{path}/contact?purpose=联系"))["phone"] == PHONE
    record = town.running.database("intake").disclosures.find_one({"purpose": "联系"})
    assert record["payee_ref"] == demand["poster_ref"]

    refused(town.officer("370100").post(f"{path}/proof", {"accepted": True}), "region.forbidden")
    refused(worker.post(f"{path}/proof", {"accepted": True}), "role.forbidden")
    assert done(officer.post(f"{path}/proof", {"accepted": True}))["proof"]["state"] == "accepted"
    items = told(worker, "person.verified", "demand.posted", "demand.verified", "demand.proof_decided")
    assert "焊工（中级工）需求单已提交" in {each["text"]["zh"] for each in items}
    kept = [list(town.running.database("intake")[name].find()) for name in ("demands", "outbox")]
    kept.append(list(town.running.database("gateway").notices.find()))
    assert not [secret for secret in (NUMBER, PHONE, "示例联系人") if secret in str(kept)]


def test_notices_are_ones_own_and_stay_read(town: Town):
    worker, other = town.gateway.sign_up("worker"), town.gateway.sign_up("worker")
    assert done(worker.get("/v1/inbox")) == {"items": [], "unread": 0, "next": None}
    demand = done(worker.post("/v1/demands", town.wish(person=town.person())), 201)
    items = told(worker, "person.verified", "demand.verified")
    ids = [each["id"] for each in items]
    seen, path = [], "/v1/inbox?limit=1"
    while path:
        page = done(worker.get(path))
        seen += [each["id"] for each in page["items"]]
        path = f"/v1/inbox?limit=1&cursor={page['next']}" if page["next"] else ""
    assert seen == ids
    assert {each["subject"] for each in items} == {demand["id"], demand["poster_ref"]}
    assert done(worker.post(f"/v1/inbox/{ids[0]}/reading", {}))["unread"] == len(ids) - 1
    assert ids[0] not in str(done(worker.get("/v1/inbox?unread_only=true"))["items"])
    done(other.post("/v1/demands", town.wish(person=town.person())), 201)
    told(other, "demand.verified")
    refused(other.post(f"/v1/inbox/{ids[1]}/reading", {}), "not_found")
    assert done(worker.post("/v1/inbox/reading", {}))["unread"] == 0
    assert done(other.get("/v1/inbox"))["unread"] > 0
    refused(town.officer().get("/v1/inbox"), "role.forbidden")
    # what was told again after a replay does not come back unread
    (row,) = town.running.database("gateway").notices.find({"_id": ids[0]})
    assert row["read_at"] is not None
    done(worker.delete("/v1/persons/me"))
    refs = {"recipient": demand["poster_ref"]}
    wait_for(lambda: town.running.database("gateway").notices.count_documents(refs) == 0, 60)


def test_a_demand_is_returned_mended_and_handed_in_again(town: Town):
    worker, officer = town.gateway.sign_up("worker"), town.officer()
    demand = done(worker.post("/v1/demands", town.wish(person=town.person())), 201)
    current = in_state(worker, demand, "verified")
    path = f"/v1/demands/{demand['id']}"
    refused(officer.post(f"{path}/return", {}), "invalid")
    refused(town.officer("370100").post(f"{path}/return", {"reason": "示例"}), "region.forbidden")
    returned = done(officer.post(f"{path}/return", {"reason": "地点不明"}))
    assert (returned["status"], returned["reason"]) == ("returned", "地点不明")
    stale = {"If-Match": f'"{current["version"]}"'}
    refused(worker.post(f"{path}/content", town.wish(place="福山区"), headers=stale), "stale_version")
    refused(officer.post(f"{path}/content", town.wish()), "role.forbidden")
    refused(town.gateway.sign_up("worker").post(f"{path}/content", town.wish()), "owner.forbidden")
    again = done(worker.post(f"{path}/content", town.wish(place="福山区", level="3")))
    assert (again["status"], again["place"], again["level"]) == ("verified", "福山区", "3")
    assert again["reason"] is None
    refused(worker.post(f"{path}/content", town.wish(place="福山区", level="3")), "intake.nothing_changed")
    items = told(worker, "demand.returned", "demand.changed")
    assert any("已退回：地点不明" in each["text"]["zh"] for each in items)


def test_a_firms_doubles_are_merged_or_told_apart(town: Town):
    firm, body = town.firm("enterprise")
    officer, far = town.officer(), town.officer("370100")
    ids = [done(firm.post("/v1/demands", town.posts()), 201)["id"] for _ in range(3)]
    first = done(firm.get(f"/v1/demands/{ids[0]}"))
    assert (first["headcount"], first["suspected_of"], len(first["posts"])) == (20, None, 2)
    pairs = {
        each["demand"]["id"]: each["other"]["id"]
        for each in done(officer.get("/v1/duplicate-demands?limit=100"))["items"]
        if each["demand"]["poster_ref"] == body["id"]
    }
    assert pairs == {ids[1]: ids[0], ids[2]: ids[0]}
    assert done(far.get("/v1/duplicate-demands"))["items"] == []
    refused(far.get("/v1/duplicate-demands?region=370611"), "region.forbidden")
    refused(firm.get("/v1/duplicate-demands"), "role.forbidden")

    merger = {"merged_id": ids[1], "headcount": 35, "reason": "同一岗位"}
    refused(far.post(f"/v1/demands/{ids[0]}/merger", merger), "region.forbidden")
    refused(officer.post(f"/v1/demands/{ids[0]}/merger", {**merger, "merged_id": ids[0]}), "intake.not_alike")
    kept = done(officer.post(f"/v1/demands/{ids[0]}/merger", merger))
    assert (kept["headcount"], kept["merged_ids"], kept["status"]) == (35, [ids[1]], "verified")
    gone = done(firm.get(f"/v1/demands/{ids[1]}"))
    assert (gone["status"], gone["merged_into"]) == ("withdrawn", ids[0])
    apart = done(officer.post(f"/v1/demands/{ids[2]}/no-duplicate", {"reason": "两个车间"}))
    assert (apart["suspected_of"], apart["status"]) == (None, "verified")
    again = officer.post(f"/v1/demands/{ids[2]}/no-duplicate", {"reason": "两个车间"})
    refused(again, "intake.not_suspected")
    told(firm, "demand.duplicate_found", "demand.merged", "demand.withdrawn", "demand.duplicate_dismissed")
    # the one that others were compared with is given up: the next one takes its part
    done(firm.post(f"/v1/demands/{ids[0]}/withdrawal", {}))
    assert done(firm.post("/v1/demands", town.posts()), 201)["suspected_of"] == ids[2]


def test_an_association_posts_for_a_firm_as_long_as_the_firm_lets_it(town: Town):
    association, held = town.firm("agency", agency_kind="association")
    firm, body = town.firm("enterprise")
    assert held["agency_kind"] == "association"
    block = {name: body[name] for name in ("credit_code", "name", "region")}
    refused(association.post("/v1/demands", town.posts(enterprise=block)), "invalid")
    refused(firm.post("/v1/mandates", {"agency_code": body["credit_code"]}), "intake.agency_unknown")
    refused(firm.post("/v1/mandates", {}), "invalid")
    until = (today_in_shanghai(town.running.clock.now()) + timedelta(days=4000)).isoformat()
    code = {"agency_code": held["credit_code"]}
    refused(firm.post("/v1/mandates", {**code, "valid_until": until}), "intake.mandate_term")
    mandate = done(firm.post("/v1/mandates", code), 201)
    assert (mandate["given"], mandate["status"], mandate["kind"]) == ("account", "recorded", "enterprise")
    refused(firm.post("/v1/mandates", code), "intake.mandate_stands")
    demand = done(association.post("/v1/demands", town.posts(enterprise=block)), 201)
    assert (demand["mandate_id"], demand["posted_by_ref"]) == (mandate["id"], held["id"])
    path = f"/v1/demands/{demand['id']}"
    assert done(association.post(f"{path}/content", town.posts(hours=80)))["hours"] == 80
    told(firm, "mandate.recorded", "demand.posted")
    told(association, "mandate.recorded", "demand.posted")

    for reader in (firm, association, town.officer()):
        assert mandate["id"] in {each["id"] for each in done(reader.get("/v1/mandates?limit=100"))["items"]}
    assert done(town.officer("370100").get("/v1/mandates"))["items"] == []
    ending = f"/v1/mandates/{mandate['id']}/withdrawal"
    for stranger, code_ in (
        (town.firm("enterprise")[0], "owner.forbidden"),
        (town.officer("370100"), "region.forbidden"),
    ):
        refused(stranger.post(ending, {}), code_)
    ended = done(firm.post(ending, {"reason": "不再委托"}))
    assert (ended["status"], ended["ended_by"]) == ("withdrawn", "principal")
    for answer in (association.get(path), association.post(f"{path}/withdrawal", {})):
        refused(answer, "owner.forbidden")
    assert done(association.get("/v1/demands"))["items"] == []
    assert done(firm.get(path))["status"] == "verified"
    paper = town.posts(enterprise=block, mandate="委托书 9 号")
    refused(association.post("/v1/demands", paper), "intake.mandate_withdrawn")
    told(association, "mandate.withdrawn")


def test_an_agency_records_a_paper_and_an_officer_ends_it(town: Town):
    park, held = town.firm("agency", agency_kind="park")
    person, worker = town.person(), town.gateway.sign_up("worker")
    refused(park.post("/v1/mandates", {"person": person}), "invalid")
    mandate = done(park.post("/v1/mandates", {"person": person, "ground": "委托书 3 号"}), 201)
    assert (mandate["given"], mandate["ground"]) == ("paper", "委托书 3 号")
    assert mandate["agency_name"] == held["name"]
    demand = done(park.post("/v1/demands", town.wish(person=person, mandate_id=mandate["id"])), 201)
    another = town.wish(person=town.person(), mandate_id=mandate["id"])
    refused(park.post("/v1/demands", another), "intake.mandate_not_standing")
    # the person takes the account over and sees what was posted and on what ground
    assert done(worker.post("/v1/persons", person), 201)["id"] == mandate["principal_ref"]
    assert done(worker.get(f"/v1/demands/{demand['id']}"))["mandate"] == "委托书 3 号"
    told(worker, "mandate.recorded", "demand.posted")
    ending = f"/v1/mandates/{mandate['id']}/withdrawal"
    assert done(town.officer().post(ending, {"reason": "委托书不实"}))["ended_by"] == "officer"
    refused(park.post(ending, {}), "out_of_order")
    anew = {"person": person, "ground": "委托书 4 号"}
    refused(park.post("/v1/mandates", anew), "intake.mandate_withdrawn")
    given = done(worker.post("/v1/mandates", {"agency_code": held["credit_code"]}), 201)
    assert (given["id"], given["version"], given["status"]) == (mandate["id"], 3, "recorded")
