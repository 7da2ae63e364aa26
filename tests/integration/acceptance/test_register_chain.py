"""Intake, acceptance and a registry: a body is checked again at its admission, an outage makes it wait."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from tests.integration.acceptance.world import COUNTY, OFFICER, PARTICULARS
from tests.support import backends
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn

ACCOUNT = Actor("account-of-the-body", frozenset({"provider"}))
BODY = {"credit_code": make_credit_code(4242), "name": "示例培训机构"}


@pytest.fixture
def standin(tmp_path) -> Iterator[StandIn]:
    it = StandIn(tmp_path)
    it.start()
    try:
        yield it
    finally:
        it.kill()


@pytest.fixture
def system(stack: backends.Backend, standin: StandIn) -> Iterator[Running]:
    outside = {"WUDAN_REGISTRY_URL": f"{standin.url}/registry", "WUDAN_REGISTRY_TOKEN": TOKEN}
    names = ("intake", "acceptance")
    with stack.sandbox((*names, "gateway")) as sandbox, Running(sandbox, names, {"intake": outside}) as it:
        yield it


def test_an_outage_of_the_registry_makes_an_admission_wait_and_never_passes(
    system: Running, standin: StandIn
) -> None:
    standin.load("enterprises", {**BODY, "licence_scope": ["职业技能培训"]})
    known = system.call("intake.register_body", {**BODY, "kind": "provider", "region": COUNTY}, ACCOUNT)
    provider = Actor(ACCOUNT.account, ACCOUNT.roles, body_ref=known["id"])
    bodies = system.database("acceptance")["bodies"]
    wait_for(lambda: bodies.find_one({"_id": known["id"], "status": "verified"}), 60, "the body is verified")

    # the first answer is too old by now, and the registry is down
    system.clock.advance_to(system.clock.now() + timedelta(days=40))
    standin.fault("registry", "down")
    asked = standin.asked("registry")
    filed = system.call("acceptance.apply_as_provider", PARTICULARS, provider)
    assert (filed["status"], filed["application"]["state"]) == ("applied", "checking")
    wait_for(lambda: standin.asked("registry") > asked + 1, 60, "the registry is asked, and asked again")
    with pytest.raises(Refusal, match="registry_silent"):
        system.call("acceptance.admit_provider", {"provider_ref": known["id"]}, OFFICER)

    def state(wanted: str) -> bool:
        shown = system.call("acceptance.get_provider", {"provider_ref": known["id"]}, OFFICER)
        return bool(shown["application"] and shown["application"]["state"] == wanted)

    assert state("checking")
    standin.fault("registry", "ok")
    wait_for(lambda: state("to_decide"), 60, "the registry has answered")
    admitted = system.call("acceptance.admit_provider", {"provider_ref": known["id"]}, OFFICER)
    assert (admitted["status"], admitted["application"]) == ("admitted", None)

    # a change is filed when the firm lies dormant
    system.clock.advance_to(system.clock.now() + timedelta(days=40))
    standin.load("enterprises", {**BODY, "licence_scope": ["职业技能培训"], "status": "dormant"})
    system.call("acceptance.apply_as_provider", PARTICULARS, provider)
    wait_for(lambda: state("check_failed"), 60, "the registry has spoken against it")
    shown = system.call("acceptance.get_provider", {"provider_ref": known["id"]}, OFFICER)
    assert "休眠" in shown["application"]["check"]["reason"]
    for name in ("intake", "acceptance"):
        assert system.dead(name) == 0
