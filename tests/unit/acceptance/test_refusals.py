"""Each refusal that the code gives is in the catalogue with its facts, and none there is unused."""

import ast
import re
from pathlib import Path

from contracts.vocabularies.errors import CATALOGUE

ERRORS = {code: text for code, text in CATALOGUE.items() if code.startswith("acceptance.")}
CODE = Path(__file__).parents[3] / "services" / "acceptance"
TREES = [ast.parse(path.read_text()) for path in CODE.rglob("*.py")]
NODES = [node for tree in TREES for node in ast.walk(tree)]


def test_the_catalogue_is_what_the_code_gives():
    texts = [node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    known = {text for text in texts if re.fullmatch(r"acceptance\.[a-z_]+", text)}
    assert known == set(ERRORS)


def test_each_refusal_fills_its_words():
    calls = [node for node in NODES if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal"]
    checked = 0
    for call in calls:
        code = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
        if code in ERRORS:
            wanted = set(re.findall(r"\{(\w+)\}", ERRORS[code].zh + ERRORS[code].en))
            assert wanted <= {each.arg for each in call.keywords}, code
            checked += 1
    assert checked > 40
