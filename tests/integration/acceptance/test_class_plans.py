"""A class's plan after its first filing, the roster's checks, online hours: bookings, facts and refusals."""

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from nacl.signing import SigningKey

from contracts.events import catalogue, intake
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from tests.integration.acceptance.world import (
    DAY,
    HOUR,
    OFFICER,
    PLACE,
    REGION,
    SUPERVISOR,
    World,
    body,
    officer,
    unique,
)

Document = dict[str, Any]


@pytest.fixture(scope="module")
def awarded(world: World) -> tuple[str, str]:
    """A provider and its blended project of 200 seats."""
    provider, project = world.a_body(), unique("project")
    whole = {
        "name": "中级焊工培训", "region": REGION, "occupation": "6-18-02-04", "level": "4",
        "mode": "blended", "programme": None, "seats": 200, "hours": 8,
    }  # fmt: skip
    world.tell(catalogue.PROJECT_DRAFTED, project, 1, **whole, demand_ids=["demand"])
    world.tell(
        catalogue.PROJECT_LISTED, project, 2, **whole, edition=1, sourcing_way="open_challenge",
        standard_fen=200_000, standard_rule="示例标准", illustrative=True,
    )  # fmt: skip
    world.known("projects", _id=project, status="listed")
    world.awarded(project, provider)
    return provider, project


def confirmed(world: World, awarded: tuple[str, str], days: int = 10, **changed: Any) -> Document:
    provider, project = awarded
    first = (world.now + days * DAY).replace(microsecond=0)
    made = world.call("file_class", body(provider), **world.filing(project, first, capacity=5, **changed))
    return world.call("confirm_class", SUPERVISOR, class_id=made["id"])


def seat(world: World, made: Document, persons: list[str]) -> None:
    for person in persons:
        world.enrol(made["id"], person)
    for person in persons:
        world.known("vouchers", person_ref=person, class_id=made["id"], status="bound")
        world.known("enrolments", person_ref=person, class_id=made["id"], status="confirmed")


def change_of(made: Document, **changed: Any) -> Document:
    """The plan as it stands, as a change."""
    kept = {name: made[name] for name in ("name", "place", "sessions", "materials")}
    return {"class_id": made["id"], "reason": "教师生病", **kept, **changed}


def types(world: World, subject: str) -> list[str]:
    return [each["type"].rpartition(".")[2] for each in world.facts(subject)]


def test_a_returned_filing_is_corrected_and_takes_its_times_again(world: World, awarded: tuple[str, str]):
    provider, project = awarded
    filing = world.filing(project, world.now + 10 * DAY, capacity=5)
    made = world.call("file_class", body(provider), **filing)
    world.call("return_class", SUPERVISOR, class_id=made["id"], reason="缺教材")
    rival = world.call("file_class", body(provider), **filing)
    again = {name: filing[name] for name in ("name", "place", "capacity", "enrol_until", "sessions")}
    again |= {"class_id": made["id"], "materials": [{"title": "焊工示例教材", "publisher": "示例出版社"}]}
    with pytest.raises(Refusal, match="_booked"):
        world.call("refile_class", body(provider), **again)
    world.call("return_class", SUPERVISOR, class_id=rival["id"], reason="重复")
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("refile_class", body(world.a_body()), **again)
    filed = world.call("refile_class", body(provider), **again)
    assert (filed["status"], filed["reason"], filed["materials"][0]["title"]) == (
        "filed",
        None,
        "焊工示例教材",
    )
    # filed once more while it is filed: it is not in its own way
    assert world.call("refile_class", body(provider), **again)["status"] == "filed"
    assert types(world, made["id"]) == ["filed", "returned", "filed", "filed"]
    assert world.call("confirm_class", SUPERVISOR, class_id=made["id"])["status"] == "enrolling"


def test_a_change_waits_for_the_supervisor_and_moves_its_times(world: World, awarded: tuple[str, str]):
    provider, _ = awarded
    made = confirmed(world, awarded)
    sessions = [dict(each) for each in made["sessions"]]
    sessions[1]["teacher"] = unique("代课师")
    rival = confirmed(world, awarded, teacher=sessions[1]["teacher"])
    with pytest.raises(Refusal, match="teacher_booked") as caught:
        world.call("change_class", body(provider), **change_of(made, sessions=sessions))
    assert caught.value.field == "sessions.1.teacher"
    world.call("stop_class", SUPERVISOR, class_id=rival["id"], reason="生源不足")
    waiting = world.call("change_class", body(provider), **change_of(made, sessions=sessions))
    assert (waiting["change"], waiting["sessions"]) == ("waiting", made["sessions"])
    with pytest.raises(Refusal, match="change_waiting"):
        world.call("change_class", body(provider), **change_of(made))
    shown = world.call("get_class_change", SUPERVISOR, class_id=made["id"])
    assert (shown["sessions"][1]["teacher"], shown["reason"]) == (sessions[1]["teacher"], "教师生病")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("accept_change", officer("supervisor", region="370100"), class_id=made["id"])
    new = world.call("accept_change", SUPERVISOR, class_id=made["id"])
    assert (new["change"], new["sessions"][1]["teacher"]) == ("accepted", sessions[1]["teacher"])
    assert datetime.fromisoformat(new["plan_since"]) > datetime.fromisoformat(made["plan_since"])
    world.call("change_class", body(provider), **change_of(new, name="改名"))
    refused = world.call("refuse_change", SUPERVISOR, class_id=made["id"], reason="不必改名")
    assert (refused["change"], refused["name"], refused["reason"]) == ("refused", made["name"], "不必改名")
    with pytest.raises(Refusal, match="no_change"):
        world.call("get_class_change", SUPERVISOR, class_id=made["id"])
    assert types(world, made["id"]) == [
        "filed", "confirmed", "change_filed", "changed", "change_filed", "change_refused",
    ]  # fmt: skip


def test_the_roster_is_checked_before_the_first_session(world: World, awarded: tuple[str, str]):
    provider, _ = awarded
    fit, pensioner, twice = (unique("person") for _ in range(3))
    world.tell(intake.PERSON_REGISTERED, pensioner, 1, region=REGION, groups=[])
    world.tell(intake.PERSON_VERIFIED, pensioner, 2, draws_pension=True, checked_at=world.now)
    world.known("persons", _id=pensioner, draws_pension=True)
    other, made = confirmed(world, awarded), confirmed(world, awarded)
    seat(world, other, [twice])
    world.call("file_roster", body(provider), class_id=other["id"], person_refs=[twice])
    seat(world, made, [fit, pensioner, twice])
    found = world.call("check_roster", SUPERVISOR, class_id=made["id"])["items"]
    assert {each["person_ref"]: each["findings"] for each in found} == {
        fit: [], pensioner: ["draws_pension"], twice: ["overlap"],
    }  # fmt: skip
    filing = {"class_id": made["id"], "person_refs": [fit, pensioner, twice]}
    with pytest.raises(Refusal, match="roster_findings") as caught:
        world.call("file_roster", body(provider), **filing)
    assert caught.value.facts["people"] == 2
    out = [{"person_ref": each, "reason": "核查不通过"} for each in (pensioner, twice)]
    with pytest.raises(Refusal, match="left_out"):
        world.call(
            "file_roster", body(provider), class_id=made["id"], person_refs=[pensioner],
            left_out=[*out, {"person_ref": fit, "reason": "不想要"}],
        )  # fmt: skip
    done = world.call("file_roster", body(provider), class_id=made["id"], person_refs=[fit], left_out=out)
    assert (done["status"], done["on_roster"]) == ("roster_filed", 1)
    assert world.facts(made["id"])[-1]["data"]["person_refs"] == [fit]
    # a changed plan does not put people into two classes either
    late = confirmed(world, awarded, days=30)
    seat(world, late, [fit])
    world.call("file_roster", body(provider), class_id=late["id"], person_refs=[fit])
    sessions = [
        {**each, "starts": made["sessions"][n]["starts"], "ends": made["sessions"][n]["ends"]}
        for n, each in enumerate(late["sessions"])
    ]
    moved = change_of(late, sessions=sessions)
    # enrolment of that class ends later: it cannot begin before
    with pytest.raises(Refusal, match="class_dates"):
        world.call("change_class", body(provider), **moved)
    sessions = [
        {**each, "starts": late["sessions"][n]["starts"], "ends": late["sessions"][n]["ends"]}
        for n, each in enumerate(made["sessions"])
    ]
    with pytest.raises(Refusal, match="change_overlaps") as caught:
        world.call("change_class", body(provider), **change_of(made, sessions=sessions))
    assert caught.value.facts["people"] == 1


def admitted(world: World) -> tuple[Document, SigningKey]:
    key = SigningKey.generate()
    public = base64.b64encode(bytes(key.verify_key)).decode()
    code = make_credit_code(9_000 + world.db["platforms"].count_documents({}))
    made = world.call(
        "admit_platform", OFFICER, name="示例云课堂", region=REGION, credit_code=code, public_key=public
    )
    return made, key


def statement(key: SigningKey, made: Document, n: int, rows: list[Document]) -> Document:
    """What a platform signs and the provider hands in."""
    session_id = made["sessions"][n]["session_id"]
    text = json.dumps({"class_id": made["id"], "session_id": session_id, "rows": rows}, ensure_ascii=False)
    signature = base64.b64encode(key.sign(text.encode()).signature).decode()
    return {"class_id": made["id"], "statement": text, "signature": signature}


def row(made: Document, n: int, person: str, minutes: int = 180) -> Document:
    session = made["sessions"][n]
    return {
        "person_ref": person,
        "begun": session["starts"],
        "ended": session["ends"],
        "minutes": minutes,
    }


def test_an_admitted_platform_brings_the_hours_of_online_sessions(world: World, awarded: tuple[str, str]):
    provider, project = awarded
    platform, key = admitted(world)
    filing = world.filing(project, (world.now + 10 * DAY).replace(microsecond=0), capacity=5)
    filing["sessions"][1]["platform"] = "unknown"
    with pytest.raises(Refusal, match="platform_not_admitted") as caught:
        world.call("file_class", body(provider), **filing)
    assert caught.value.field == "sessions.1.platform"
    filing["sessions"][1]["platform"] = platform["id"]
    made = world.call("file_class", body(provider), **filing)
    world.call("confirm_class", SUPERVISOR, class_id=made["id"])
    diligent, lazy = unique("person"), unique("person")
    seat(world, made, [diligent, lazy])
    world.call("file_roster", body(provider), class_id=made["id"], person_refs=[diligent, lazy])
    world.wait_until(datetime.fromisoformat(made["sessions"][1]["ends"]))
    good = statement(key, made, 1, [row(made, 1, diligent), row(made, 1, lazy, 100)])
    told = {"platform_id": platform["id"], **good}
    forged = {**told, "statement": good["statement"].replace("100", "180")}
    with pytest.raises(Refusal, match="platform_signature"):
        world.call("record_online_hours", body(provider), **forged)
    stranger = {"platform_id": platform["id"], **statement(key, made, 1, [row(made, 1, unique("person"))])}
    with pytest.raises(Refusal, match="online_row"):
        world.call("record_online_hours", body(provider), **stranger)
    other = {"platform_id": platform["id"], **statement(key, made, 0, [row(made, 0, diligent)])}
    with pytest.raises(Refusal, match="not_its_session"):
        world.call("record_online_hours", body(provider), **other)
    online = {"class_id": made["id"], "session_id": made["sessions"][1]["session_id"]}
    with pytest.raises(Refusal, match="online_hours"):
        world.call("open_session", body(provider), **online)
    done = world.call("record_online_hours", body(provider), **told)
    assert (done["confirmed"], done["short"], done["known"]) == (1, [lazy], 0)
    again = world.call("record_online_hours", body(provider), **told)
    assert (again["confirmed"], again["known"]) == (0, 1)
    roster = world.call("class_roster", SUPERVISOR, class_id=made["id"])["items"]
    assert {each["person_ref"]: each["hours"] for each in roster} == {diligent: 4, lazy: 0}
    world.call("evaluate_platform", OFFICER, platform_id=platform["id"], passed=False, findings="学时不实")
    with pytest.raises(Refusal, match="platform_not_admitted"):
        world.call("record_online_hours", body(provider), **told)
    gone = world.call("remove_platform", OFFICER, platform_id=platform["id"], reason="停止服务")
    assert gone["status"] == "removed"
    listed = world.call("list_platforms", None)["items"]
    assert [each["status"] for each in listed if each["id"] == platform["id"]] == ["removed"]
    assert types(world, platform["id"]) == ["admitted", "evaluated", "removed"]


def test_a_platform_is_admitted_once_by_an_officer_of_its_region(world: World):
    platform, _ = admitted(world)
    wanted = {name: platform[name] for name in ("name", "region", "credit_code", "public_key")}
    with pytest.raises(Refusal, match="platform_known"):
        world.call("admit_platform", OFFICER, **wanted)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("admit_platform", officer("catalogue_officer", region="370100"), **wanted)
    with pytest.raises(Refusal, match="invalid at public_key"):
        world.call("admit_platform", OFFICER, **{**wanted, "public_key": "A" * 43 + "?"})
    world.call("remove_platform", OFFICER, platform_id=platform["id"], reason="停止服务")
    assert world.call("admit_platform", OFFICER, **wanted)["status"] == "admitted"


def test_times_of_a_changed_session_are_free_for_others(world: World, awarded: tuple[str, str]):
    provider, _ = awarded
    made = confirmed(world, awarded)
    later = [
        {**each, "starts": _later(each["starts"]), "ends": _later(each["ends"])} for each in made["sessions"]
    ]
    world.call("change_class", body(provider), **change_of(made, sessions=later))
    same = {"teacher": made["sessions"][0]["teacher"], "place_name": made["place"]["name"]}
    with pytest.raises(Refusal, match="_booked"):
        confirmed_at(world, awarded, made["sessions"][0]["starts"], **same)
    world.call("accept_change", SUPERVISOR, class_id=made["id"])
    assert confirmed_at(world, awarded, made["sessions"][0]["starts"], **same)["status"] == "filed"


def test_a_class_fits_into_its_room_and_its_provider_may_act(world: World, awarded: tuple[str, str]):
    provider, project = awarded
    filing = world.filing(project, (world.now + 40 * DAY).replace(microsecond=0), capacity=61)
    registered = {**filing, "place": PLACE}
    with pytest.raises(Refusal, match="room_seats") as caught:
        world.call("file_class", body(provider), **registered)
    assert (caught.value.field, caught.value.facts["seats"]) == ("place", 60)
    waiting = world.call(
        "file_class", body(provider), **world.filing(project, world.now + 50 * DAY, capacity=5)
    )
    changing = confirmed(world, awarded, days=60)
    world.call("change_class", body(provider), **change_of(changing, name="改名"))
    measure = {"kind": "suspension", "reason": "整改", "clause": "37 §2"}
    taken = world.call("take_measure", SUPERVISOR, provider_ref=provider, **measure)
    assert refused_filing(world, awarded) == "acceptance.provider_suspended"
    # nor does what it filed before come into force
    for call, it in (("confirm_class", waiting), ("accept_change", changing)):
        with pytest.raises(Refusal, match="provider_suspended") as caught:
            world.call(call, SUPERVISOR, class_id=it["id"])
        assert caught.value.facts["step"] == call
    held = next(each for each in taken["measures"] if each["holds"])
    world.call("lift_measure", SUPERVISOR, provider_ref=provider, measure_id=held["id"], reason="整改完成")
    assert world.call("confirm_class", SUPERVISOR, class_id=waiting["id"])["status"] == "enrolling"
    assert world.call("accept_change", SUPERVISOR, class_id=changing["id"])["change"] == "accepted"
    assert world.call("file_class", body(provider), **{**registered, "capacity": 60})["status"] == "filed"


def refused_filing(world: World, awarded: tuple[str, str]) -> str:
    """Return the code with which a filing is refused."""
    with pytest.raises(Refusal) as caught:
        confirmed(world, awarded)
    return caught.value.code


def _later(moment: str) -> str:
    return (datetime.fromisoformat(moment) + 5 * HOUR).isoformat()


def confirmed_at(world: World, awarded: tuple[str, str], first: str, **changed: Any) -> Document:
    provider, project = awarded
    filing = world.filing(project, datetime.fromisoformat(first), capacity=5, **changed)
    return world.call("file_class", body(provider), **filing)
