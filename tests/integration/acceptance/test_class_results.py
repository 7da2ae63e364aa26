"""Timetable and results through the gateway: a feed, a sheet of 500 rows, the makeup, certificates."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from contracts.vocabularies.dates import today_in_shanghai
from gateway.results_sheets import MEDIA_TYPE
from tests.integration.acceptance.world import DAY, REGION, SUPERVISOR, World, body, unique
from tests.support import backends
from tests.support.gateway import Client, Gateway
from tests.support.services import Running

Document = dict[str, Any]
ERROR, WAY = 9, 10


@dataclass
class School:
    """A class that was carried out with 500 learners, and the people around it."""

    world: World
    gateway: Gateway
    supervisor: Client
    made: Document
    provider: str
    assessor: str
    persons: list[str]

    def standing_for(self, role: str, **refs: str) -> Client:
        """Return the client of an account that intake has told whom it stands for."""
        name = unique(role)
        client = self.gateway.sign_up(role, name)
        accounts = self.world.running.database("gateway")["accounts"]
        assert accounts.update_one({"username": name}, {"$set": refs}).matched_count == 1
        return self.gateway.signed_in(name) if client else client

    @property
    def results(self) -> str:
        return f"/v1/classes/{self.made['id']}/results"


@pytest.fixture(scope="module")
def school(stack: backends.Backend) -> Iterator[School]:
    """Acceptance with a gateway; the roster is made as long as the largest class's."""
    with (
        stack.sandbox(("intake", "acceptance", "gateway")) as sandbox,
        Running(sandbox, ["acceptance"]) as running,
        Gateway(sandbox) as gateway,
    ):
        world = World(running)
        provider, assessor, project = world.a_body(), world.a_body("assessor"), world.a_project()
        world.awarded(project, provider)
        persons = sorted(unique("person") for _ in range(500))
        first = (world.now + 10 * DAY).replace(microsecond=0)
        made = world.with_roster(project, provider, first, persons[:2])
        world.db["trainings"].update_one({"_id": made["id"]}, {"$set": {"roster": persons}})
        yield School(
            world, gateway, gateway.officer(["supervisor"], REGION), made, provider, assessor, persons
        )


def test_the_timetable_is_a_feed_that_a_calendar_reads(school: School) -> None:
    address = f"/v1/classes/{school.made['id']}/timetable.ics"
    answer = school.gateway.client().get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    told = [(each["session_id"], datetime.fromisoformat(each["starts"])) for each in school.made["sessions"]]
    assert [(str(each["UID"]), each.decoded("DTSTART")) for each in events] == [
        (f"{id}@wudan", starts) for id, starts in told
    ]
    same = school.gateway.client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    assert school.gateway.client().get("/v1/classes/nothing/timetable.ics").status_code == 404


def test_only_the_appointed_assessor_tests(school: School) -> None:
    world, made = school.world, school.made
    wanted = {
        "assessor_ref": school.assessor, "kind": "skill_level", "examiners": ["考评员甲"],
        "quality_supervisor": "督导员甲", "question_bank": "题库 1",
        "held_on": today_in_shanghai(datetime.fromisoformat(made["ends"])).isoformat(),
    }  # fmt: skip
    address = f"/v1/classes/{made['id']}/assessor"
    wrong = {**wanted, "examiners": [made["sessions"][0]["teacher"]]}
    answer = school.supervisor.post(address, wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "acceptance.examiners")
    other = school.gateway.officer(["supervisor"], "370100")
    assert other.post(address, wanted).json()["code"] == "region.forbidden"
    assert school.supervisor.post(address, wanted).json()["assessor_ref"] == school.assessor
    world.wait_until(datetime.fromisoformat(made["ends"]))
    world.call("close_sessions", body(school.provider), class_id=made["id"])
    stranger = school.standing_for("assessor", body_ref=world.a_body("assessor"))
    one = {"results": [{"person_ref": school.persons[0], "passed": True}]}
    assert stranger.post(school.results, one).json()["code"] == "acceptance.not_appointed"
    assert stranger.get(school.results).status_code == 403
    mine = school.standing_for("assessor", body_ref=school.assessor).get("/v1/classes?mine=true").json()
    assert [each["id"] for each in mine["items"]] == [made["id"]]


def filled(template: bytes, issued: str, wrong: dict[int, Document]) -> bytes:
    """Fill in a template: everybody passed and is certified, but for what is wrong by row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.active
    for number in range(2, sheet.max_row + 1):
        line = {2: "合格", 3: 88, 4: 90, 5: f"SH{number:08d}", 6: issued, **wrong.get(number, {})}
        for column, value in line.items():
            sheet.cell(number, column).value = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def upload(client: Client, school: School, content: bytes, take: str) -> Any:
    file = {"file": ("成绩.xlsx", content, MEDIA_TYPE)}
    return client.http.post(
        f"{client.base}{school.results}/sheet", data={"take": take}, files=file, timeout=60
    )


def test_three_bad_rows_of_500_take_none_or_the_good_ones_and_come_back_marked(school: School) -> None:
    world, id = school.world, school.made["id"]
    assessor = school.standing_for("assessor", body_ref=school.assessor)
    empty = assessor.get(f"{school.results}/sheet")
    assert (empty.status_code, empty.headers["Content-Type"]) == (200, MEDIA_TYPE)
    today = today_in_shanghai(world.now).isoformat()
    wrong = {7: {2: "也许"}, 300: {3: 59}, 501: {5: "SH00000499"}}
    content = filled(empty.content, today, wrong)

    refused = upload(assessor, school, content, "all_or_none")
    # the number of the last row is that of another one, so both are wrong
    assert refused.status_code == 422, refused.text[:300]
    assert (refused.headers["X-Rows-Taken"], refused.headers["X-Rows-Wrong"]) == ("0", "4")
    assert world.db["certificates"].count_documents({"class_id": id}) == 0
    assert school.supervisor.get(f"/v1/classes/{id}").json()["status"] == "carried_out"

    content = filled(empty.content, today, {**wrong, 501: {5: "小写abc"}})
    refused = upload(assessor, school, content, "all_or_none")
    assert (refused.status_code, refused.headers["X-Rows-Wrong"]) == (422, "3")
    _marked(refused.content, {7: (2, "invalid"), 300: (3, "60"), 501: (5, "invalid")})
    assert world.db["trainings"].find_one({"_id": id})["results"] == []

    taken = upload(assessor, school, content, "good_rows")
    assert taken.status_code == 200, taken.text[:300]
    assert (taken.headers["X-Rows-Taken"], taken.headers["X-Rows-Wrong"]) == ("497", "3")
    # only the rows that were not taken come back
    _marked(taken.content, {2: (2, "invalid"), 3: (3, "60"), 4: (5, "invalid")})
    assert world.db["certificates"].count_documents({"class_id": id}) == 497
    assert school.supervisor.get(f"/v1/classes/{id}").json()["status"] == "assessed"

    # the whole file again: what is on record is known, nobody has used up a makeup
    again = upload(assessor, school, content, "good_rows")
    assert (again.status_code, again.headers["X-Rows-Known"], again.headers["X-Rows-Taken"]) == (
        422,
        "497",
        "0",
    )
    assert len(world.db["trainings"].find_one({"_id": id})["results"]) == 497

    # the three that are left: the new template has them alone, and they are corrected
    left = assessor.get(f"{school.results}/sheet").content
    sheet = openpyxl.load_workbook(io.BytesIO(left)).active
    assert [sheet.cell(number, 1).value for number in (2, 3, 4, 5)] == [
        school.persons[5], school.persons[298], school.persons[499], None,
    ]  # fmt: skip
    back = openpyxl.load_workbook(io.BytesIO(taken.content)).active
    assert [back.cell(number, 1).value for number in (2, 3, 4, 5)] == [
        sheet.cell(number, 1).value for number in (2, 3, 4, 5)
    ]
    fixed = {2: {5: "SH10000001"}, 3: {2: "不合格", 3: 59, 5: None, 6: None}, 4: {5: "SH10000002"}}
    done = upload(assessor, school, filled(taken.content, today, fixed), "all_or_none")
    assert (done.status_code, done.headers["X-Rows-Taken"]) == (200, "3")


def _marked(content: bytes, wrong: dict[int, tuple[int, str]]) -> None:
    """Check that the errors stand beside these rows, the cell at fault red, and beside no other."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    beside = {n: sheet.cell(n, ERROR).value for n in range(2, 502) if sheet.cell(n, ERROR).value}
    assert set(beside) == set(wrong)
    for number, (column, words) in wrong.items():
        assert words in beside[number] or "valid" in beside[number], beside[number]
        assert sheet.cell(number, WAY).value
        assert sheet.cell(number, column).fill.fgColor.rgb == "00FFC7CE"


def test_who_failed_takes_the_makeup_and_the_class_is_closed(school: School) -> None:
    world, failed = school.world, school.persons[298]
    assessor = school.standing_for("assessor", body_ref=school.assessor)
    passed = {"person_ref": school.persons[0], "passed": True}
    again = assessor.post(school.results, {"results": [passed], "complete": False})
    assert (again.status_code, again.json()["code"]) == (409, "acceptance.result_known")
    makeup = {"person_ref": failed, "passed": True, "theory": 61, "practice": 90}
    issued = today_in_shanghai(world.now).isoformat()
    certificate = {"person_ref": failed, "number": "SH10000003", "issued_on": issued}
    taken_number = {**certificate, "number": "SH10000001"}
    doubled = {"results": [makeup], "certificates": [taken_number], "complete": False}
    answer = assessor.post(school.results, doubled)
    assert (answer.status_code, answer.json()["code"]) == (409, "acceptance.certificate_taken")
    told = {"results": [makeup], "certificates": [certificate], "complete": False}
    assert assessor.post(school.results, told).json()["status"] == "assessed"
    line = {each["person_ref"]: each for each in school.supervisor.get(school.results).json()["items"]}[
        failed
    ]
    assert (line["attempts"], line["passed"], line["certificate"]) == (2, True, "SH10000003")
    # the assessor is struck off: a supervisor of the region closes in its place, with a reason
    assert (
        world.db["bodies"].update_one({"_id": school.assessor}, {"$set": {"status": "refused"}}).matched_count
    )
    stuck = assessor.post(f"{school.results}/closing")
    assert stuck.json()["code"] == "acceptance.body_unverified"
    other = school.gateway.officer(["supervisor"], "370100")
    why = {"reason": "评价机构已被注销"}
    assert other.post(f"{school.results}/closing", why).json()["code"] == "region.forbidden"
    silent = school.supervisor.post(f"{school.results}/closing")
    assert (silent.status_code, silent.json()["code"]) == (422, "acceptance.assessment_reason")
    closed = school.supervisor.post(f"{school.results}/closing", why)
    assert closed.json()["reason"] == why["reason"]
    assert (closed.status_code, closed.json()["status"]) == (200, "completed")
    # nobody attended the hours, so nobody has completed; the certificates stand
    assert closed.json()["completed"] == 0
    assert school.supervisor.post(f"{school.results}/closing", why).json()["code"] == "out_of_order"


def test_a_certificate_is_shown_to_its_holder_and_officers_of_its_region(school: School) -> None:
    holder = school.standing_for("worker", person_ref=school.persons[298])
    (mine,) = holder.get("/v1/certificates").json()["items"]
    assert (mine["number"], mine["level_name"]) == ("SH10000003", "四级（中级工）")
    assert holder.get("/v1/certificates/SH10000003").json() == mine
    assert holder.get("/v1/certificates/SH10000001").status_code == 403
    assert school.supervisor.get("/v1/certificates/SH10000001").status_code == 200
    other = school.gateway.officer(["supervisor"], "370100")
    assert other.get("/v1/certificates/SH10000001").json()["code"] == "region.forbidden"
    assert school.world.call("get_certificate", SUPERVISOR, number="SH10000003")["kind"] == "ordinary"
