"""Assessment: who is appointed, results and makeup, certificates, a sheet of results."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies import levels
from services.acceptance.domain import assessment
from services.acceptance.domain.assessment import Completion, Issued, Registered, Row
from services.acceptance.domain.attendance import Attended
from services.acceptance.domain.classes import Appointment, Result
from tests.unit.acceptance.refusing import refused
from tests.unit.acceptance.samples import ASSESSOR, DAY, HOUR, NOW, provider, with_roster

BEGINS = NOW + 20 * DAY
ENDS = BEGINS + 4 * DAY + 4 * HOUR
LAST_DAY = date(2026, 3, 26)
APPOINTED = Appointment(
    "assessor", "示例评价机构", "skill_level", ("考评员甲", "考评员乙"), "督导员甲", "题库 1",
    LAST_DAY, "by", NOW,
)  # fmt: skip
TERMS = Completion(80, 60, 1)
LINES = (Attended("p1", (), 16), Attended("p2", (), 15), Attended("p3", (), 20), Attended("p4", (), 20))
RESULTS = (Result("p1", True), Result("p2", True), Result("p3", False))
ISSUED = Issued("p1", "S000000000001", date(2026, 3, 27))


def carried_out(*person_refs, level="4", **changed):
    made = with_roster(*(person_refs or ("p1", "p2", "p3", "p4")))
    return replace(made, carried_out_at=ENDS, level=level, appointment=replace(APPOINTED, **changed))


def recorded(results=RESULTS, assessor=ASSESSOR, training=None, now=ENDS + DAY):
    return assessment.record(training or carried_out(), assessor, results, TERMS, now)


def assessed():
    return assessment.finish(recorded()[0], LINES, TERMS, ENDS + DAY)[0]


def appoint(training=None, assessor=ASSESSOR, now=ENDS, **changed):
    return assessment.appoint(training or with_roster("p1"), assessor, replace(APPOINTED, **changed), now)


def test_an_assessor_is_appointed_with_its_people():
    new, facts = appoint()
    assert new.appointed("assessor")
    assert not new.appointed("other")
    told = {"project_id": "project", "assessor_ref": "assessor", "kind": "skill_level", "held_on": LAST_DAY}
    assert facts == [("acceptance.class.assessor_appointed", told)]
    # another one may come in its place until there are results
    again = appoint(new, replace(ASSESSOR, id="b"), assessor_ref="b")[0]
    assert again.appointed("b")
    refused("out_of_order", appoint, recorded()[0])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"assessor": provider()}, "acceptance.body_unverified"),
        ({"assessor": replace(ASSESSOR, status="submitted")}, "acceptance.body_unverified"),
        ({"assessor": replace(ASSESSOR, id="provider-a")}, "acceptance.own_work"),
        ({"examiners": ("示例师", "考评员甲")}, "acceptance.examiners"),
        ({"examiners": ("考评员甲", "考评员 甲")}, "acceptance.examiners"),
        ({"quality_supervisor": "考评员乙"}, "acceptance.examiners"),
        ({"held_on": date(2026, 3, 25)}, "acceptance.held_on"),
        ({"kind": "special_ability"}, "acceptance.assessment_kind"),
    ],
)
def test_who_may_not_test_is_refused(changed, code):
    refused(code, appoint, **changed)


def test_results_come_from_the_assessor_appointed_and_not_before_the_test():
    refused("acceptance.not_appointed", recorded, assessor=replace(ASSESSOR, id="other"))
    refused("acceptance.not_appointed", recorded, training=replace(carried_out(), appointment=None))
    refused("acceptance.own_work", recorded, assessor=replace(ASSESSOR, id="provider-a"))
    refused("acceptance.body_unverified", recorded, assessor=provider())
    refused("acceptance.held_on", recorded, training=carried_out(held_on=date(2026, 3, 28)))
    refused("out_of_order", recorded, training=with_roster("p1"), now=BEGINS)
    assert refused("acceptance.results", recorded, (Result("p9", True),)).field == "results.0.person_ref"
    refused("acceptance.results", recorded, (Result("p1", True), Result("p1", False)))


def test_who_attended_80_percent_and_passed_has_completed():
    training, facts = recorded()
    assert (training.status(ENDS + DAY), facts[0][0]) == ("assessed", "acceptance.class.assessed")
    done, facts = assessment.finish(training, LINES, TERMS, ENDS + DAY)
    assert (done.completed, done.status(ENDS + DAY)) == (("p1",), "completed")
    whole = {"project_id": "project", "completed": ["p1"], "failed": ["p2", "p3", "p4"]}
    assert facts == [("acceptance.class.completed", whole)]
    refused("out_of_order", assessment.finish, done, LINES, TERMS, ENDS + DAY)
    refused("out_of_order", assessment.finish, carried_out(), LINES, TERMS, ENDS + DAY)


def test_who_failed_has_one_makeup():
    first = recorded()[0]
    assert refused("acceptance.result_known", recorded, (Result("p1", True),), training=first).field == (
        "results.0.person_ref"
    )
    again = recorded((Result("p3", False), Result("p4", True)), training=first)[0]
    refused("acceptance.makeup_over", recorded, (Result("p3", True),), training=again)
    passed = recorded((Result("p3", True),), training=first)[0]
    assert assessment.finish(passed, LINES, TERMS, ENDS + DAY)[0].completed == ("p1", "p3")
    assert passed.result_of("p3") == Result("p3", True)


def test_nobody_passes_below_60_in_a_part():
    assert recorded((Result("p1", True, 60, 100), Result("p2", False, 59, 100)))
    for part in ("theory", "practice"):
        wrong = replace(Result("p1", True, 60, 60), **{part: 59})
        assert refused("acceptance.scores", recorded, (wrong,)).field == f"results.0.{part}"


def certify(*issued, now=ENDS + DAY, training=None, registered=None):
    return assessment.certify(training or recorded()[0], issued, now, registered)


def test_certificates_go_to_those_who_passed_once_each():
    ((certificate, fact),) = certify(ISSUED)
    assert (certificate.id, certificate.assessor_ref) == ("S000000000001", "assessor")
    assert (fact[0], fact[1]["kind"]) == ("acceptance.certificate.registered", "ordinary")
    ((operation, told),) = certify(replace(ISSUED, kind="operation"))
    assert (operation.kind, told[1]["kind"]) == ("operation", "operation")
    other = replace(ISSUED, person_ref="p2")
    assert refused("acceptance.certificate_taken", certify, ISSUED, other).field == "certificates.1.number"
    for wrong in ("p3", "p4", "p9"):
        refused("acceptance.certificate_person", certify, replace(ISSUED, person_ref=wrong))
    refused("acceptance.certificate_person", certify, ISSUED, replace(ISSUED, number="S000000000002"))
    refused("acceptance.certificate_person", certify, ISSUED, registered=Registered({"p1"}))
    for day in (date(2026, 3, 25), date(2026, 3, 28)):
        refused("acceptance.certificate_date", certify, replace(ISSUED, issued_on=day))


def test_a_supervisor_closes_in_the_assessors_place_only_with_a_reason():
    training = recorded()[0]
    for reason in (None, ""):
        refused("acceptance.assessment_reason", assessment.closed_for, training, "supervisor", reason)
    why = "评价机构被注销"
    closed = assessment.closed_for(training, "supervisor", why)
    new, facts = assessment.finish(closed, LINES, TERMS, ENDS + DAY)
    assert (new.status(ENDS + DAY), new.closed_by, new.reason) == ("completed", "supervisor", why)
    assert facts[0][0] == "acceptance.class.completed"


def test_a_final_test_ends_without_a_certificate():
    training = recorded(training=carried_out(kind="final_test"))[0]
    refused("acceptance.no_certificates", certify, ISSUED, training=training)


def test_a_specialised_ability_certificate_names_its_ability():
    special = carried_out(level="special", kind="special_ability")
    training = recorded(training=special)[0]
    assert appoint(replace(special, appointment=None), kind="special_ability")
    refused("acceptance.assessment_kind", appoint, special)
    refused("acceptance.ability", certify, ISSUED, training=training)
    ((made, fact),) = certify(replace(ISSUED, ability="示例面点制作"), training=training)
    assert (made.ability, fact[1]["ability"], fact[1]["level"]) == ("示例面点制作", "示例面点制作", "special")
    refused("acceptance.ability", certify, replace(ISSUED, ability="示例面点制作"))


def test_levels_are_written_as_certificates_have_them():
    assert [levels.written(code) for code in ("5", "1")] == ["五级（初级工）", "一级（高级技师）"]
    assert [levels.name(code) for code in levels.EIGHT_GRADES] == [
        "学徒工", "初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师",
    ]  # fmt: skip
    assert levels.written("chief_technician") == "首席技师"
    assert levels.written("special") == "专项职业能力"


def row(number, person_ref, passed=True, certificate=None, **changed):
    issued = replace(ISSUED, person_ref=person_ref, number=certificate, **changed) if certificate else None
    return Row(number, Result(person_ref, passed), issued)


def sift(*rows, registered=None, training=None):
    return assessment.sift(training or carried_out(), rows, registered or Registered(), TERMS, ENDS + DAY)


def test_a_sheet_is_sifted_row_by_row():
    rows = [
        row(2, "p1", certificate="S0000001"),
        row(3, "p9"),
        row(4, "p2", certificate="S0000002", issued_on=date(2026, 1, 1)),
        row(5, "p3", passed=False, certificate="S0000003"),
        row(6, "p4", certificate="S0000004"),
    ]
    good, bad = sift(*rows, registered=Registered(numbers={"S0000004"}))
    assert good == rows[:1]
    assert [(number, refusal.code, refusal.field) for number, refusal in bad] == [
        (3, "acceptance.results", "person_ref"),
        (4, "acceptance.certificate_date", "issued_on"),
        (5, "acceptance.certificate_person", "number"),
        (6, "acceptance.certificate_taken", "number"),
    ]


def test_what_is_twice_in_a_sheet_is_wrong_both_times():
    good, bad = sift(row(2, "p1"), row(3, "p1", passed=False), row(4, "p2"))
    assert ([each.number for each in good], [number for number, _ in bad]) == ([4], [2, 3])
    good, bad = sift(row(2, "p1", certificate="S0000001"), row(3, "p2", certificate="S0000001"), row(4, "p3"))
    assert ([each.number for each in good], [number for number, _ in bad]) == ([4], [2, 3])


def test_a_sheet_sent_again_uses_up_no_makeup():
    rows = [row(2, "p1", certificate="S0000001"), row(3, "p2", passed=False)]
    first = recorded([each.result for each in rows])[0]
    on_record = Registered({"p1"}, {"S0000001"}, {rows[0].issued})
    assert sift(*rows, registered=on_record, training=first) == ([], [])
    # another certificate or another result is no repetition
    other = row(2, "p1", certificate="S0000002")
    good, bad = sift(other, row(3, "p2"), registered=on_record, training=first)
    assert ([each.number for each in good], [refusal.code for _, refusal in bad]) == (
        [3], ["acceptance.result_known"],
    )  # fmt: skip
    # after the makeup the first result is no longer the last
    again = recorded([good[0].result], training=first)[0]
    assert [refusal.code for _, refusal in sift(rows[1], training=again)[1]] == ["acceptance.result_known"]


ROWS = st.lists(
    st.builds(
        row, st.integers(2, 99), st.sampled_from(["p1", "p2", "p3", "p4", "p9"]), st.booleans(),
        st.sampled_from([None, "S0000001", "S0000002", "S0000003"]),
    ),
    max_size=8,
)  # fmt: skip


@given(ROWS)
def test_whatever_a_sheet_holds_its_good_rows_can_be_recorded_and_certified(rows):
    good, bad = sift(*rows, registered=Registered({"p2"}, {"S0000002"}))
    assert len(good) + len(bad) == len(rows)
    if good:
        new = recorded([each.result for each in good])[0]
        issued = [each.issued for each in good if each.issued]
        made = certify(*issued, training=new, registered=Registered({"p2"}, {"S0000002"}))
        assert "S0000002" not in {each.id for each, _ in made}
