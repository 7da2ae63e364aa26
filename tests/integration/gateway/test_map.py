"""The map: facts go in by the broker, lists and pages come out by HTTP, within a second and never back."""

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from contracts.events import acceptance, acceptance_classes, catalogue
from contracts.events import acceptance_sourcing as sourcing
from tests.support.gateway import Gateway
from tests.support.map_facts import (
    BEGINS,
    confirm_class,
    file_class,
    list_project,
    publish_notice,
    seat,
    training,
)
from tests.support.services import Running, wait_for


@pytest.fixture(scope="module")
def system(module_sandbox):
    sandbox = module_sandbox("projector", "gateway")
    with Running(sandbox, ["projector"]) as running, Gateway(sandbox) as gateway:
        yield gateway, running


@pytest.fixture(scope="module")
def visitor(system):
    return system[0].client()


@pytest.fixture(scope="module")
def running(system):
    return system[1]


def new(kind):
    return f"{kind}-{uuid.uuid4().hex[:12]}"


def shown(visitor, id):
    """Return the class on the map, or None."""
    answer = visitor.get(f"/v1/map/classes/{id}")
    assert answer.status_code in (200, 404)
    return answer.json() if answer.status_code == 200 else None


def confirmed(visitor, running, **changes):
    id = new("class")
    file_class(running, id, **changes)
    confirm_class(running, id, **changes)
    wait_for(lambda: shown(visitor, id))
    return id


def test_a_class_is_listed_from_its_confirmation_on(visitor, running):
    id = new("class")
    file_class(running, id)
    wait_for(lambda: running.idle("projector"))
    assert shown(visitor, id) is None
    visitor.get("/v1/map/classes")
    confirm_class(running, id)
    wait_for(lambda: id in {item["id"] for item in visitor.get("/v1/map/classes?limit=100").json()["items"]})


def test_a_changed_plan_shows_on_the_map_and_the_class_stays_where_it_stood(visitor, running):
    id = confirmed(visitor, running)
    moved = training("none", BEGINS + timedelta(days=3), reason="教师生病")
    running.tell(acceptance_classes.CLASS_CHANGED, id, 3, moved)
    begins = moved["sessions"][0]["starts"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    found = wait_for(lambda: (now := shown(visitor, id)) and now["starts"] == begins and now)
    assert found["status"]["code"] == "confirmed"
    assert "教师生病" not in str(found)


def test_seats_that_are_told_before_the_class_are_not_lost(visitor, running):
    id = new("class")
    seat(running, id, 1, taken=3, waiting=0)
    file_class(running, id)
    confirm_class(running, id)
    found = wait_for(lambda: shown(visitor, id))
    assert found["seats"] == {"capacity": 20, "taken": 3, "free": 17, "waiting": 0}


def test_a_seat_taken_changes_list_page_and_etag(visitor, running):
    id = confirmed(visitor, running)
    first = visitor.get("/v1/map/classes?limit=100")
    seat(running, id, 1, taken=20, waiting=4)
    wait_for(lambda: shown(visitor, id)["seats"]["waiting"] == 4)
    again = wait_for(
        lambda: (
            found
            if (
                found := visitor.get(
                    "/v1/map/classes?limit=100", headers={"If-None-Match": first.headers["ETag"]}
                )
            ).status_code
            == 200
            else None
        )
    )
    item = next(item for item in again.json()["items"] if item["id"] == id)
    assert item["seats"]["free"] == 0
    assert "4 人候补" in visitor.get(f"/classes/{id}").text


def test_an_unchanged_list_is_304(visitor, running):
    confirmed(visitor, running)

    def asked_twice():  # what earlier tests told may still be on its way
        first = visitor.get("/v1/map/classes")
        again = visitor.get("/v1/map/classes", headers={"If-None-Match": first.headers["ETag"]})
        return again.status_code if again.headers["ETag"] == first.headers["ETag"] else None

    assert wait_for(asked_twice) == 304


def test_facts_out_of_order_give_the_same_map(visitor, running):
    id = new("class")
    confirm_class(running, id)
    assert shown(visitor, id) is None
    file_class(running, id)
    assert wait_for(lambda: shown(visitor, id))["status"]["code"] == "confirmed"


def test_a_stopped_class_says_so_and_comes_after_those_that_can_be_chosen(visitor, running):
    region = "370784"
    id = confirmed(visitor, running, region=region)
    later = confirmed(visitor, running, region=region, starts=BEGINS + timedelta(days=9))
    listed = f"/v1/map/classes?region={region}"
    wait_for(lambda: [item["id"] for item in visitor.get(listed).json()["items"]] == [id, later])
    running.tell(acceptance.CLASS_STOPPED, id, 3, {"project_id": "none", "reason": "示例"})
    wait_for(lambda: shown(visitor, id)["status"]["code"] == "stopped")
    wait_for(lambda: [item["id"] for item in visitor.get(listed).json()["items"]] == [later, id])


def test_the_price_comes_with_the_project_whichever_is_told_first(visitor, running):
    first, second = new("project"), new("project")
    id = confirmed(visitor, running, project_id=first)
    assert shown(visitor, id)["project"]["standard_fen"] is None
    list_project(running, first)
    wait_for(lambda: shown(visitor, id)["project"]["standard_fen"] == 180_000)
    list_project(running, second)
    awarded = {"sourcing_id": "s", "provider_ref": "p", "price_fen": 150_000}
    running.tell(catalogue.PROJECT_AWARDED, second, 3, awarded)
    later = confirmed(visitor, running, project_id=second)
    wait_for(lambda: shown(visitor, later)["project"]["price_fen"] == 150_000)


def test_a_draft_is_not_on_the_map(visitor, running):
    id = new("project")
    list_project(running, id)
    wait_for(lambda: visitor.get(f"/v1/map/projects/{id}").status_code == 200)
    other = new("project")
    list_project(running, other, region="370102")
    wait_for(lambda: visitor.get(f"/v1/map/projects/{other}").status_code == 200)
    near = {item["id"] for item in visitor.get("/v1/map/projects?region=370600&limit=100").json()["items"]}
    assert id in near
    assert other not in near


def test_a_challenge_tells_how_many_bids_lie_sealed_and_who_won(visitor, running):
    id = new("sourcing")
    publish_notice(running, id, "p")
    running.tell(acceptance.BID_RECEIVED, id, 2, {"sealed_bids": 3})
    found = wait_for(
        lambda: it if (it := visitor.get(f"/v1/map/challenges/{id}").json()).get("sealed_bids") == 3 else None
    )
    assert found["candidate"] is None
    again = {
        "project_id": "p",
        "reason": "密钥遗失",
        "bids_until": BEGINS - timedelta(days=9),
        "set_aside": 3,
    }
    running.tell(acceptance.BIDS_REINVITED, id, 3, again)
    found = wait_for(
        lambda: it if (it := visitor.get(f"/v1/map/challenges/{id}").json())["sealed_bids"] == 0 else None
    )
    assert datetime.fromisoformat(found["bids_until"]) == again["bids_until"]
    winner = {"project_id": "p", "provider_ref": "b", "provider_name": "示例培训学校", "price_fen": 150_000}
    running.tell(acceptance.SOURCING_AWARDED, id, 4, winner)
    wait_for(lambda: visitor.get(f"/v1/map/challenges/{id}").json()["status"]["code"] == "awarded")


def challenge(visitor, running, id, told, number, data):
    """Tell a fact of a challenge and return the challenge when the map shows that fact's version."""
    running.tell(told, id, number, data)
    path = f"/v1/map/challenges/{id}"
    return wait_for(lambda: it if (it := visitor.get(path).json())["version"] == number else None)


def test_a_deadline_that_was_put_off_shows_on_the_map(visitor, running):
    id, until = new("sourcing"), BEGINS + timedelta(days=3)
    publish_notice(running, id, "p")
    wait_for(lambda: visitor.get(f"/v1/map/challenges/{id}").status_code == 200)
    later = {"bids_until": until, "reason": "系统维护"}
    found = challenge(visitor, running, id, sourcing.DEADLINE_POSTPONED, 2, later)
    assert datetime.fromisoformat(found["bids_until"]) == until


def test_a_bid_that_was_taken_back_is_counted_no_more(visitor, running):
    id = new("sourcing")
    publish_notice(running, id, "p")
    running.tell(acceptance.BID_RECEIVED, id, 2, {"sealed_bids": 2})
    wait_for(lambda: visitor.get(f"/v1/map/challenges/{id}").json().get("sealed_bids") == 2)
    found = challenge(visitor, running, id, acceptance.BID_WITHDRAWN, 3, {"sealed_bids": 1})
    assert (found["sealed_bids"], found["status"]["code"]) == (1, "bidding")


@pytest.mark.parametrize(("way", "status"), [("open_challenge", "scored"), ("filing", "bidding")])
def test_a_candidate_whom_an_upheld_objection_strikes_is_shown_no_more(visitor, running, way, status):
    id = new("sourcing")
    publish_notice(running, id, "p", way=way, bids_until=datetime.now(UTC) + timedelta(days=1))
    named = {"provider_ref": "b", "provider_name": "示例培训学校", "notice_until": BEGINS}
    running.tell(acceptance.CANDIDATE_NAMED, id, 2, named)
    wait_for(lambda: visitor.get(f"/v1/map/challenges/{id}").json().get("candidate"))
    no = {"objection_id": "o", "upheld": False, "answer": "不属实"}
    found = challenge(visitor, running, id, acceptance.OBJECTION_ANSWERED, 3, no)
    assert (found["candidate"]["provider_ref"], found["status"]["code"]) == ("b", "public_notice")
    found = challenge(visitor, running, id, acceptance.OBJECTION_ANSWERED, 4, no | {"upheld": True})
    assert (found["candidate"], found["status"]["code"]) == (None, status)


def test_filters_and_cursor_walk_the_whole_list_in_order(visitor, running):
    region = "370783"
    ids = []
    for number in range(5):
        ids.append(confirmed(visitor, running, region=region, starts=BEGINS + timedelta(days=number)))
    found, path = [], f"/v1/map/classes?region={region}&limit=2"
    while path:
        page = visitor.get(path)
        found += [item["id"] for item in page.json()["items"]]
        following = page.json()["next"]
        path = f"/v1/map/classes?region={region}&limit=2&cursor={following}" if following else None
    assert found == ids
    assert (
        visitor.get(f"/v1/map/classes?region=370600&cursor={page.json()['next'] or 'x'}").status_code == 400
    )
    city = {item["id"] for item in visitor.get("/v1/map/classes?region=370700&limit=100").json()["items"]}
    assert set(ids) <= city


def test_min_version_waits_for_what_is_on_its_way(visitor, running):
    id = new("class")
    file_class(running, id)
    confirm_class(running, id)
    arrived = visitor.get(f"/v1/map/classes/{id}?min_version=2")
    assert arrived.status_code == 200
    assert arrived.json()["version"] >= 2
    began = time.monotonic()
    pending = visitor.get(f"/v1/map/classes/{id}?min_version=9")
    assert pending.status_code == 202
    assert pending.json()["code"] == "pending"
    assert time.monotonic() - began > 0.9


def test_the_page_is_chinese_first_and_english_by_the_switch(system, running):
    visitor = system[0].client()
    id = confirmed(visitor, running)
    page = visitor.get(f"/classes/{id}")
    assert 'lang="zh-CN"' in page.text
    assert "课程安排" in page.text
    assert "示例培训学校" in page.text
    switched = visitor.get(f"/language/en?next=/classes/{id}")
    assert switched.url.endswith(f"/classes/{id}")
    assert "Timetable" in switched.text
    assert visitor.get("/language/en?next=https://elsewhere.example/").url == f"{visitor.base}/"


def test_the_list_page_filters_and_pages_by_its_address(visitor, running):
    for number in range(3):
        confirmed(visitor, running, region="371002", starts=BEGINS + timedelta(days=number))
    page = visitor.get("/?region=371000")
    assert page.text.count("<li>\n<h2 ") == 3
    assert visitor.get("/?region=1", headers={"Accept": "text/html"}).status_code == 404
    assert "没有符合条件的班次" in visitor.get("/?level=1").text


def test_when_the_projector_is_gone_the_map_stands_and_says_since_when(visitor, running):
    id = confirmed(visitor, running)
    before = wait_for(lambda: visitor.get("/v1/map/classes").json()["as_of"], 15)
    wait_for(lambda: visitor.get("/v1/map/classes").json()["as_of"] > before, 15)
    running.kill("projector", restart=False)
    stood = visitor.get("/v1/map/classes").json()["as_of"]
    seat(running, id, 1, taken=1)
    assert shown(visitor, id)["seats"]["taken"] == 0
    assert visitor.get("/v1/map/classes").json()["as_of"] == stood
    running.start("projector")
    running.await_ready("projector")
    wait_for(lambda: shown(visitor, id)["seats"]["taken"] == 1)
    wait_for(lambda: visitor.get("/v1/map/classes").json()["as_of"] > stood, 15)


def test_nothing_on_the_map_is_about_a_person(visitor, running):
    id = confirmed(visitor, running)
    members = {"project_id": "none", "person_refs": ["person-secret-1"]}
    running.tell(acceptance.ROSTER_FILED, id, 3, members)
    wait_for(lambda: shown(visitor, id)["status"]["code"] == "roster_filed")
    stored = str(list(running.database("gateway")["map_classes"].find()))
    assert "person-secret-1" not in stored
