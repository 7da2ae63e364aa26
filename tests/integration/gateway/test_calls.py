"""From REST to a service and back: contracts, keys, versions, identity, and a service that is not there."""

import concurrent.futures
import time
import uuid

import pytest

from contracts.vocabularies import occupations
from contracts.vocabularies.sample_ids import make_citizen_id, wrong_citizen_id
from tests.support.gateway import Gateway
from tests.support.services import Running


@pytest.fixture(scope="module")
def system(module_sandbox):
    sandbox = module_sandbox("intake", "gateway")
    with Running(sandbox, ["intake"]) as running, Gateway(sandbox) as gateway:
        yield gateway, running


@pytest.fixture(scope="module")
def gateway(system):
    return system[0]


SERIALS = iter(range(1, 900))


def demand(**changes):
    person = {
        "id_number": make_citizen_id(serial=next(SERIALS)),
        "name": "示例甲",
        "phone": "13800000000",
        "region": "370611",
        "groups": [],
        **changes.pop("person", {}),
    }
    return {
        "kind": "worker",
        "region": "370611",
        "occupation": "6-18-02-04",
        "level": "4",
        "wanted_from": "2026-12-01",
        "person": person,
        **changes,
    }


def test_a_demand_is_posted_and_read_back(gateway):
    worker = gateway.sign_up("worker")
    posted = worker.post("/v1/demands", demand())
    assert posted.status_code == 201, posted.text
    assert posted.headers["Idempotency-Key"]
    assert posted.headers["ETag"].startswith('"1-')
    read = worker.get(f"/v1/demands/{posted.json()['id']}")
    assert read.status_code == 200
    assert read.json()["id"] == posted.json()["id"]
    listed = worker.get("/v1/demands").json()["items"]
    assert [item["id"] for item in listed] == [posted.json()["id"]]


def test_an_unchanged_read_is_304(gateway):
    worker = gateway.sign_up("worker")
    first = worker.get("/v1/demands")
    again = worker.get("/v1/demands", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_a_wrong_check_digit_is_refused_by_field(gateway):
    body = demand(person={"id_number": wrong_citizen_id(make_citizen_id(serial=999))})
    refused = gateway.sign_up("worker").post("/v1/demands", body)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["person.id_number"]
    assert "身份证" in refused.json()["errors"][0]["zh"]


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(gateway):
    worker, key, body = gateway.sign_up("worker"), {"Idempotency-Key": str(uuid.uuid4())}, demand()
    first = worker.post("/v1/demands", body, headers=key)
    second = worker.post("/v1/demands", body, headers=key)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    other = worker.post("/v1/demands", {**body, "hours": 9}, headers=key)
    assert other.status_code == 422
    assert other.json()["code"] == "key_reused"


def test_one_key_fifty_times_at_once_does_it_once(gateway):
    worker, key, body = gateway.sign_up("worker"), {"Idempotency-Key": str(uuid.uuid4())}, demand()

    def post(_number):
        return gateway.client(worker.http.headers["Authorization"].split()[1]).post(
            "/v1/demands", body, headers=key
        )

    with concurrent.futures.ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(post, range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(worker.get("/v1/demands").json()["items"]) == 1


def test_a_stale_version_is_412(gateway):
    worker = gateway.sign_up("worker")
    posted = worker.post("/v1/demands", demand())
    path = f"/v1/demands/{posted.json()['id']}/withdrawal"
    stale = worker.post(path, {"reason": "x"}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412, stale.text
    assert stale.json()["code"] == "stale_version"


def test_another_worker_sees_nothing_of_it(gateway):
    posted = gateway.sign_up("worker").post("/v1/demands", demand()).json()
    other = gateway.sign_up("worker").get(f"/v1/demands/{posted['id']}")
    assert other.status_code in (403, 404)
    assert "示例" not in other.text


def test_an_officer_may_not_ask_about_another_region(gateway):
    officer = gateway.officer(["catalogue_officer"], "370600")
    assert officer.get("/v1/demands?region=370611").status_code == 200
    refused = officer.get("/v1/demands?region=370102")
    assert refused.status_code == 403
    assert refused.json()["code"] == "region.forbidden"


def test_an_id_that_cannot_be_one_is_not_found(gateway):
    worker = gateway.sign_up("worker")
    for id in ("x" * 81, "a b", "a;b", "%00", "..%2f..", "🙂"):
        assert worker.get(f"/v1/demands/{id}").status_code == 404


def test_a_list_goes_on_by_its_signed_cursor(gateway):
    worker = gateway.sign_up("worker")
    first = demand()
    worker.post("/v1/demands", first)
    for occupation in [code for code in occupations.CODES if code != first["occupation"]][:2]:
        made = worker.post("/v1/demands", {**first, "person": None, "occupation": occupation})
        assert made.status_code == 201, made.text
    everything = [item["id"] for item in worker.get("/v1/demands").json()["items"]]
    found, path = [], "/v1/demands?limit=1"
    while path:
        page = worker.get(path)
        assert page.status_code == 200, page.text
        found += [item["id"] for item in page.json()["items"]]
        path = page.links["next"]["url"] if page.json()["next"] else None
    assert found == everything
    assert len(found) == 3
    assert worker.get("/v1/demands?cursor=made-up").status_code == 400


def test_a_service_that_is_not_there_is_told_soon(gateway):
    officer = gateway.officer(["catalogue_officer"], "370600")
    began = time.monotonic()
    answer = officer.get("/v1/demand-summary")
    assert answer.status_code == 503, answer.text
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["Retry-After"]
    assert time.monotonic() - began < 15  # it ends


def test_a_call_survives_the_service_being_killed_and_started(system):
    gateway, running = system
    worker, key, body = gateway.sign_up("worker"), {"Idempotency-Key": str(uuid.uuid4())}, demand()
    before = worker.post("/v1/demands", body, headers=key)
    running.kill("intake")
    after = worker.post("/v1/demands", body, headers=key)
    assert after.status_code == 201, after.text
    assert after.json() == before.json()


def test_correlation_and_trace_come_back(gateway):
    given = {"X-Correlation-Id": "correlation-0001", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    answer = gateway.client().get("/v1/me", headers=given)
    assert answer.headers["X-Correlation-Id"] == "correlation-0001"
    assert answer.json()["correlation"] == "correlation-0001"
    hostile = gateway.client().get("/v1/me", headers={"X-Correlation-Id": "<script>"})
    assert hostile.headers["X-Correlation-Id"] != "<script>"
