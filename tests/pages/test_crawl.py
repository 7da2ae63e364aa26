"""Every link of every role: followed in a browser, looked at once for each kind of page."""

from collections import deque
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser

from contracts.vocabularies import roles
from gateway.web.frame import site
from infra import seed
from infra.demo.officers import OFFICERS, password_of
from infra.demo.story import Story
from infra.local import Stack
from infra.local.settings import client_environment
from tests.pages.browsing import DESKTOP, PHONE, Person, person

MOST_PAGES = 120
OWN = {body.kind: body.username for body in seed.BODIES} | {roles.WORKER: seed.WORKER}
PEOPLE = (
    OWN | {officer.role: officer.username for officer in OFFICERS} | {roles.ADMINISTRATOR: "administrator"}
)


@pytest.fixture(scope="module")
def seeded(whole_stack: Stack, scene: Story) -> str:
    """The demonstration's accounts; return the administrator's password."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in client_environment(whole_stack.state).items():
            environment.setenv(name, value)
        return seed.load()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ["", *PEOPLE])
def test_every_link_leads_somewhere(browser: Browser, base: str, seeded: str, role: str) -> None:
    with person(browser, base, PHONE) as at:
        if role:
            username = PEOPLE[role]
            own = seeded if role == roles.ADMINISTRATOR else password_of(username, seeded)
            at.sign_in(username, own)
            assert "/sign-in" not in at.page.url
        crawl(at, role)


def crawl(at: Person, role: str) -> None:
    """Follow all links of the site, at most a few of one kind, and look at one page of each kind."""
    waiting = deque(["/work" if role else "/"])
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        kind = _kind(path)
        # who is signed in need not walk the public pages once more
        if path in seen or kinds.get(kind, 0) >= 2 or (role and _public(path)):
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = at.open(path)
        assert answer.status < 400, f"{role} {path}: {answer.status}"
        if kinds[kind] == 1:
            at.look(role)
            at.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
            at.look(role)
            at.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        waiting.extend(_links(at))
    assert at.problems == []


def _links(at: Person) -> list[str]:
    found: list[str] = at.page.evaluate("() => [...document.links].map(each => each.href)")
    own = [urlsplit(each) for each in found if each.startswith(at.base)]
    paths = [f"{each.path}?{each.query}" if each.query else each.path for each in own]
    return [each for each in paths if not each.startswith(("/v1/", "/language/", "/sign-in?"))]


def _public(path: str) -> bool:
    rule = _kind(path)
    return rule not in site.pages() or site.pages()[rule].open


def _kind(path: str) -> str:
    """Return the rule of a page, so that a list of a hundred things is one kind."""
    bare = urlsplit(path).path
    for rule in site.pages():
        parts, given = rule.split("/"), bare.split("/")
        if len(parts) == len(given) and all(
            part == one or part.startswith("<") for part, one in zip(parts, given, strict=True)
        ):
            return rule
    return "/".join(bare.split("/")[:2])


@pytest.mark.parametrize("role", ["", *PEOPLE])
def test_who_may_reach_each_page(base: str, seeded: str, role: str) -> None:
    """Pages without variables, asked for by everybody: shown, led to sign in, or refused."""
    with requests.Session() as http:
        http.trust_env = False
        if role:
            own = seeded if role == roles.ADMINISTRATOR else password_of(PEOPLE[role], seeded)
            body = {"username": PEOPLE[role], "password": own}
            assert http.post(f"{base}/v1/sessions", json=body, timeout=60).ok
        for rule, page in site.pages().items():
            if "<" not in rule:
                at = http.get(
                    f"{base}{rule}", allow_redirects=False, headers={"Accept": "text/html"}, timeout=60
                )
                led = at.headers.get("Location", "").startswith("/sign-in")
                if page.open or role in page.roles:
                    assert at.status_code in (200, 303, 404, 409), f"{role} {rule}: {at.status_code}"
                    assert not led, f"{role} {rule}"
                else:
                    assert at.status_code == (403 if role else 303), f"{role} {rule}: {at.status_code}"
                    assert led == (not role), f"{role} {rule}"
