from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code, wrong_citizen_id
from services.chassis.outside import Answered
from services.chassis.outside_registry import Certificate, Employment, Enterprise, Pension, Person, Registry
from tests.support.standin import StandIn

DAY = date(2026, 9, 1)


def value(answer: object) -> object:
    assert isinstance(answer, Answered)
    return answer.value


def test_an_answer_says_when_and_from_where(registry: Registry) -> None:
    answer = registry.person_exists(make_citizen_id(serial=1), "示例甲")
    assert isinstance(answer, Answered)
    assert answer.source == "registry"
    assert timedelta(0) <= datetime.now(UTC) - answer.checked_at < timedelta(minutes=1)


def test_a_person_is_known_under_the_name_first_given_also_after_a_kill(
    registry: Registry, standin: StandIn
) -> None:
    number = make_citizen_id(serial=2)
    assert value(registry.person_exists(number, "示例甲")) == Person(True, True, True)
    standin.kill()
    standin.start()
    assert value(registry.person_exists(number, "演示乙")) == Person(True, False, True)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (make_citizen_id(serial=996), Person(False, False, False)),
        (wrong_citizen_id(make_citizen_id(serial=3)), Person(False, False, False)),
        (make_citizen_id(serial=998), Person(True, True, False)),
    ],
    ids=["not found", "wrong check digit", "deceased"],
)
def test_people_by_rule(registry: Registry, number: str, expected: Person) -> None:
    assert value(registry.person_exists(number, "示例甲")) == expected


def test_a_loaded_person_goes_before_the_rules(registry: Registry, standin: StandIn) -> None:
    number = make_citizen_id(serial=999)
    assert value(registry.pension(number)) == Pension(True, date(2020, 1, 1))
    standin.load("people", {"id_number": number, "name": "示例丙"})
    assert value(registry.person_exists(number, "示例甲")) == Person(True, False, True)
    assert value(registry.pension(number)) == Pension(False, None)
    standin.load("people", {"id_number": number, "name": "示例丙", "pension_since": "2024-05-01"})
    assert value(registry.pension(number)) == Pension(True, date(2024, 5, 1))


def code_with(marker: str) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    serial = sum(alphabet.index(char) * 31**place for place, char in enumerate(reversed(marker)))
    return make_credit_code(serial)


@pytest.mark.parametrize(("marker", "status"), [("123", "active"), ("997", "revoked"), ("998", "dormant")])
def test_enterprises_by_rule(registry: Registry, marker: str, status: str) -> None:
    found = value(registry.enterprise(code_with(marker)))
    assert isinstance(found, Enterprise)
    assert found.status == status
    assert "职业技能培训" in found.licence_scope


def test_unknown_enterprises(registry: Registry) -> None:
    assert value(registry.enterprise(code_with("996"))) is None
    right = code_with("123")
    assert value(registry.enterprise(right[:17] + ("0" if right[17] != "0" else "1"))) is None


def test_a_loaded_enterprise(registry: Registry, standin: StandIn) -> None:
    code = code_with("996")
    standin.load(
        "enterprises",
        {"credit_code": code, "name": "演示焊接厂", "status": "dormant", "licence_scope": ["焊接"]},
    )
    expected = Enterprise(code, "演示焊接厂", "dormant", ("焊接",))
    assert value(registry.enterprise(code)) == expected


def test_employment_is_never_made_up_and_counts_from_a_day(registry: Registry, standin: StandIn) -> None:
    number, code = make_citizen_id(serial=4), make_credit_code(1)
    assert value(registry.employment(number, DAY)) == ()
    standin.load(
        "employments",
        {"id_number": number, "credit_code": code, "from_day": "2026-10-01"},
        {"id_number": number, "credit_code": code, "from_day": "2026-01-01", "to_day": "2026-09-01"},
        {"id_number": number, "credit_code": code, "from_day": "2025-01-01", "to_day": "2026-08-31"},
    )
    assert value(registry.employment(number, DAY)) == (
        Employment(code, date(2026, 1, 1), DAY),
        Employment(code, date(2026, 10, 1), None),
    )


def test_certificates(registry: Registry, standin: StandIn) -> None:
    assert value(registry.certificate("S000001")) is None
    number, issuer = make_citizen_id(serial=5), make_credit_code(2)
    row = {"number": "S000001", "id_number": number, "occupation": "6-18-02-04", "level": "4"}
    standin.load("certificates", {**row, "issued_on": "2026-08-01", "issuer": issuer})
    expected = Certificate("S000001", number, "6-18-02-04", "4", date(2026, 8, 1), issuer, "valid")
    assert value(registry.certificate("S000001")) == expected


@pytest.mark.parametrize(
    "path", ["/registry/people/check", "/bank/payments", "/bank/statements", "/admin/faults"]
)
def test_without_the_token_nothing_is_answered(standin: StandIn, path: str) -> None:
    assert standin.post(path, {}, token="another").status_code == 401


@pytest.mark.parametrize(
    "body", [None, [], "x", {"id_number": 5}, {"id_number": ""}, {"id_number": "x" * 201}]
)
def test_a_malformed_question_is_refused(standin: StandIn, body: object) -> None:
    answer = standin.post("/registry/people/check", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_invalid")
