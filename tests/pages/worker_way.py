"""The worker's part of the main job, taken through the pages; others do theirs through the API."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.vocabularies.sample_ids import make_citizen_id
from infra.demo.cast import COUNTY
from infra.demo.figures import LEVEL, OCCUPATION
from infra.demo.officers import CITY
from infra.demo.story import Story, Trained, iso, later
from tests.pages.browsing import Person

PASSWORD = "correct horse battery"


@dataclass
class Learner:
    """One worker at a browser. hand: tells them apart."""

    at: Person
    username: str
    serial: int
    enrolment: str = ""
    person_ref: str = ""


def begin(learner: Learner, story: Story) -> None:
    """Sign up, register, post a demand."""
    at = learner.at
    at.sign_up("worker", learner.username, PASSWORD)
    assert at.heading() == "我的培训"
    at.look()
    at.follow(at.page.get_by_role("link", name="登记个人信息"))
    at.press("提交")
    at.look("with errors")
    assert at.page.locator(".govuk-error-summary a").count() == 4
    born = date(1970, 1, 1) + timedelta(days=int(story.cast.mark, 16) % 9000)
    number = make_citizen_id(birth=born, serial=learner.serial)
    at.fill(name="演示学员", id_number=number, phone=f"1990000{learner.serial:04d}", region=COUNTY)
    at.fill(groups="unemployed", bank_account=f"62000000{learner.serial:08d}")
    at.press("提交")
    assert "已登记" in at.page.locator("main").inner_text()
    at.open("/worker/demands/new")
    at.look()
    wanted = later(story.clock.today(), 60).isoformat()
    at.fill(occupation=OCCUPATION, level=LEVEL, region=COUNTY, wanted_from=wanted, group="unemployed")
    at.press("提交")
    assert "/worker/demands/" in at.page.url
    at.page.get_by_text("已核验").wait_for()
    at.look()


def choose(learner: Learner, training: Trained) -> None:
    """From the public page of the class to a confirmed seat."""
    at = learner.at
    at.open(f"/classes/{training.id}")
    at.look()
    at.press("选这个班")
    assert "我能享受补贴吗" in at.page.locator("main").inner_text()
    at.look()
    at.press("选这个班")
    at.press("占一个名额")
    assert "待确认" in at.page.locator("main").inner_text()
    at.look()
    learner.enrolment = at.page.url.rpartition("/")[2]
    at.press("确认名额")
    at.press("确认名额")
    assert "已选" in at.page.locator("main").inner_text()


def issue(story: Story, training: Trained, learners: list[Learner]) -> None:
    """The officer issues vouchers to the class."""
    valid = datetime.fromisoformat(training.doc["ends"]) + timedelta(days=60)
    body = {"class_id": training.id, "region": CITY, "valid_until": iso(valid)}
    batch = story.officer("catalogue").post("/voucher-batches", body)
    assert len(batch["voucher_ids"]) == len(learners)


def bind(learner: Learner) -> None:
    """Claim the voucher with this device's key, bind it to the class."""
    at = learner.at
    at.open("/worker")
    at.look()
    at.follow(at.page.get_by_role("link", name="领取并绑定培训券"))
    at.page.locator("[name=device_key]:not([value=''])").wait_for(state="attached")
    at.look()
    at.press("领取")
    at.look()
    assert at.page.locator("svg.w-qr").is_visible()
    at.press("绑定到班次")
    at.page.get_by_role("radio").first.check()
    at.press("绑定")
    assert "已绑定" in at.page.locator("main").inner_text()


def roster(story: Story, training: Trained) -> None:
    """The provider files the roster."""
    provider = story.winner.client
    refs = [
        each["person_ref"]
        for each in provider.pages(f"/classes/{training.id}/enrolments", status="confirmed")
    ]
    lag = ("acceptance.roster_differs",)
    training.doc = provider.post(f"/classes/{training.id}/roster", {"person_refs": refs}, lag=lag)


def open_session(story: Story, training: Trained) -> dict[str, str]:
    """The provider opens the first session; return it."""
    session: dict[str, str] = training.doc["sessions"][0]
    story.clock.to(datetime.fromisoformat(session["starts"]) - timedelta(minutes=5))
    place = training.doc["place"]
    where = {"longitude": place["longitude"], "latitude": place["latitude"]}
    story.winner.client.post(f"/classes/{training.id}/sessions/{session['session_id']}/opening", where)
    return session


def sign_in(learner: Learner, story: Story, training: Trained, session: dict[str, str]) -> None:
    """Type the code on the screen; the device signs it."""
    at = learner.at
    at.open("/worker/timetable")
    at.follow(at.page.get_by_role("link", name=training.doc["name"]))
    at.look()
    at.follow(at.page.locator("main table a").first)
    at.look()
    screen = f"/classes/{training.id}/sessions/{session['session_id']}/code"
    at.fill(code=story.winner.client.get(screen)["code"])
    at.press("签到")
    at.page.get_by_text("签到成功").wait_for()
    at.look()
