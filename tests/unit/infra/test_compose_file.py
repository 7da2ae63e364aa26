"""docker-compose.yml gives each process what infra/procs.py says, and opens nothing but nginx."""

import re
from typing import Any

import pytest

from infra.docker.secrets import make, write
from infra.errors import Trouble
from infra.procs import ACCOUNTS, PROCESSES, Place, environment
from tests.support.containers import compose_file

PLACE = Place(broker="rabbitmq:5672", management="rabbitmq:15672", database="mongo:27017")
ONE_SHOT = ("setup", "demo")
# what each process may have besides the settings of infra/procs.py
COMMON = {
    "WUDAN_MODE",
    "WUDAN_LOG_LEVEL",
    "WUDAN_CLOCK_DB",
    "WUDAN_ACTOR_PUBLIC_KEYS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}
OUTSIDE = {
    "WUDAN_REGISTRY_URL": "http://standin:8090/registry",
    "WUDAN_BANK_URL": "http://standin:8090/bank",
}


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    lines = [line for line in make().splitlines() if not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(scope="module")
def services(secrets: dict[str, str]) -> dict[str, Any]:
    """The services with their variables filled in from a fresh .env, as compose does it."""

    def value(match: re.Match[str]) -> str:
        name, kind, default = match.group(1, 2, 3)
        if name in secrets:
            return secrets[name]
        assert kind == ":-", f"{name} is not in a fresh .env"
        return default

    def filled(node: Any) -> Any:
        if isinstance(node, str):
            return re.sub(r"\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}", value, node)
        if isinstance(node, dict):
            return {key: filled(inner) for key, inner in node.items()}
        return [filled(inner) for inner in node] if isinstance(node, list) else node

    return {name: filled(service) for name, service in compose_file()["services"].items()}


def test_the_processes_are_those_of_the_table(services):
    assert set(services) == {*PROCESSES, "rabbitmq", "mongo", "setup", "nginx", "demo"}


@pytest.mark.parametrize("name", [name for name in PROCESSES if name != "standin"])
def test_each_process_gets_its_settings_and_no_other_secret(services, secrets, name):
    given = services[name]["environment"]
    expected = environment(PROCESSES[name], PLACE, secrets | OUTSIDE, {"WUDAN_MODE": "demonstration"})
    assert {key: given.get(key) for key in expected} == expected
    own = ("WUDAN_GATEWAY_", "WUDAN_SCAN_", "WUDAN_CREDENTIAL_OLD_", "WUDAN_PUBLIC_")
    more = {key for key in set(given) - set(expected) - COMMON if not key.startswith(own)}
    assert not more


@pytest.mark.parametrize("name", list(PROCESSES))
def test_no_process_knows_the_password_of_another(services, secrets, name):
    values = " ".join(services[name]["environment"].values())
    others = [other for other in ACCOUNTS if other != name]
    assert not [other for other in others if secrets[f"WUDAN_PASSWORD_{other.upper()}"] in values]
    for administrator in ("WUDAN_ADMIN_BROKER_PASSWORD", "WUDAN_ADMIN_DATABASE_PASSWORD"):
        assert secrets[administrator] not in values


def test_each_process_runs_what_the_table_says(services):
    for name, process in PROCESSES.items():
        if name != "gateway":  # its image's own command, gunicorn
            assert services[name]["command"] == ["python", *process.command[1:]]


def test_set_up_gets_the_password_of_every_account(services, secrets):
    given = services["setup"]["environment"]
    for name in ACCOUNTS:
        variable = f"WUDAN_PASSWORD_{name.upper()}"
        assert given[variable] == secrets[variable]


def test_only_nginx_is_reachable_and_only_from_this_machine_unless_told(services):
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}
    assert services["nginx"]["ports"] == ["127.0.0.1:8080:8080"]
    networks = compose_file()["networks"]
    assert [name for name, network in networks.items() if not network.get("internal")] == ["edge"]
    assert {name for name, service in services.items() if "edge" in service["networks"]} == {"nginx"}


def test_who_shares_a_network_with_broker_and_database(services):
    inside = {name for name, service in services.items() if "back" in service["networks"]}
    assert inside == {*ACCOUNTS, "setup", "rabbitmq", "mongo"}
    front = {name for name, service in services.items() if "front" in service["networks"]}
    assert front == {"nginx", "gateway", "demo"}


def test_every_container_is_confined_and_comes_back(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped"), name
        assert service.get("read_only") or name == "rabbitmq", name


def test_every_secret_is_random(secrets):
    again = dict(line.split("=", 1) for line in make().splitlines() if not line.startswith("#"))
    assert set(again) == set(secrets)
    assert not [name for name in secrets if again[name] == secrets[name]]


def test_an_env_file_is_private_and_never_overwritten(tmp_path):
    path = tmp_path / ".env"
    write(path)
    written = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Trouble, match="is there already"):
        write(path)
    assert path.read_text() == written
