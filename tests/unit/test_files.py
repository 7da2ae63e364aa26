"""What is in the repository's files: sizes, and nothing of a person or of one machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contracts.vocabularies import identifiers
from contracts.vocabularies.sample_ids import NOWHERE

ROOT = Path(__file__).parents[2]
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50
# GB 11643's own example
EXAMPLES = {"11010519491231002X"}
FORBIDDEN = {
    "a path of one machine": r"/home/[a-z]|/Users/|(?<![\w.])/root/|(?<![\w./])/work/|[A-Z]:\\Users",
    "a package index of one network": r"--(?:extra-)?index-url|--trusted-host|\"resolved\": \"http"
    r"|(?:pypi|npm|nexus|artifactory|registry|mirror)[\w-]*\.[\w-]+\.(?:com|cn|net|internal|local)",
    "an address of a private network": r"(?<![\d.])(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))"
    r"\.\d+\.\d+(?![\d.])",
    "a stand-in name that somebody bears": r"张三|李四|王五|赵六|John (?:Doe|Smith)|Jane Doe",
}
# plainly made up: a mobile number ends in at least six zeros, or in zeros and a short count
MADE_UP_MOBILE = re.compile(r"1[3-9]\d0{5}\d{3}")


@cache
def tracked() -> dict[str, str]:
    """Return the text of each file of the repository by its path; locks and binary files left out."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {}
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".ico", ".woff2"}:
            found[name] = path.read_text("utf-8")
    return found


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Return each function outside of tests with its file."""
    for name, text in tracked().items():
        if name.endswith(".py") and not name.startswith("tests/"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield name, node


def test_modules_stay_short() -> None:
    sizes = {name: text.count("\n") for name, text in tracked().items() if name.endswith(".py")}
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_functions_fit_a_screen() -> None:
    sizes = {f"{name}:{f.name}": (f.end_lineno or 0) - f.lineno + 1 for name, f in functions()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_of_one_machine_or_person(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in tracked().items()
        if name != "tests/unit/test_files.py"
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_citizen_numbers_are_nobodys() -> None:
    found = {
        number.upper()
        for text in tracked().values()
        for number in re.findall(r"(?<![0-9a-fA-F])[1-9]\d{16}[\dXx](?![0-9a-zA-Z])", text)
        if identifiers.citizen_id(number) and not number.startswith(NOWHERE)
    }
    assert found <= EXAMPLES


def test_mobile_numbers_are_nobodys() -> None:
    found = {
        f"{name}: {number}"
        for name, text in tracked().items()
        if not name.endswith((".lock", "lock.json"))
        for number in re.findall(r"(?<![\w.-])1[3-9]\d{9}(?![\w.])", text)
        if not MADE_UP_MOBILE.fullmatch(number)
    }
    assert found == set()
