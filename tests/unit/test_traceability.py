"""What docs/traceability.md names is there: routes, pages, facts, tests; and every S-number has its row."""

import ast
import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path

from contracts.registry import EVENTS
from gateway.app import documented_app
from gateway.web import pages

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "traceability.md").read_text("utf-8")
COLUMNS = ("id", "system", "source", "state", "page", "api", "facts", "tests", "missing")
SYSTEMS = 39
ROWS = [
    dict(zip(COLUMNS, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
    for line in TEXT.splitlines()
    if re.match(r"\| S\d\d \|", line)
]


def named(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


@cache
def functions(path: Path) -> set[str]:
    """Return the names of a test file's functions, of none when there is no such file."""
    if not path.is_file():
        return set()
    return {
        node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }


def test_every_system_has_one_row_in_order() -> None:
    assert [row["id"] for row in ROWS] == [f"S{number:02}" for number in range(1, SYSTEMS + 1)]


def test_a_state_says_what_is_there() -> None:
    for row in ROWS:
        assert row["state"] in ("built", "built thin", "planned"), row
        there = [named(row[column]) != [] for column in ("api", "facts", "tests")]
        assert there == [row["state"] != "planned"] * 3, row
        assert (row["missing"] != "–") or row["state"] != "built thin", row
        assert named(row["page"]) or row["state"] != "built", row
        assert not (row["state"] == "planned" and named(row["page"])), row


def test_routes_are_in_the_api_document() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    known = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    routes = re.findall(r"`((?:GET|POST|PUT|DELETE|PATCH) [^`]+)`", TEXT)
    assert len(routes) > 50
    assert [route for route in routes if route not in known] == []


def test_pages_are_served() -> None:
    app = documented_app()
    pages.register(app)
    known = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/v1/")}
    assert [page for row in ROWS for page in named(row["page"]) if page not in known] == []


def test_facts_are_told() -> None:
    for module in (ROOT / "contracts" / "events").glob("[a-z]*.py"):
        import_module(f"contracts.events.{module.stem}")
    known = {*EVENTS, *(f"{type.rpartition('.')[0]}.*" for type in EVENTS)}
    assert [fact for row in ROWS for fact in named(row["facts"]) if fact not in known] == []


def test_tests_exist() -> None:
    tests = re.findall(r"`(tests/[^`]+::[^`]+)`", TEXT)
    assert len(tests) > 50
    missing = []
    for test in tests:
        path, _, function = test.partition("::")
        if function not in functions(ROOT / path):
            missing.append(test)
    assert missing == []
