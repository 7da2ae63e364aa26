"""docs/openapi.json is what the code says, and a document that others can use."""

import json
from pathlib import Path

from gateway.api.pages import written

ROOT = Path(__file__).parents[3]


def document(app):
    return written(app.extensions["flask-smorest"]["apis"][""]["ext_obj"])


def test_the_document_in_docs_is_current(app):
    stored = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert stored == document(app), "write it anew: python -m gateway.api.document > docs/openapi.json"


def test_every_address_of_the_api_is_in_it(app):
    found = json.loads(document(app))
    assert found["openapi"].startswith("3.1")
    documented = {
        (method.upper(), path)
        for path, methods in found["paths"].items()
        for method in methods
        if method != "parameters"
    }
    own = {"/v1/openapi.json", "/v1/docs", "/v1/docs/<name>", "/v1/problems/<code>"}
    served = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1/") and rule.rule not in own
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert documented == served


def test_every_operation_tells_its_problems_and_has_a_name_of_its_own(app):
    found = json.loads(document(app))
    operations = [
        each for methods in found["paths"].values() for key, each in methods.items() if key != "parameters"
    ]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    for each in operations:
        assert "application/problem+json" in each["responses"]["default"]["content"]
        assert len(each["responses"]) == 2


def test_what_it_refers_to_is_there(app):
    found = json.loads(document(app))
    text = json.dumps(found)
    used = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert used <= set(found["components"]["schemas"])
    assert "\\\\Z" not in text
