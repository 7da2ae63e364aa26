"""Fixtures and rules for every test: marks by folder, a shared stack, a sandbox for each test."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from infra.local import Sandbox, Stack
from tests.support import backends
from tests.support.services import Running

FOLDERS = ("unit", "policy", "contract", "integration", "e2e", "security", "pages", "fault")
TESTS = Path(__file__).parent

# timing decides no test: a busy machine is no fault of the code
settings.register_profile("wudan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wudan")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of the shared stack once, in the process that starts the workers."""
    if not hasattr(config, "workerinput"):
        backends.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the shared stack when the last worker has ended."""
    if not hasattr(config, "workerinput"):
        backends.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its folder."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in FOLDERS:
            item.add_marker(folder)


@pytest.fixture(scope="session")
def stack() -> backends.Backend:
    """Broker and database with the set-up done and no service running, shared by all tests of a run."""
    return backends.shared()


@pytest.fixture
def make_sandbox(stack: backends.Backend) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that makes sandboxes for named processes: `make_sandbox("intake", "catalogue")`."""
    made: list[Sandbox] = []

    def make(*services: str) -> Sandbox:
        made.append(stack.sandbox(services))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.drop()


@pytest.fixture
def sandbox(make_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """A fresh vhost and fresh databases, with users, rights and topology of every process."""
    return make_sandbox()


@pytest.fixture
def running(make_sandbox: Callable[..., Sandbox]) -> Iterator[Callable[..., Running]]:
    """Return a function that starts services as real processes: `running("intake", "catalogue")`."""
    with contextlib.ExitStack() as ended:

        def start(*names: str, extra: dict[str, dict[str, str]] | None = None) -> Running:
            sandbox = make_sandbox(*dict.fromkeys((*names, "gateway")))
            return ended.enter_context(Running(sandbox, names, extra))

        yield start


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[Stack]:
    """The whole system on real servers, for tests from outside; its data stays for the next test."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    stack = Stack(Path(os.environ[backends.FOLDER]) / f"whole{worker}", ports="free")
    stack.up()
    try:
        yield stack
    finally:
        stack.clean()
