"""Problems: each refusal has its words in both tongues, and each fault names its field."""

import re

import pytest

from contracts.vocabularies.errors import CATALOGUE, Refusal
from gateway import problems
from gateway.api import schemas

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def asked(app):
    with app.test_request_context("/v1/somewhere"):
        yield


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_refusal_becomes_a_problem_in_both_tongues(asked, code):
    problem = problems.of_refusal(Refusal(code, field="a.b"))
    assert problem["status"] == CATALOGUE[code].status
    assert problem["status"] in problems.TITLES
    assert CHINESE.search(problem["message"]["zh"])
    assert CHINESE.search(problem["way_out"]["zh"])
    assert re.search(r"[a-z]{3}", problem["message"]["en"])
    assert problem["way_out"]["en"]
    assert problem["errors"][0]["field"] == "a.b"
    assert problem["detail"] == problem["message"]["zh"]


def test_english_is_spoken_to_who_prefers_it(app):
    with app.test_request_context("/v1/x", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"}):
        problem = problems.of_refusal(Refusal("gateway.unauthenticated"))
    assert (problem["title"], problem["detail"]) == ("Sign-in needed", "Sign in first")


def test_faults_are_named_by_their_dotted_field(asked):
    errors = schemas.NewOfficer().validate(
        {"username": "a", "password": "12345678", "roles": ["boss"], "y": 1}
    )
    problem = problems.of_invalid(errors)
    said = {error["field"]: error for error in problem["errors"]}
    assert set(said) == {"username", "roles.0", "region", "y"}
    assert said["region"] == {
        "field": "region",
        "zh": "缺少必填字段",
        "en": "Missing data for required field.",
    }
    assert said["roles.0"]["zh"] == "未知代码"


def test_what_a_service_found_invalid_names_all_its_fields(asked):
    found = [
        {"field": "person.id_number", "reason": "校验不通过 / fails its check"},
        {"field": "hours", "reason": "x"},
    ]
    problem = problems.of_refusal(Refusal("invalid", field="person.id_number", reason="…", errors=found))
    assert [error["field"] for error in problem["errors"]] == ["person.id_number", "hours"]
    assert problem["errors"][0]["zh"] == "校验不通过"


def test_values_of_the_request_are_not_told_back(asked):
    secret = "37060219900101000X"
    errors = schemas.Credentials().validate({"username": secret * 9, "password": "x", secret: 1})
    problem = problems.of_invalid({"username": errors["username"]})
    assert secret not in str(problem)
