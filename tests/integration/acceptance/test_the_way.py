"""From the notice to the employed graduate, with the facts told; and what is refused on the way."""

from datetime import datetime, timedelta

import pytest

from contracts.events import catalogue, intake
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from tests.integration.acceptance.world import (
    DAY,
    HOUR,
    OFFICER,
    OPENING,
    SUPERVISOR,
    World,
    body,
    officer,
    unique,
    worker,
)
from tests.support.services import wait_for


def types(world: World, subject: str) -> list[str]:
    return [each["type"].rpartition(".")[2] for each in world.facts(subject)]


def test_three_bid_one_is_awarded_after_an_objection(world: World):
    a, b, c = (world.a_body() for _ in range(3))
    project = world.a_project()
    sourcing = world.publish(project)
    id = sourcing["id"]
    assert sourcing["status"] == "questions"
    with pytest.raises(Refusal, match="project_sourced"):
        world.publish(project)
    for ref, price in ((a, 170_000), (b, 160_000), (c, 190_000)):
        world.bid(sourcing, ref, world.sealed(sourcing, ref, price))
    world.wait_until(datetime.fromisoformat(sourcing["bids_until"]))
    assert world.open(id)["status"] == "opened"
    scored = world.score(id, {a: 80, b: 80})
    lines = {each["provider_ref"]: each for each in scored["bids"]}
    assert scored["status"] == "scored"
    assert (lines[a]["points"], lines[b]["points"], lines[c]["excluded"]) == (8000, 8000, "above_ceiling")
    named = world.call("name_candidate", OFFICER, sourcing_id=id)
    # a tie: the lower price goes first
    assert named["candidate"]["provider_ref"] == b
    with pytest.raises(Refusal, match="notice_running"):
        world.call("award", OFFICER, sourcing_id=id)
    objected = world.call("object", body(a), sourcing_id=id, reason="资质存疑")
    objection = objected["objections"][0]["id"]
    world.wait_until(datetime.fromisoformat(named["candidate"]["notice_until"]))
    with pytest.raises(Refusal, match="objection_open"):
        world.call("award", OFFICER, sourcing_id=id)
    answer = {"sourcing_id": id, "objection_id": objection, "upheld": True, "answer": "属实"}
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("answer_objection", officer("supervisor", region="370100"), **answer)
    assert world.call("answer_objection", SUPERVISOR, **answer)["status"] == "scored"
    named = world.call("name_candidate", OFFICER, sourcing_id=id)
    assert named["candidate"]["provider_ref"] == a
    world.wait_until(datetime.fromisoformat(named["candidate"]["notice_until"]))
    assert world.call("award", OFFICER, sourcing_id=id)["status"] == "awarded"
    assert types(world, id) == [
        "notice_published", "bid_received", "bid_received", "bid_received", "opened", "panel_drawn", "scored",
        "candidate_named", "objection_raised", "objection_answered", "candidate_named", "awarded",
    ]  # fmt: skip
    award = world.facts(id)[-1]["data"]
    assert (award["project_id"], award["provider_ref"], award["price_fen"]) == (project, a, 170_000)


def test_a_failed_challenge_frees_the_project(world: World):
    project = world.a_project()
    sourcing = world.publish(project)
    world.wait_until(datetime.fromisoformat(sourcing["bids_until"]))
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("name_candidate", OFFICER, sourcing_id=sourcing["id"])
    failed = world.call("fail_sourcing", OFFICER, sourcing_id=sourcing["id"], reason="无人应榜")
    assert (failed["status"], failed["failure"]) == ("failed", "无人应榜")
    assert world.publish(project)["status"] == "questions"


def test_a_class_from_its_filing_to_the_employed_graduate(world: World):
    provider, assessor, project = world.a_body(), world.a_body("assessor"), world.a_project()
    world.awarded(project, provider)
    first = (world.now + 10 * DAY).replace(microsecond=0)
    persons = [unique("person") for _ in range(4)]
    made = world.with_roster(project, provider, first, persons)
    id = made["id"]
    assert (made["status"], made["on_roster"]) == ("roster_filed", 4)
    with pytest.raises(Refusal, match="outside_session"):
        world.sign_in(made, 0, persons[0])
    world.wait_until(first - timedelta(minutes=14))
    for person in persons:
        one = world.sign_in(made, 0, person, spot=(121.25, 37.5))
        assert one == world.sign_in(made, 0, person)
    with pytest.raises(Refusal, match="not_on_roster"):
        world.sign_in(made, 0, unique("person"))
    world.wait_until(first)
    with pytest.raises(Refusal, match="sessions_running"):
        world.call("close_sessions", body(provider), class_id=id)
    world.wait_until(first + DAY + HOUR)
    for person in persons[:3]:
        world.sign_in(made, 1, person)
    world.wait_until(first + DAY + 3 * HOUR)
    assert world.call("close_sessions", body(provider), class_id=id)["status"] == "carried_out"
    told = {each["person_ref"]: each for each in world.facts(id)[-1]["data"]["attendance"]}
    assert [told[person]["hours"] for person in persons] == [8, 8, 8, 4]
    assert [len(told[person]["days"]) for person in persons] == [2, 2, 2, 1]
    results = [{"person_ref": person, "passed": person != persons[2]} for person in persons]
    today = today_in_shanghai(world.now).isoformat()
    numbers = [f"S{unique('').upper().replace('-', '')}" for _ in range(2)]
    certificates = [
        {"person_ref": person, "number": number, "issued_on": today}
        for person, number in zip(persons[:2], numbers, strict=True)
    ]
    world.appoint(made, assessor)
    wrong = [{**certificates[0], "person_ref": persons[2]}]
    with pytest.raises(Refusal, match="certificate_person"):
        world.call(
            "record_results", body(assessor, "assessor"), class_id=id, results=results, certificates=wrong
        )
    done = world.call(
        "record_results", body(assessor, "assessor"), class_id=id, results=results, certificates=certificates
    )
    assert (done["status"], done["completed"]) == ("completed", 2)
    assert types(world, id) == [
        "filed", "confirmed", "roster_filed", "carried_out", "assessor_appointed", "assessed", "completed",
    ]  # fmt: skip
    assert world.facts(id)[-1]["data"]["completed"] == sorted(persons[:2])
    assert types(world, numbers[0]) == ["registered"]
    _employed(world, provider, project, id, persons)


def test_a_class_of_more_than_five_hundred_is_carried_whole(world: World):
    provider, assessor, project = world.a_body(), world.a_body("assessor"), world.a_project(seats=501)
    world.awarded(project, provider)
    first = (world.now + 10 * DAY).replace(microsecond=0)
    persons = sorted(unique("person") for _ in range(501))
    made = world.with_roster(project, provider, first, persons)
    id = made["id"]
    assert world.facts(id)[-1]["data"]["person_refs"] == persons
    world.wait_until(first + DAY + 3 * HOUR)
    world.call("close_sessions", body(provider), class_id=id)
    told = world.facts(id)[-1]["data"]["attendance"]
    assert [each["person_ref"] for each in told] == persons
    results = [{"person_ref": person, "passed": True} for person in persons]
    world.appoint(made, assessor)
    world.call("record_results", body(assessor, "assessor"), class_id=id, results=results, certificates=[])
    assert types(world, id)[-2:] == ["assessed", "completed"]
    # nobody signed in, so nobody completed
    assert world.facts(id)[-1]["data"]["failed"] == persons
    assert len(world.call("class_roster", SUPERVISOR, class_id=id)["items"]) == 501


def _employed(world: World, provider: str, project: str, id: str, persons: list[str]) -> None:
    """One graduate is employed and the registry finds it; the other report is refuted and made again."""
    world.wait_until(world.now + 40 * DAY)
    since = today_in_shanghai(world.now - 20 * DAY)
    report = {
        "class_id": id, "employer_code": make_credit_code(77), "since": since.isoformat(), "proof": "ab" * 32,
    }  # fmt: skip
    with pytest.raises(Refusal, match="not_completed"):
        world.call("report_employment", body(provider), person_ref=persons[3], **report)
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("report_employment", body(world.a_body()), person_ref=persons[0], **report)
    for n, (person, found) in enumerate(zip(persons[:2], (True, False), strict=True)):
        reported = world.call("report_employment", body(provider), person_ref=person, **report)
        assert reported["status"] == "reported"
        world.tell(
            intake.EMPLOYMENT_CHECKED, reported["id"], 1, project_id=project, class_id=id, person_ref=person,
            since=since, found=found, checked_at=world.now,
        )  # fmt: skip
        world.known("employments", _id=reported["id"], found=found)
        assert types(world, reported["id"]) == ["reported", ("proven", "refuted")[n]]
    rate = world.call("employment_rate", SUPERVISOR, project_id=project)
    assert (rate["completed"], rate["proven"], rate["percent"]) == (2, 1, 50)
    again = world.call("report_employment", body(provider), person_ref=persons[1], **report)
    assert again["status"] == "reported"


def test_a_returned_class_frees_its_teacher_place_and_seats(world: World):
    provider, project = world.a_body(), world.a_project(seats=20)
    world.awarded(project, provider)
    filing = world.filing(project, world.now + 10 * DAY)
    made = world.call("file_class", body(provider), **filing)
    for again in (filing, {**filing, "place": {**filing["place"], "name": "另一车间"}}):
        with pytest.raises(Refusal, match="seats_exceeded"):
            world.call("file_class", body(provider), **again)
    returned = world.call("return_class", SUPERVISOR, class_id=made["id"], reason="缺教师资质")
    assert (returned["status"], returned["reason"]) == ("returned", "缺教师资质")
    assert world.call("file_class", body(provider), **filing)["status"] == "filed"


def test_only_the_awarded_provider_files_and_only_the_regions_supervisor_confirms(world: World):
    provider, project = world.a_body(), world.a_project()
    world.awarded(project, provider)
    filing = world.filing(project, world.now + 10 * DAY)
    with pytest.raises(Refusal, match="not_awarded"):
        world.call("file_class", body(world.a_body()), **filing)
    with pytest.raises(Refusal, match="hours_short") as caught:
        world.call("file_class", body(provider), **{**filing, "sessions": filing["sessions"][:1]})
    assert caught.value.facts == {"planned": 4, "needed": 8}
    made = world.call("file_class", body(provider), **filing)
    for actor, code in ((officer("supervisor", region="370100"), "region"), (OFFICER, "role")):
        with pytest.raises(Refusal, match=code):
            world.call("confirm_class", actor, class_id=made["id"])
    with pytest.raises(Refusal, match="stale_version"):
        world.call("confirm_class", SUPERVISOR, class_id=made["id"], expected_version=7)
    confirmed = world.call("confirm_class", SUPERVISOR, class_id=made["id"], expected_version=1, key="once")
    assert confirmed == world.call(
        "confirm_class", SUPERVISOR, class_id=made["id"], expected_version=1, key="once"
    )
    with pytest.raises(Refusal, match="roster_differs"):
        world.call("file_roster", body(provider), class_id=made["id"], person_refs=[unique("person")])
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("class_roster", body(world.a_body()), class_id=made["id"])
    assert world.call("class_roster", SUPERVISOR, class_id=made["id"])["items"] == []


def test_unverified_bodies_unknown_things_and_wrong_roles_are_refused(world: World):
    project = world.a_project()
    sourcing = world.publish(project)
    unverified = world.a_body(verified=False)
    with pytest.raises(Refusal, match="body_unverified"):
        world.bid(sourcing, unverified, world.sealed(sourcing, unverified))
    with pytest.raises(Refusal, match="no_body"):
        world.bid(sourcing, unique("nobody"), world.sealed(sourcing, unverified))
    with pytest.raises(Refusal, match="project_unknown"):
        world.publish(unique("project"))
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call(
            "fail_sourcing",
            officer("catalogue_officer", region="370611"),
            sourcing_id=sourcing["id"],
            reason="x",
        )
    with pytest.raises(Refusal, match="not_found"):
        world.call("get_class", None, class_id="nothing")
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("publish_notice", SUPERVISOR, project_id=project)
    with pytest.raises(Refusal) as caught:
        world.publish(world.a_project(), opening_officers=[OPENING[0].account, "nobody"])
    assert (caught.value.code, caught.value.field) == ("acceptance.no_opening_key", "opening_officers.1")
    with pytest.raises(Refusal, match="no_person"):
        world.call("give_feedback", body("x", "worker"), class_id="class", teaching=5, content=5, place=5)


def test_a_withdrawn_project_takes_no_notice(world: World):
    project = world.a_project()
    world.tell(catalogue.PROJECT_WITHDRAWN, project, 3, reason="不再需要")
    world.known("projects", _id=project, status="withdrawn")
    with pytest.raises(Refusal, match="project_not_open"):
        world.publish(project)
    assert wait_for(lambda: world.running.idle("acceptance"))
    assert world.running.dead("acceptance") == 0


def test_lists_go_page_by_page(world: World):
    provider, project = world.a_body(), world.a_project()
    world.awarded(project, provider)
    made = [
        world.call("file_class", body(provider), **world.filing(project, world.now + n * DAY, capacity=5))[
            "id"
        ]
        for n in (10, 20, 30)
    ]
    one = world.call("list_classes", body(provider), mine=True, limit=2)
    two = world.call("list_classes", body(provider), mine=True, limit=2, cursor=one["next"])
    assert [each["id"] for each in (*one["items"], *two["items"])] == sorted(made)
    assert two["next"] is None
    shown = world.call("list_sourcings", None, project_id=project)["items"]
    assert [each["status"] for each in shown] == ["awarded"]
    assert OPENING[0].account not in str(shown)
    assert worker("x").account not in str(shown)
