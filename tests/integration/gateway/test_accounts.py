"""Accounts and sign-in through a real gateway with its real database."""

import concurrent.futures
import re

import pytest
from pymongo import MongoClient

from tests.support.gateway import PASSWORD, Gateway


@pytest.fixture(scope="module")
def gateway(module_sandbox):
    with Gateway(module_sandbox("gateway")) as gateway:
        yield gateway


def account(name, role="worker", password=PASSWORD):
    return {"username": name, "password": password, "role": role}


def test_sign_up_then_sign_in_then_me(gateway):
    worker = gateway.sign_up("worker", "示例甲")
    me = worker.get("/v1/me").json()
    assert me["username"] == "示例甲"
    assert me["roles"] == ["worker"]
    assert me["person_ref"] is None


def test_a_name_is_taken_once_however_it_is_written(gateway):
    assert gateway.client().post("/v1/accounts", account("Sample.One")).status_code == 201
    for name in ("Sample.One", "sample.one", "ｓａｍｐｌｅ.ｏｎｅ"):
        answer = gateway.client().post("/v1/accounts", account(name))
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["field"] == "username"


def test_of_twenty_sign_ups_at_once_one_gets_the_name(gateway):
    def sign_up(_number):
        return gateway.client().post("/v1/accounts", account("crowd")).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(sign_up, range(20)))
    assert statuses == [201] + [409] * 19


def test_a_sign_up_sent_again_under_its_key_gives_the_same_account(gateway):
    first, second = (
        gateway.client().post("/v1/accounts", account("again"), headers={"Idempotency-Key": "once"})
        for _ in range(2)
    )
    assert first.json() == second.json()
    other = account("again", password="another password")
    assert (
        gateway.client().post("/v1/accounts", other, headers={"Idempotency-Key": "once"}).status_code == 409
    )


def test_nobody_signs_up_as_an_officer(gateway):
    for role in ("administrator", "supervisor", "auditor", "service:settlement", ""):
        assert gateway.client().post("/v1/accounts", account("climber", role)).status_code == 422


def test_officers_are_made_by_the_administrator_alone(gateway):
    body = {"username": "officer-1", "password": PASSWORD, "roles": ["supervisor"], "region": "370600"}
    assert gateway.client().post("/v1/officers", body).status_code == 401
    assert gateway.sign_up("worker").post("/v1/officers", body).status_code == 403
    assert gateway.officer(["supervisor"], "370600").post("/v1/officers", body).status_code == 403
    made = gateway.administrator().post("/v1/officers", body)
    assert made.status_code == 201
    assert made.json()["region"] == "370600"
    another = {**body, "username": "officer-2", "roles": ["administrator"]}
    assert gateway.administrator().post("/v1/officers", another).status_code == 422


def test_wrong_passwords_slow_the_next_tries_down_also_for_the_right_one(gateway):
    gateway.sign_up("worker", "slow-1")
    wrong = {"username": "slow-1", "password": "not the password"}
    statuses = [gateway.client().post("/v1/tokens", wrong).status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    right = gateway.client().post("/v1/tokens", {**wrong, "password": PASSWORD})
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 16


def test_an_unknown_name_is_answered_as_a_wrong_password_is(gateway):
    gateway.sign_up("worker", "known-1")
    answers = [
        gateway.client().post("/v1/tokens", {"username": name, "password": "wrong password"})
        for name in ("known-1", "unknown-1")
    ]
    told = [{**answer.json(), "correlation": ""} for answer in answers]
    assert told[0] == told[1]
    assert answers[0].status_code == 401


def test_a_token_that_was_ended_opens_nothing(gateway):
    worker = gateway.sign_up("worker")
    assert worker.delete("/v1/tokens/current").status_code == 204
    assert {worker.get("/v1/me").status_code for _ in range(4)} <= {200, 401}
    gateway.stop()
    gateway.start()
    assert worker.get("/v1/me").status_code == 401


def test_a_new_password_ends_all_tokens(gateway):
    worker = gateway.sign_up("worker", "mover")
    change = {"old_password": PASSWORD, "new_password": "a better password"}
    assert worker.post("/v1/me/password", {**change, "old_password": "wrong one"}).status_code == 401
    assert worker.post("/v1/me/password", change).status_code == 204
    assert gateway.client().post("/v1/tokens", {"username": "mover", "password": PASSWORD}).status_code == 401
    assert gateway.signed_in("mover", "a better password").get("/v1/me").ok


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer wdt_" + "x" * 43, "x" * 3000]
)
def test_what_is_no_token_is_401(gateway, header):
    answer = gateway.client().get("/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_cookie_alone_changes_nothing(gateway):
    gateway.sign_up("worker", "pages-1")
    browser = gateway.client()
    session = browser.post("/v1/sessions", {"username": "pages-1", "password": PASSWORD})
    cookie = session.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/v1/me").json()["username"] == "pages-1"
    change = {"old_password": PASSWORD, "new_password": "a better password"}
    assert browser.post("/v1/me/password", change).status_code == 403
    wrong = {"X-CSRF-Token": "0" * 64}
    assert browser.post("/v1/me/password", change, headers=wrong).status_code == 403
    right = {"X-CSRF-Token": session.json()["csrf_token"]}
    assert browser.post("/v1/me/password", change, headers=right).status_code == 204


def test_the_sign_in_page_works_without_scripts_and_refuses_a_foreign_form(gateway):
    gateway.sign_up("worker", "pages-2")
    browser = gateway.client()
    page = browser.get("/sign-in?next=/classes/x")
    token = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page.text)[1]
    form = {"username": "pages-2", "password": PASSWORD, "next": "//elsewhere.example/"}
    send = {"allow_redirects": False, "timeout": 30}
    assert browser.http.post(f"{gateway.base}/sign-in", data=form, **send).status_code == 403
    wrong = browser.http.post(
        f"{gateway.base}/sign-in", data={**form, "csrf_token": token, "password": "x"}, **send
    )
    assert wrong.status_code == 401
    assert "用户名或密码不正确" in wrong.text
    done = browser.http.post(f"{gateway.base}/sign-in", data={**form, "csrf_token": token}, **send)
    assert done.status_code == 303
    assert done.headers["Location"] == "/work"
    assert "pages-2" in browser.get("/").text
    out = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', browser.get("/").text)[1]
    assert browser.http.post(f"{gateway.base}/sign-out", data={}, **send).status_code == 403
    assert browser.http.post(f"{gateway.base}/sign-out", data={"csrf_token": out}, **send).status_code == 303
    assert browser.get("/v1/me").status_code == 401


def test_passwords_and_tokens_are_stored_as_hashes_only(gateway):
    worker = gateway.sign_up("worker", "hashed-1")
    token = worker.http.headers["Authorization"].split()[1]
    with MongoClient(gateway.env["WUDAN_MONGO_URI"]) as client:
        database = client[gateway.env["WUDAN_MONGO_DB"]]
        stored = str(database["accounts"].find_one({"username": "hashed-1"}))
        grants = str(list(database["grants"].find()))
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert token not in grants


def test_the_clock_moves_for_the_administrator_and_forward_only(gateway):
    now = gateway.client().get("/v1/demonstration/clock").json()["moment"]
    ahead = {"moment": now.replace(now[:4], str(int(now[:4]) + 1), 1)}
    assert gateway.sign_up("worker").post("/v1/demonstration/clock", ahead).status_code == 403
    moved = gateway.administrator().post("/v1/demonstration/clock", ahead)
    assert moved.status_code == 200
    assert moved.json()["moment"] >= ahead["moment"]
    back = gateway.administrator().post("/v1/demonstration/clock", {"moment": now})
    assert back.status_code == 409
