import base64

import pytest

from services.chassis.settings import Settings, SettingsError

KEY = base64.b64encode(bytes(range(32))).decode()


def test_defaults_are_the_safe_ones() -> None:
    settings = Settings.from_env({})
    assert settings.mode == "production"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 0)
    assert settings.clock_db == "clock"
    assert settings.otlp_endpoint is None


def test_a_missing_variable_is_named_with_its_meaning_and_the_way_out_in_one_line() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"WUDAN_BANK_URL": "  "}).bank_url()
    line = str(caught.value)
    assert line.startswith("WUDAN_BANK_URL is not set: where the bank answers")
    assert "docs/operations.md" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WUDAN_MODE", "test"),
        ("WUDAN_HTTP_PORT", "70000"),
        ("WUDAN_HTTP_PORT", "-1"),
        ("WUDAN_LOG_LEVEL", "loud"),
    ],
)
def test_a_malformed_common_setting_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_public_keys_by_kid() -> None:
    settings = Settings.from_env({"WUDAN_ACTOR_PUBLIC_KEYS": f"gateway-1:{KEY}, gateway-2:{KEY}"})
    assert settings.actor_public_keys() == {"gateway-1": bytes(range(32)), "gateway-2": bytes(range(32))}


@pytest.mark.parametrize(
    "value",
    [KEY, f"gateway:{KEY}", "gateway-1:AAAA", "gateway-1:not base64", f"gateway-1:{KEY},gateway-1:{KEY}"],
)
def test_malformed_public_keys_are_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="WUDAN_ACTOR_PUBLIC_KEYS"):
        Settings.from_env({"WUDAN_ACTOR_PUBLIC_KEYS": value}).actor_public_keys()


def test_a_secret_never_appears_in_the_error_or_the_repr() -> None:
    settings = Settings.from_env({"WUDAN_PERSON_MASTER_KEY": KEY, "WUDAN_AMQP_URL": "http://u:hunter2@h"})
    with pytest.raises(SettingsError, match="must hold 96 bytes, it holds 32") as caught:
        settings.person_master_key()
    assert KEY not in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        settings.amqp_url()
    assert "hunter2" not in str(caught.value)
    assert KEY not in repr(settings)


def test_password_of_a_service() -> None:
    assert Settings.from_env({"WUDAN_PASSWORD_INTAKE": "x"}).password_of("intake") == "x"
    with pytest.raises(SettingsError, match="WUDAN_PASSWORD_SELECTION is not set: a service's password"):
        Settings.from_env({}).password_of("selection")
