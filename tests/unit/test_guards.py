"""What contracts, services, topology and the catalogue of refusals say of the same things."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from contracts.registry import COMMANDS, EVENTS, QUERIES, SERVICES
from contracts.vocabularies.errors import CATALOGUE
from services.chassis.service import Service
from services.chassis.topology import FOLLOWS

ROOT = Path(__file__).parents[2]
# importing them fills the registry
for _kind in ("commands", "events"):
    for _path in (ROOT / "contracts" / _kind).glob("[a-z]*.py"):
        import_module(f"contracts.{_kind}.{_path.stem}")
CALLS = COMMANDS | QUERIES
_TREES = {
    path: ast.parse(path.read_text("utf-8"))
    for package in ("services", "gateway", "infra")
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts
}


def process(name: str) -> type[Service]:
    """Return the class that a process runs."""
    module = "gateway.map.projector" if name == "projector" else f"services.{name}.service"
    found: type[Service] = import_module(module).SERVICE
    return found


def nodes(kind: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    """Return each node of a kind in the code of services, gateway and infra, with its file."""
    for path, tree in _TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield path, node


def decorated(path: Path) -> set[str]:
    """Return the constants that the methods in a file answer: the X of `@command(c.X)` and `@query(c.X)`."""
    return {
        decorator.args[0].attr
        for node in ast.walk(_TREES[path])
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in ("command", "query")
        if isinstance(decorator.args[0], ast.Attribute)
    }


@pytest.mark.parametrize("name", SERVICES)
def test_every_call_of_a_contract_is_answered_and_nothing_else(name: str) -> None:
    process(name)
    promised = {call.method for call in CALLS.values() if call.service == name}
    contracts = {
        constant: call
        for module in (import_module(f"contracts.commands.{each}") for each in _modules(name))
        for constant, call in vars(module).items()
        if call in CALLS.values()
    }
    answered = {
        contracts[constant].method
        for path in _TREES
        if path.is_relative_to(ROOT / "services" / name)
        for constant in decorated(path)
    }
    assert answered == promised
    assert all(callable(getattr(process(name), method, None)) for method in promised)


@pytest.mark.parametrize("name", [name for name in FOLLOWS if name != "oversight"])
def test_what_is_bound_is_followed_and_the_other_way_round(name: str) -> None:
    handlers = process(name).handlers
    assert set(handlers) <= set(EVENTS)
    assert {type.rpartition(".")[0] for type in handlers} == set(FOLLOWS[name])


def test_oversight_follows_everything() -> None:
    assert set(FOLLOWS["oversight"]) == set(SERVICES)
    assert process("oversight").every_fact is not None


def test_what_is_followed_is_told_by_somebody() -> None:
    told = {type.rpartition(".")[0] for type in EVENTS}
    assert {each for name, follows in FOLLOWS.items() if name != "oversight" for each in follows} <= told


def given_codes() -> set[str]:
    """Return the codes that stand in a `Refusal(…)`."""
    return {
        inner.value
        for _path, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal" and node.args
        for inner in ast.walk(node.args[0])
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    }


def test_every_refusal_that_is_given_is_in_the_catalogue() -> None:
    assert given_codes() <= set(CATALOGUE)


def test_every_refusal_of_the_catalogue_is_given() -> None:
    # some are handed to a function that raises them: their code, with its dot, is nothing else
    handed_on = {
        node.value
        for _path, node in nodes(ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value
    }
    assert set(CATALOGUE) <= given_codes() | handed_on


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_refusal_speaks_both_tongues_and_names_a_way_out(code: str) -> None:
    text = CATALOGUE[code]
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for zh, en in ((text.zh, text.en), (text.way_zh, text.way_en)):
        assert chinese.search(zh), code
        assert re.search(r"[A-Za-z]{2}", en), code
        assert not chinese.search(en), code
    # a fact may bring its words in both tongues, as {zh} and {en}
    zh, en = (set(re.findall(r"\{(\w+)\}", words)) for words in (text.zh, text.en))
    assert zh - {"zh"} == en - {"en"}, code
    assert ("zh" in zh) == ("en" in en), code
    assert 400 <= text.status < 600 or code == "pending", code


def _modules(service: str) -> list[str]:
    folder = ROOT / "contracts" / "commands"
    return [path.stem for path in folder.glob("*.py") if path.stem.partition("_")[0] == service]
