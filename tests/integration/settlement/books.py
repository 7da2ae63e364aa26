"""What the tests of the books share: who acts, and a process that answers."""

from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from tests.integration.settlement.world import Town, officer
from tests.support.services import wait_for

BUDGET = 10_000_000_00
AUDITOR = officer("auditor")
OTHER_CITY = officer("finance_officer", "-other", "370200")


@pytest.fixture(autouse=True)
def answering(request: pytest.FixtureRequest) -> None:
    """A process that is ready may take a moment more to answer its first call."""
    name = "paying_town" if "paying_town" in request.fixturenames else "town"
    running = request.getfixturevalue(name).running
    if running not in _ANSWERED:
        wait_for(lambda: _answers(running), 60, "an answer")
        _ANSWERED.append(running)


_ANSWERED: list[Any] = []


def _answers(running: Any) -> bool:
    try:
        running.call("settlement.list_funds", {}, AUDITOR)
    except Refusal as refusal:
        return refusal.code != "unavailable"
    return True


def refused(town: Town, method: str, actor: Any, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def account_id(town: Town, region: str, fund: str = "employment_subsidy") -> str:
    return f"{fund}:{region}:{town.year}"
