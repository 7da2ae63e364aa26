"""A person's record through the API: kept, corrected, shared by consent, and as credentials checked with
libraries that are not ours; credits, 三个一; a copy of all data, deletion, what is kept [S08, S09, S37].
"""

import base64
import json
import shutil
from datetime import date

import pytest

from contracts.events import acceptance, settlement
from infra.devices import Device
from services.chassis.actor import Actor
from tests.support import records
from tests.support.gateway import Gateway
from tests.support.records import COUNTY, World
from tests.support.services import Running, wait_for

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
SERVICES = ("intake", "selection", "acceptance", "settlement")


@pytest.fixture(scope="session")
def stranger():
    """One who checks credentials without us."""
    return records.stranger()


@pytest.fixture(scope="module")
def world(stack):
    sandbox = stack.sandbox((*SERVICES, "gateway"))
    gateway = Gateway(sandbox)
    extra = {"selection": {"WUDAN_PUBLIC_URL": gateway.base}}
    try:
        with Running(sandbox, SERVICES, extra) as running, gateway:
            yield World(running, gateway)
    finally:
        sandbox.drop()


@pytest.fixture(scope="module")
def learner(world):
    """One who was trained, assessed, certified, employed and paid."""
    client = world.worker()
    client.training = world.trained(client)
    work = {
        "project_id": "project", "class_id": client.training, "person_ref": client.ref,
        "since": date(2026, 4, 1), "checked_at": world.now,
    }  # fmt: skip
    world.tell(acceptance.EMPLOYMENT_PROVEN, f"e{client.ref}", work)
    paid = {"claim_id": "claim-1", "payee_ref": client.ref, "amount_fen": 150_000}
    world.tell(settlement.PAYMENT_PAID, f"p{client.ref}", paid)
    mine = {"person_ref": client.ref}
    wait_for(lambda: world.db.record_entries.count_documents(mine) == 5, 60, "the record")
    return client


def code(answer):
    return answer.status_code, answer.json().get("code")


def test_the_record_tells_each_entry_with_its_source_and_time(world, learner):
    told = learner.get("/v1/records/me").json()
    found = {entry["kind"]: entry for entry in told["items"]}
    assert set(found) == {"training", "assessment", "certificate", "employment", "subsidy"}
    training = found["training"]
    assert training["values"] == {
        "class_id": learner.training, "class_name": f"示例班 {learner.training}", "occupation": "6-18-02-04",
        "level": "4", "hours": 40, "days": 2, "passed": True,
    }  # fmt: skip
    assert (training["source"], training["body_ref"], training["region"]) == (
        "acceptance",
        "provider-1",
        COUNTY,
    )
    assert found["certificate"]["source_ref"] == learner.certificate
    assert found["subsidy"]["source"] == "settlement"
    assert found["subsidy"]["values"]["amount_fen"] == 150_000
    assert all(entry["at"] for entry in found.values())
    assert [entry["kind"] for entry in learner.get("/v1/records/me?kind=subsidy").json()["items"]] == [
        "subsidy"
    ]
    paged, after, seen = learner.get("/v1/records/me?limit=2").json(), None, []
    while True:
        seen += paged["items"]
        after = paged["next"]
        if after is None:
            break
        paged = learner.get("/v1/records/me", params={"limit": 2, "cursor": after}).json()
    assert sorted(entry["id"] for entry in seen) == sorted(entry["id"] for entry in told["items"])
    assert code(world.officer.get("/v1/records/me")) == (403, "role.forbidden")


def test_a_payment_that_comes_back_is_said_to(world):
    client = world.worker()
    paid = {"claim_id": "claim-2", "payee_ref": client.ref, "amount_fen": 90_000}
    world.tell(settlement.PAYMENT_PAID, f"p{client.ref}", paid)
    world.tell(settlement.PAYMENT_RETURNED, f"p{client.ref}", {**paid, "bank_reason": "账户已销户"})
    back = {"person_ref": client.ref, "values.arrived": False}
    wait_for(lambda: world.db.record_entries.find_one(back), 60, "the return")
    assert [each["values"]["arrived"] for each in client.get("/v1/records/me").json()["items"]] == [False]


def test_a_correction_is_answered_by_an_officer_of_the_source(world):
    client, other = world.worker(), world.worker()
    world.trained(client)
    shared = world.credential(client)
    path = f"/v1/records/me/entries/certificate:{client.certificate}/corrections"
    assert code(other.post(path, {"says": "不是我的"})) == (403, "owner.forbidden")
    asked = client.post(path, {"says": "等级应为三级"})
    assert (asked.status_code, asked.json()["status"]) == (201, "open")
    assert code(client.post(path, {"says": "再次"})) == (409, "selection.correction_open")
    answer = f"/v1/record-corrections/{asked.json()['id']}/answer"
    body = {"upheld": True, "reason": "证书原件为三级", "values": {"level": "3"}}
    elsewhere = world.gateway.officer(["supervisor"], "370100")
    assert code(elsewhere.post(answer, body)) == (403, "region.forbidden")
    payer = world.gateway.officer(["first_reviewer"], "370600")
    assert code(payer.post(answer, body)) == (403, "selection.correction_office")
    assert code(world.officer.post(answer, {**body, "values": None})) == (422, "invalid")
    wrong = {**body, "values": {"hours": 3}}
    assert code(world.officer.post(answer, wrong)) == (422, "selection.correction_field")
    waiting = world.officer.get("/v1/record-corrections?status=open").json()["items"]
    assert asked.json()["id"] in [each["id"] for each in waiting]
    assert elsewhere.get("/v1/record-corrections").json()["items"] == []
    answered = world.officer.post(answer, body)
    assert (answered.status_code, answered.json()["status"]) == (200, "upheld"), answered.text
    assert code(world.officer.post(answer, body)) == (409, "out_of_order")
    entry = client.get(f"/v1/record-corrections/{asked.json()['id']}").json()["entry"]
    assert (entry["values"]["level"], entry["corrected"]) == ("4", {"level": "3"})
    assert client.get("/v1/records/me/credits").json()["lines"][0]["credits"] == 20
    # what was shared before stated another level
    mine = {each["id"]: each for each in client.get("/v1/credentials").json()["items"]}
    assert mine[shared["id"]]["status"] == "revoked"


def test_a_rejected_correction_says_why_and_changes_nothing(world, learner):
    path = f"/v1/records/me/entries/training:{learner.training}:{learner.ref}/corrections"
    asked = learner.post(path, {"says": "应为50学时"}).json()
    body = {"upheld": False, "reason": "签到记录为40学时"}
    answered = world.officer.post(f"/v1/record-corrections/{asked['id']}/answer", body).json()
    assert (answered["status"], answered["reason"]) == ("rejected", "签到记录为40学时")
    assert answered["entry"]["corrected"] == {}


def test_a_reader_sees_what_the_consent_opens_and_the_person_sees_the_reading(world, learner):
    reader, stranger = world.body(), world.body()
    body = {
        "reader_code": reader.code, "purpose": "招聘高级工", "scope": ["certificate", "credits", "name"],
        "until": world.until(),
    }  # fmt: skip
    given = learner.post("/v1/consents", body)
    assert (given.status_code, given.json()["reader_name"]) == (201, "示例企业"), given.text
    record = f"/v1/consents/{given.json()['id']}/record"
    assert code(stranger.get(record)) == (403, "owner.forbidden")
    told = reader.get(record)
    assert told.status_code == 200, told.text
    assert [entry["kind"] for entry in told.json()["items"]] == ["certificate"]
    assert (told.json()["name"], told.json()["credits"]) == ("示例甲", 12)
    readings = learner.get("/v1/records/me/readings").json()["items"]
    assert [(each["id"], each["purpose"], each["entries"]) for each in readings] == [
        (told.json()["reading_id"], "招聘高级工", 1)
    ]
    assert [each["id"] for each in reader.get("/v1/consents").json()["items"]] == [given.json()["id"]]
    assert stranger.get("/v1/consents").json()["items"] == []
    # a disclosure of the name stands in intake's own record of them
    disclosed = {"payee_ref": learner.ref, "by": "service:selection"}
    assert world.running.database("intake").disclosures.count_documents(disclosed) == 1
    ended = learner.post(f"/v1/consents/{given.json()['id']}/revocation", {})
    assert ended.json()["status"] == "revoked"
    assert code(reader.get(record)) == (403, "selection.consent_closed")
    assert len(learner.get("/v1/records/me/readings").json()["items"]) == 1


def test_a_consent_has_a_term_and_a_known_reader(world, learner):
    reader = world.body(verified=False)
    body = {"reader_code": reader.code, "purpose": "招聘", "scope": ["training"], "until": world.until()}
    assert code(learner.post("/v1/consents", body)) == (422, "selection.reader_unknown")
    known = {**body, "reader_code": world.body().code}
    for days in (-1, 400):
        refused = learner.post("/v1/consents", {**known, "until": world.until(days)})
        assert code(refused) == (422, "selection.consent_term")


@needs_node
def test_a_badge_is_checked_by_others_then_revoked_and_refused(world, learner, stranger):
    shared = world.credential(learner, with_name=True, with_id_number=True)
    badge = world.document(learner, shared, "open_badge")
    found = stranger("badge", badge)
    assert found.get("revoked") is False, found
    assert found["bits"] == 131_072
    subject = found["payload"]["credentialSubject"]
    assert found["payload"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert subject["licenseNumber"] == learner.certificate
    assert subject["identifier"][0]["identityHash"] == "示例甲"
    assert learner.number not in json.dumps(found, ensure_ascii=False)
    head, payload, signature = badge.split(".")
    text = base64.urlsafe_b64decode(payload + "==").decode().replace('"6-18-02-04"', '"6-18-02-05"')
    forged = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    assert forged != payload
    assert "signature" in stranger("badge", f"{head}.{forged}.{signature}")["refused"]

    other = world.credential(learner)
    revoked = learner.post(f"/v1/credentials/{shared['id']}/revocation", {})
    assert revoked.json()["status"] == "revoked"
    assert stranger("badge", badge)["revoked"] is True
    assert stranger("badge", world.document(learner, other, "open_badge"))["revoked"] is False
    closed = learner.get(f"/v1/credentials/{shared['id']}/document")
    assert code(closed) == (409, "selection.credential_closed")


@needs_node
def test_a_certificate_is_shown_without_the_id_number(world, learner, stranger):
    device = Device()
    shared = world.credential(learner, with_name=True, with_id_number=True, holder_key=device.public_key)
    whole = world.document(learner, shared, "sd_jwt")
    found = stranger("selective", whole, name=True, number=True)
    payload = found["payload"]
    assert (payload["name"], payload["number"]) == ("示例甲", learner.certificate)
    assert (payload["occupation"], payload["level"]) == ("6-18-02-04", "4")
    assert payload["cnf"]["jwk"]["crv"] == "P-256"
    assert "id_number" not in payload
    hidden = base64.urlsafe_b64encode(learner.number.encode()).decode().rstrip("=")
    assert learner.number not in found["presentation"]
    assert hidden not in found["presentation"]
    assert stranger("selective", whole, id_number=True)["payload"]["id_number"] == learner.number
    assert world.document(learner, shared, "sd_jwt") != whole
    learner.post(f"/v1/credentials/{shared['id']}/revocation", {})
    # the library fetches the list by itself and finds the bit
    assert "Status is not valid" in stranger("selective", found["presentation"], name=True)["refused"]


@needs_node
def test_a_record_is_shared_as_a_credential_too(world, learner, stranger):
    shared = world.credential(learner, kind="record", entry_id=None, scope=["training", "employment"])
    found = stranger("badge", world.document(learner, shared, "open_badge"))
    record = found["payload"]["credentialSubject"]["record"]
    assert record["training"][0]["hours"] == 40
    assert record["employment"][0]["since"] == "2026-04-01"
    sd = world.document(learner, shared, "sd_jwt")
    assert "employment" not in stranger("selective", sd, training=True)["payload"]


def test_credentials_are_made_of_own_certificates_only(world, learner):
    other = world.worker()
    body = {
        "kind": "certificate", "entry_id": f"certificate:{learner.certificate}", "audience": "示例企业",
        "purpose": "求职", "until": world.until(),
    }  # fmt: skip
    assert code(other.post("/v1/credentials", body)) == (403, "owner.forbidden")
    training = {**body, "entry_id": f"training:{learner.training}:{learner.ref}"}
    assert code(learner.post("/v1/credentials", training)) == (422, "selection.entry_kind")
    assert code(learner.post("/v1/credentials", {**body, "scope": ["training"]})) == (422, "invalid")
    shared = world.credential(learner)
    path = f"/v1/credentials/{shared['id']}"
    assert code(other.get(f"{path}/document")) == (403, "owner.forbidden")
    assert code(other.post(f"{path}/revocation", {})) == (403, "owner.forbidden")
    assert world.gateway.client().get("/v1/issuer/status-lists/7").status_code == 404


def test_credits_are_listed_and_recognised_once(world, learner):
    told = learner.get("/v1/records/me/credits").json()
    assert told["total"] == 12  # level 4: 10; 40 hours: 2
    assert {line["kind"]: line["credits"] for line in told["lines"]} == {"certificate": 10, "training": 2}
    assert told["illustrative"] is True
    table = world.gateway.client().get("/v1/credit-table", params={"region": COUNTY}).json()
    assert {rule["level"]: rule["credits"] for rule in table["rules"]}["4"] == 10
    school = world.body("provider")
    body = {
        "reader_code": school.code,
        "purpose": "学分认定",
        "scope": ["certificate"],
        "until": world.until(),
    }
    entries = [line["entry_id"] for line in told["lines"]]
    asked = {"entry_ids": entries, "towards": "机电技术实训课程"}
    narrow = learner.post("/v1/consents", body).json()["id"]
    path = f"/v1/consents/{narrow}/credit-recognitions"
    assert code(school.post(path, asked)) == (403, "selection.consent_field")
    wide = learner.post("/v1/consents", {**body, "scope": ["credits"]}).json()["id"]
    path = f"/v1/consents/{wide}/credit-recognitions"
    assert code(world.body("provider").post(path, asked)) == (403, "owner.forbidden")
    made = school.post(path, asked)
    assert (made.status_code, made.json()["credits"]) == (201, 12), made.text
    assert code(school.post(path, asked)) == (409, "selection.credits_recognised")
    assert code(school.post(path, {**asked, "entry_ids": ["x"]})) == (422, "selection.no_credits")
    shown = learner.get("/v1/records/me/credits").json()["recognitions"]
    assert [(each["credits"], each["towards"]) for each in shown] == [(12, "机电技术实训课程")]


def test_a_students_three_are_tracked(world):
    students = [world.worker(["student"]) for _ in range(6)]
    student = students[0]
    world.trained(*students[:5], failed=students[5:])
    what = lambda: {each["what"]: each for each in student.get("/v1/records/me/three-ones").json()["items"]}  # noqa: E731
    wait_for(lambda: what()["skill_training"]["done"], 60, "the training")
    body = {
        "kind": "practice", "title": "就业实训", "host": "示例企业", "region": COUNTY,
        "begun": "2026-01-05", "ended": "2026-02-05",
    }  # fmt: skip
    assert code(student.post("/v1/practices", {**body, "ended": "2026-01-01"})) == (422, "invalid")
    reported = student.post("/v1/practices", body).json()
    assert what()["practice"] | {"entry_id": None} == {
        "what": "practice", "done": False, "waiting": True, "done_on": None, "entry_id": None,
    }  # fmt: skip
    decision = f"/v1/practices/{reported['id']}/decision"
    decided = {"confirmed": True, "reason": "已核实实训证明"}
    elsewhere = world.gateway.officer(["supervisor"], "370100")
    assert code(elsewhere.post(decision, decided)) == (403, "region.forbidden")
    assert world.officer.post(decision, decided).json()["status"] == "confirmed"
    assert code(world.officer.post(decision, decided)) == (409, "out_of_order")
    startup = student.post("/v1/practices", {**body, "kind": "startup_training", "title": "创业培训"}).json()
    assert startup["id"] in [each["id"] for each in world.officer.get("/v1/practices").json()["items"]]
    assert student.get("/v1/records/me/three-ones").json()["complete"] is False
    world.officer.post(f"/v1/practices/{startup['id']}/decision", decided)
    assert student.get("/v1/records/me/three-ones").json()["complete"] is True
    figures = world.officer.get("/v1/three-ones/figures", params={"region": "370600"}).json()["items"]
    county = next(each for each in figures if each["region"] == COUNTY)
    # five of six did the first: the sixth could be told; one did the others
    assert county == {
        "region": COUNTY, "students": 6, "skill_training": None, "startup_training": None, "practice": None,
        "complete": None,
    }  # fmt: skip
    refused = elsewhere.get("/v1/three-ones/figures", params={"region": "370600"})
    assert code(refused) == (403, "region.forbidden")


def test_a_person_gets_a_copy_of_all_that_is_held(world, learner):
    told = learner.get("/v1/persons/me/data")
    assert told.status_code == 200, told.text
    parts = {
        part["service"]: {each["name"]: each for each in part["sections"]} for part in told.json()["services"]
    }
    assert set(parts) == {"intake", "selection", "acceptance", "settlement", "gateway"}
    identity = parts["intake"]["identity"]["items"][0]
    assert (identity["name"], identity["id_number"]) == ("示例甲", learner.number)
    assert identity["bank_account"] == "6222000000000000"
    assert len(parts["selection"]["record"]["items"]) == 5
    assert parts["settlement"]["profile"]["items"][0]["id"] == learner.ref
    assert parts["gateway"]["account"]["items"][0]["roles"] == ["worker"]
    assert all(section["why"] for part in parts.values() for section in part.values())
    assert code(world.officer.get("/v1/persons/me/data")) == (403, "role.forbidden")
    assert code(world.gateway.sign_up("worker").get("/v1/persons/me/data")) == (409, "intake.not_registered")


@needs_node
def test_a_deletion_says_what_goes_and_what_is_kept(world, stranger):
    client = world.worker()
    world.trained(client)
    rostered = {"_id": client.ref}
    wait_for(lambda: world.running.database("intake").rostered.find_one(rostered), 60, "the roster")
    badge = world.document(client, world.credential(client), "open_badge")
    before = client.get("/v1/persons/me/deletion").json()
    assert (before["done_at"], before["hindrances"]) == (None, [])
    assert {line["what"] for line in before["kept"]} == {"identity", "payments", "log", "facts"}
    assert client.delete("/v1/persons/me").status_code == 200
    after = client.get("/v1/persons/me/deletion").json()
    assert after["done_at"]
    assert [line["what"] for line in after["kept"]] == [line["what"] for line in before["kept"]]
    gone = {"_id": client.ref, "registry": "forgotten"}
    wait_for(lambda: world.db.people.find_one(gone), 60, "the deletion")
    assert world.db.record_entries.count_documents({"person_ref": client.ref}) == 0
    assert stranger("badge", badge)["revoked"] is True
    # kept apart: sealed, for an auditor with a purpose, and each look is recorded
    auditor = world.gateway.officer(["auditor"], "370000")
    path = f"/v1/kept-identities/{client.ref}"
    assert auditor.get(path).status_code == 422
    shown = auditor.get(path, params={"purpose": "专项审计"}).json()
    assert (shown["name"], shown["id_number"]) == ("示例甲", client.number)
    assert code(world.officer.get(path, params={"purpose": "好奇"})) == (403, "role.forbidden")
    looks = {"payee_ref": client.ref, "purpose": "专项审计"}
    assert world.running.database("intake").disclosures.count_documents(looks) == 1
    # who comes back is the same person, so that limits of subsidies hold
    again = world.worker(number=client.number)
    assert again.ref == client.ref
    assert world.running.database("intake").kept_identities.count_documents({}) == 0
    assert again.get("/v1/records/me").json()["items"] == []


def test_who_was_never_trained_leaves_nothing_of_the_identity(world):
    client = world.worker()
    before = client.get("/v1/persons/me/deletion").json()
    assert {line["what"] for line in before["kept"]} == {"log", "facts"}
    client.delete("/v1/persons/me")
    intake_db = world.running.database("intake")
    assert intake_db.kept_identities.find_one({"person_ref": client.ref}) is None
    assert intake_db.person_keys.find_one({"keyAltNames": client.ref}) is None
    again = world.worker(number=client.number)
    assert again.ref != client.ref


def test_a_reader_without_a_verified_body_reads_nothing(world, learner):
    actor = Actor("nobody", frozenset({"enterprise"}), body_ref="no-body")
    reader = world.body()
    body = {"reader_code": reader.code, "purpose": "招聘", "scope": ["training"], "until": world.until()}
    given = learner.post("/v1/consents", body).json()
    with pytest.raises(Exception, match=r"owner\.forbidden"):
        world.running.call("selection.read_record", {"consent_id": given["id"]}, actor)
