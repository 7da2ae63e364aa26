"""Settings of the processes: each gets what it needs, and no secret of another."""

import pytest

from infra.procs import ACCOUNTS, PROCESSES, Place, environment
from services.chassis.settings import Settings
from tests.support.secrets import sample_secrets

PLACE = Place("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3")
SECRETS = sample_secrets()
OWN = {
    "WUDAN_PERSON_MASTER_KEY": {"intake"},
    "WUDAN_LOOKUP_KEY": {"intake"},
    "WUDAN_ACTOR_SIGNING_KEY": {"gateway", "settlement", "selection"},
    "WUDAN_CREDENTIAL_SIGNING_KEY": {"selection"},
    "WUDAN_SESSION_SECRET": {"gateway"},
    "WUDAN_BANK_TOKEN": {"settlement"},
    "WUDAN_REGISTRY_TOKEN": {"intake"},
    "WUDAN_ADMIN_PASSWORD": {"gateway"},
}


def settings(name: str, place: Place = PLACE) -> dict[str, str]:
    return environment(PROCESSES[name], place, SECRETS, {"WUDAN_MODE": "demonstration"})


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_chassis_reads_what_each_process_is_given(name):
    read = Settings.from_env(settings(name))
    assert read.amqp_url().startswith(f"amqp://{name}:")
    assert read.mongo_db() == PROCESSES[name].database
    assert set(read.actor_public_keys()) == {"gateway-1", "settlement-1", "selection-1"}


@pytest.mark.parametrize("setting", OWN)
def test_a_secret_goes_to_its_owners_only(setting):
    assert {name for name in ACCOUNTS if setting in settings(name)} == OWN[setting]


def test_the_two_signers_have_different_keys():
    gateway, settlement = (Settings.from_env(settings(name)) for name in ("gateway", "settlement"))
    assert gateway.actor_signing_key()[0] == "gateway-1"
    assert settlement.actor_signing_key()[0] == "settlement-1"
    assert gateway.actor_signing_key()[1] != settlement.actor_signing_key()[1]


def test_no_process_gets_the_password_of_another():
    for name in ACCOUNTS:
        values = " ".join(settings(name).values())
        for other in ACCOUNTS:
            assert (SECRETS[f"WUDAN_PASSWORD_{other.upper()}"] in values) == (other == name)


def test_a_prefix_goes_before_every_database():
    place = Place("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", vhost="t1", prefix="t1_")
    values = settings("projector", place)
    assert values["WUDAN_MONGO_DB"] == "t1_gateway"
    assert values["WUDAN_CLOCK_DB"] == "t1_clock"
    assert "authSource=t1_gateway" in values["WUDAN_MONGO_URI"]
    assert values["WUDAN_AMQP_URL"].endswith("/t1")


def test_passwords_are_quoted_in_urls():
    assert PLACE.amqp_url("intake", "a/b@c:d").startswith("amqp://intake:a%2Fb%40c%3Ad@127.0.0.1:1/")
