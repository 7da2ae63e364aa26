"""docs/operations.md says what the code does: settings, metrics, rights."""

import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from gateway import config, observe
from infra.procs import ACCOUNTS, CLOCK, PROCESSES
from infra.setup.broker import rights_of
from services.chassis import metrics, settings

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "operations.md").read_text()


def cell(pattern: str) -> str:
    return "–" if pattern == "^$" else "`" + pattern.replace("|", "\\|") + "`"


@pytest.mark.parametrize(("name", "meaning"), settings._MEANINGS.items())
def test_each_setting_is_listed_with_its_meaning(name: str, meaning: str) -> None:
    assert f"| `{name}` | {meaning} |\n" in TEXT


def test_no_setting_is_listed_that_nobody_reads() -> None:
    listed = set(re.findall(r"`(WUDAN_[A-Z_]+)`", TEXT))
    read = {
        name
        for path in (ROOT / "docker-compose.yml", *ROOT.glob("**/*.py"))
        if path.relative_to(ROOT).parts[0] in ("services", "gateway", "infra", "docker-compose.yml")
        for name in re.findall(r"WUDAN_[A-Z_]+", path.read_text())
    }
    assert listed - read == set()


def test_the_gateways_own_settings_are_listed() -> None:
    source = Path(config.__file__).read_text()
    names = set(re.findall(r'"(WUDAN_[A-Z_]+)"', source))
    assert names
    assert {name for name in names if f"`{name}`" not in TEXT} == set()


def names_of(module: object) -> set[str]:
    found = [value for value in vars(module).values() if isinstance(value, MetricWrapperBase)]
    return {value._name + ("_total" if value._type == "counter" else "") for value in found}


def test_each_metric_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"`(wudan_[a-z_]+)`", TEXT))
    assert listed == names_of(metrics) | names_of(observe)


@pytest.mark.parametrize("name", ACCOUNTS)
def test_rights_are_listed_as_they_are_given(name: str) -> None:
    rights, process = rights_of(name), PROCESSES[name]
    assert f"| {name} | {cell(rights.configure)} | {cell(rights.write)} | {cell(rights.read)} |\n" in TEXT
    for exchange, (write, read) in rights.topics.items():
        assert f"| {name} | `{exchange}` | {cell(write)} | {cell(read)} |\n" in TEXT
    clock = "read and write" if process.writes_clock else "read"
    assert f"| {name} | `{process.database}` read and write | `{CLOCK}` {clock} |\n" in TEXT


@pytest.mark.parametrize(
    "module", sorted(set(re.findall(r"(?:infra|services\.chassis)(?:\.[a-z_]+)+", TEXT)))
)
def test_each_command_that_is_named_exists(module: str) -> None:
    path = ROOT / Path(*module.split("."))
    whole = path.with_suffix(".py"), path / "__main__.py", path / "__init__.py"
    attribute = path.parent.with_suffix(".py")
    assert any(one.exists() for one in whole) or attribute.exists()
