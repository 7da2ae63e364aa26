"""One browser and one started stack for all tests of pages; the scene is set through the API."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.demo import filing, listing, posting, sourcing
from infra.demo.story import Options, Story, begin
from infra.local import Stack
from infra.local.settings import client_environment

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def base(whole_stack: Stack) -> str:
    """The gateway's address."""
    return whole_stack.gateway_url


@pytest.fixture(scope="session")
def scene(whole_stack: Stack) -> Story:
    """Demands, a project that was awarded, and two classes that take learners."""
    options = Options(whole_stack.gateway_url, None, patience=120.0, map_seconds=60.0)
    story = begin(options, client_environment(whole_stack.state))
    for step in (posting, listing, sourcing, filing):
        step.run(story)
    return story
