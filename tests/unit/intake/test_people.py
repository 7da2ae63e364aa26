"""Persons, bodies, reports of employment."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts.events import intake as declared
from contracts.registry import newest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from contracts.vocabularies.statuses import PERSON
from services.intake.domain import bodies, employments, persons
from services.intake.domain.bodies import Body
from services.intake.domain.employments import Employment, Insured
from services.intake.domain.persons import Details

assert declared.PERSON_REGISTERED
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
DETAILS = Details("370611", ("unemployed",), "hash", b"key", {"name": b"x", "bank_account": b"y"}, "1234")
PERSON_1, REGISTERED = persons.register("p1", "account", DETAILS)
CODE, OTHER_CODE = make_credit_code(1), make_credit_code(2)
BODY = Body("b1", "submitted", "account", "provider", "演示单位", CODE, "370611")


def told(facts):
    for type, data in facts:
        schema = newest(type).data()
        assert schema.validate(schema.dump(data)) == {}
    return [type for type, _ in facts]


def test_registering_tells_nothing_personal():
    assert told(REGISTERED) == ["intake.person.registered", "intake.person.payee_changed"]
    assert REGISTERED[0][1] == {"region": "370611", "groups": ["unemployed"]}
    assert REGISTERED[1][1] == {"account_tail": "1234"}


def test_a_person_without_an_account_is_registered_too():
    _, facts = persons.register("p1", "account", replace(DETAILS, account_tail=None))
    assert told(facts) == ["intake.person.registered"]


def test_the_registries_word_counts_once():
    verified, facts = persons.verify(PERSON_1, False, NOW)
    assert (verified.status, told(facts)) == ("verified", ["intake.person.verified"])
    assert persons.verify(verified, True, NOW) == (verified, [])
    assert persons.refuse(verified, "r", NOW) == (verified, [])


def test_only_a_refused_person_is_registered_again():
    refused, facts = persons.refuse(PERSON_1, "姓名不符", NOW)
    assert told(facts) == ["intake.person.refused"]
    again, facts = persons.register_again(refused, DETAILS)
    assert (again.status, again.reason, len(facts)) == ("submitted", None, 2)
    for status in ("submitted", "verified"):
        with pytest.raises(Refusal, match=r"intake\.account_has_person"):
            persons.register_again(replace(PERSON_1, status=status), DETAILS)


def test_what_an_agency_registered_goes_to_the_very_person_only():
    entered, _ = persons.register("p2", None, DETAILS)
    assert persons.take_over(entered, "me", same_person=True).login == "me"
    for person, same in ((entered, False), (PERSON_1, True)):
        with pytest.raises(Refusal, match=r"intake\.person_known at id_number"):
            persons.take_over(person, "me", same_person=same)


@pytest.mark.parametrize("status", PERSON)
def test_a_forgotten_person_has_no_account_to_change(status):
    person = replace(PERSON_1, status=status)
    if status == "forgotten":
        with pytest.raises(Refusal, match="out_of_order"):
            persons.change_account(person, b"z", "9999")
        return
    changed, facts = persons.change_account(person, b"z", "9999")
    assert changed.details.sealed == {"name": b"x", "bank_account": b"z"}
    assert facts == [("intake.person.payee_changed", {"account_tail": "9999"})]


def test_forgetting_leaves_the_opaque_id():
    forgotten, facts = persons.forget(replace(PERSON_1, draws_pension=True), "本人申请")
    assert told(facts) == ["intake.person.forgotten"]
    assert forgotten.details == Details("370611", (), "", b"", {})
    assert (forgotten.id, forgotten.login, forgotten.draws_pension) == ("p1", None, None)
    with pytest.raises(Refusal):
        persons.forget(forgotten, "本人申请")


def test_a_body_has_the_kind_of_its_account():
    assert bodies.kind_of_roles("provider", frozenset({"provider"})) == "provider"
    with pytest.raises(Refusal, match=r"intake\.body_kind at kind"):
        bodies.kind_of_roles("enterprise", frozenset({"provider"}))


def test_a_body_is_checked_once_and_corrected_when_refused():
    verified, facts = bodies.verify(BODY, "焊工培训", NOW)
    assert (verified.scope, told(facts)) == ("焊工培训", ["intake.body.verified"])
    assert bodies.refuse(verified, "r", NOW) == (verified, [])
    refused, _ = bodies.refuse(BODY, "名称不符", NOW)
    again, facts = bodies.register_again(refused, replace(BODY, id="other", name="演示单位二"))
    assert (again.id, again.name, again.status) == ("b1", "演示单位二", "submitted")
    assert told(facts) == ["intake.body.registered"]
    with pytest.raises(Refusal, match=r"intake\.account_has_body"):
        bodies.register_again(verified, BODY)


def test_what_an_agency_entered_goes_to_the_body_of_that_name():
    entered = replace(BODY, login=None)
    assert bodies.take_over(entered, "me", "演示单位").login == "me"
    for body, name in ((entered, "别的单位"), (BODY, "演示单位")):
        with pytest.raises(Refusal, match=r"intake\.body_known"):
            bodies.take_over(body, "me", name)


REPORT = Employment("e1", "pr", "c", "p", date(2027, 6, 10), CODE)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (Insured(CODE, date(2027, 6, 10), None), True),
        (Insured(CODE, date(2027, 6, 1), date(2027, 6, 10)), True),
        (Insured(CODE, date(2027, 6, 11), None), False),
        (Insured(CODE, date(2027, 1, 1), date(2027, 6, 9)), False),
        (Insured(OTHER_CODE, date(2027, 1, 1), None), False),
    ],
)
def test_an_employment_is_found_when_that_firm_insured_that_day(line, found):
    assert employments.is_found(REPORT, [line]) is found
    assert employments.is_found(replace(REPORT, employer_code=None), [line]) is (
        found or line.employer_code != REPORT.employer_code
    )


def test_the_employment_registry_is_heard_once():
    assert not employments.is_found(REPORT, [])
    checked, facts = employments.check(REPORT, True, NOW)
    assert told(facts) == ["intake.employment.checked"]
    assert employments.check(checked, False, NOW) == (checked, [])
