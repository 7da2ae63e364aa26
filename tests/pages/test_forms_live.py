"""Forms in a browser: a lost session, a double click, an old page, hostile text, the other tongue."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from contracts.vocabularies.sample_ids import make_citizen_id
from infra.demo.cast import COUNTY
from infra.demo.figures import LEVEL, OCCUPATION
from infra.demo.story import Story, later
from tests.pages.browsing import DESKTOP, PHONE, Person, person
from tests.pages.worker_way import PASSWORD

HOSTILE = {
    "script": "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>",
    "template": "{{ 7 * 7 }}{% raw %}'\"><svg onload=window.hit=1>",
    "marks": "\u202e右到左\u202c\u200b\u2066x\u2069",
    "four bytes": "𠮷野家😀" * 20,
    "long": "长" * 1900,
}


class Worker(Person):
    """A person with an account of a worker. wanted: a day that a demand may be for."""

    username = ""
    wanted = ""


@pytest.fixture(scope="module")
def worker(browser: Browser, base: str, scene: Story) -> Iterator[Worker]:
    """A worker who is registered."""
    with person(browser, base, PHONE, Worker) as at:
        at.username = f"page-{secrets.token_hex(5)}"
        at.wanted = later(scene.clock.today(), 60).isoformat()
        at.sign_up("worker", at.username, PASSWORD)
        at.open("/worker/registration")
        number = make_citizen_id(serial=secrets.randbelow(900))
        at.fill(name="演示学员", id_number=number, phone="19900000999", region=COUNTY, groups="unemployed")
        at.press("提交")
        yield at


def typed_demand(at: Worker) -> None:
    at.open("/worker/demands/new")
    at.fill(occupation=OCCUPATION, level=LEVEL, region=COUNTY, wanted_from=at.wanted, group="unemployed")
    at.fill(hours="88")


def test_what_was_typed_outlives_the_session(worker: Worker) -> None:
    typed_demand(worker)
    before = [each for each in worker.context.cookies() if each["name"] != "wudan_session"]
    worker.context.clear_cookies()
    worker.context.add_cookies(before)  # type: ignore[arg-type]
    worker.press("提交")
    assert "登录已失效" in worker.page.locator("main").inner_text()
    worker.look()
    worker.fill(username=worker.username, password="wrong password")
    worker.press("登录")
    worker.fill(username=worker.username, password=PASSWORD)
    worker.press("登录")
    assert worker.page.locator("[name=hours]").input_value() == "88"
    assert worker.page.locator("[name=occupation]").input_value() == OCCUPATION
    worker.look()
    worker.press("提交")
    assert "需求单已提交" in worker.page.locator("main").inner_text()


def test_a_double_click_posts_once(worker: Worker) -> None:
    worker.open("/worker/demands")
    typed_demand(worker)
    worker.fill(level="3")
    form = worker.page.locator("main form")
    twice = """async form => {
      const body = new URLSearchParams(new FormData(form));
      const sent = [1, 2].map(() => fetch(form.action, {method: "POST", body}));
      return (await Promise.all(sent)).map(answer => answer.url);
    }"""
    first, second = form.evaluate(twice)
    assert first == second
    assert "/worker/demands/" in first


def test_an_old_page_keeps_what_was_typed(worker: Worker) -> None:
    typed_demand(worker)
    worker.page.evaluate("() => document.querySelector('main [name=csrf_token]').value = 'x'")
    worker.press("提交")
    assert "页面已过期" in worker.page.locator("main").inner_text()
    assert worker.page.locator("[name=hours]").input_value() == "88"


def test_another_site_cannot_send_a_form(worker: Worker) -> None:
    answer = worker.context.request.post(
        f"{worker.base}/worker/demands/new", form={"hours": "88"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_text(worker: Worker, kind: str) -> None:
    """In the field that is shown again, in the error beside it, in the reason that is kept and shown."""
    text = HOSTILE[kind]
    typed_demand(worker)
    worker.page.locator("[name=hours]").fill(text[:500])
    worker.press("提交")
    assert worker.page.locator("[name=hours]").input_value() == text[:500]
    worker.look(kind)
    typed_demand(worker)
    worker.fill(level=secrets.choice(("1", "2", "5")))
    worker.press("提交")
    worker.press("撤回需求单")
    worker.page.locator("[name=reason]").fill(text)
    worker.press("确认撤回")
    shown = worker.page.locator("main").inner_text()
    assert text.split("\n")[0][:20] in shown
    assert worker.page.evaluate("() => window.hit") is None
    worker.look(kind)


def test_ten_thousand_characters_are_refused_beside_the_field(worker: Worker) -> None:
    typed_demand(worker)
    worker.fill(level="4")
    worker.press("提交")
    worker.press("撤回需求单")
    worker.page.locator("[name=reason]").fill("字" * 10_000)
    worker.press("确认撤回")
    assert worker.page.locator("#f-reason-error").is_visible()
    assert len(worker.page.locator("[name=reason]").input_value()) == 10_000


def test_a_person_of_hostile_names(browser: Browser, base: str) -> None:
    """User names are shown in the header of every page."""
    with person(browser, base, DESKTOP) as at:
        at.sign_up("worker", "名" * 60 + secrets.token_hex(2), PASSWORD)
        at.look()


def test_pages_in_english(worker: Worker) -> None:
    worker.open("/worker")
    worker.follow(worker.page.get_by_role("link", name="English"))
    assert worker.page.locator("html").get_attribute("lang") == "en"
    assert worker.heading() == "My training"
    worker.look()
    worker.follow(worker.page.get_by_role("link", name="中文"))
    assert worker.heading() == "我的培训"


def test_twice_as_large(browser: Browser, base: str) -> None:
    """200 % zoom of a small desktop: half the width in CSS pixels."""
    with person(browser, base, {"width": 640, "height": 400}, device_scale_factor=2) as at:
        for path in ("/", "/sign-in", "/sign-up", "/nothing-is-here"):
            at.open(path)
            at.look()


def test_a_broken_link_helps(worker: Worker) -> None:
    for path in (
        "/nothing-is-here",
        "/worker/demands/nobody-has-this",
        "/worker/demands/%F0%9F%98%80",
        "/classes/none",
    ):
        answer = worker.open(path)
        assert answer.status == 404
        assert worker.page.locator("main a").count() >= 2
        worker.look()


def test_somebody_elses_page_says_why(worker: Worker) -> None:
    answer = worker.open("/account/body")
    assert answer.status == 403
    assert worker.username in worker.page.locator("main").inner_text()
    worker.look()
