"""The AsyncAPI documents follow the contracts, and the official parser takes them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from contracts import asyncapi
from contracts.asyncapi import Node
from contracts.registry import COMMANDS, EVENTS, QUERIES, SERVICES

ONE = "intake-person-registered"
SHAPES_OF_ONE = ("envelope.CloudEvent", "events.intake.PersonRegistered")
NODE = Path(__file__).parent / "node"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
# the parser takes its time
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def parser() -> Path:
    """The check with the official parser installed as locked, once."""
    with FileLock(NODE.parents[2] / ".local" / "asyncapi-parser.lock", timeout=280):
        if not (NODE / "node_modules" / "@asyncapi" / "parser").exists():
            install = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            subprocess.run(install, cwd=NODE, check=True, capture_output=True, timeout=270)
    return NODE / "check.mjs"


def check(parser: Path, document: Path) -> subprocess.CompletedProcess[str]:
    """Run the official parser on a document."""
    command = ("node", str(parser), str(document))
    return subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_in_docs_is_what_the_contracts_say(service: str) -> None:
    assert asyncapi.file_of(service).read_text(encoding="utf-8") == asyncapi.text(service), (
        "docs/asyncapi is behind the contracts: run `python -m contracts.asyncapi`"
    )


def test_each_fact_and_call_stands_in_one_document() -> None:
    told = [name for service in SERVICES for name in asyncapi.document(service)["operations"]]
    assert len(told) == len(set(told)) == len(EVENTS) + len(COMMANDS) + len(QUERIES)


@needs_node
@pytest.mark.parametrize("service", SERVICES)
def test_the_official_parser_takes_it(parser: Path, service: str) -> None:
    result = check(parser, asyncapi.file_of(service))
    assert result.returncode == 0, result.stdout + result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    written = asyncapi.document(service)
    assert found == {name: len(written[name]) for name in ("channels", "operations")}


MISTAKES: dict[str, Callable[[Node], Any]] = {
    "another version": lambda node: node.update(asyncapi="9.0.0"),
    "an action that is none": lambda node: node["operations"][f"tell-{ONE}"].update(action="shout"),
    "a reference to nothing": lambda node: node["components"]["schemas"].pop("envelope.CloudEvent"),
    "an operation without a channel": lambda node: node["channels"].clear(),
}


@needs_node
def test_the_official_parser_would_see_a_mistake(parser: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(yaml.safe_dump(small()), encoding="utf-8")
    assert check(parser, file).returncode == 0
    for name, make in MISTAKES.items():
        node = small()
        make(node)
        file.write_text(yaml.safe_dump(node), encoding="utf-8")
        result = check(parser, file)
        assert result.returncode == 1, f"{name}: {result.stdout}"
        assert "error" in result.stdout


def small() -> Node:
    """Return a document with one fact alone: the parser needs seconds for the whole."""
    node = asyncapi.document("intake")
    parts = node["components"]
    return node | {
        "channels": {ONE: node["channels"][ONE]},
        "operations": {f"tell-{ONE}": node["operations"][f"tell-{ONE}"]},
        "components": {
            "messages": {f"{ONE}-v1": parts["messages"][f"{ONE}-v1"]},
            "schemas": {name: parts["schemas"][name] for name in SHAPES_OF_ONE},
        },
    }
