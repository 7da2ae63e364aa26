"""Claims of each kind against the running service: who may claim, what is owed, and what is refused."""

from contracts.commands.settlement_claims import SUBJECTS
from services.chassis.actor import Actor
from services.settlement.store.row_steps import trainings_by_class, uplifts_by_project
from tests.integration.settlement.claiming import (
    CLASS_FEN,
    ORDINARY,
    TRANSPORT_FEN,
    attach,
    finished,
    payroll,
    reasons,
    refused,
    rows,
    wages,
    worker,
)
from tests.integration.settlement.world import FIRST, Town, at_once, codes


def test_a_class_is_paid_after_the_certificate(town: Town) -> None:
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people, **ORDINARY)
    body = {"kind": "class_training", "project_id": project, "class_id": id}
    early = refused(town, "submit_claim", by, **body)
    assert (early.code, early.facts) == ("settlement.not_completed", {"classes": id})
    town.finish(project, id, people[:2])
    claim = town.call("submit_claim", by, **body)
    assert (claim["payee"], claim["people"], claim["total_fen"]) == ("provider", 3, 2 * CLASS_FEN)
    assert reasons(town, by, claim) == {people[2]: "not_completed"}
    # a slot, the pair, the training and the payment for each, and the stage
    assert rows(town, claim) == 2 * 4 + 1
    again = refused(town, "submit_claim", by, **body)
    assert (again.code, again.facts["claim_id"]) == ("settlement.claim_exists", claim["id"])
    town.step("withdraw_claim", by, claim["id"])
    assert rows(town, claim) == 0
    assert town.call("submit_claim", by, **body)["total_fen"] == 2 * CLASS_FEN


def test_a_project_paid_in_stages_is_not_claimed_by_class(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people, organisation="project_type")
    claim = town.call("submit_claim", by, kind="class_training", **about)
    assert (claim["payable"], claim["outcome"]) == (False, "refused")
    assert reasons(town, by, claim) == {"": "project_type_is_staged"}
    step = {"claim_id": claim["id"], "reason": "理由"}
    assert refused(town, "accept_claim", FIRST, **step).code == "settlement.nothing_payable"


def test_an_ordinary_class_is_not_paid_in_stages(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    claim = town.advance(by, about["project_id"])
    assert (claim["payable"], reasons(town, by, claim)) == (False, {"": "not_project_type"})


def test_an_enterprise_is_paid_itself_for_its_own_class(town: Town) -> None:
    by, people = town.body("enterprise"), town.people(2)
    claim = town.call("submit_claim", by, kind="class_training", **finished(town, by, people))
    assert (claim["payee"], claim["payable"], claim["total_fen"]) == ("enterprise", True, 2 * CLASS_FEN)


def test_a_school_shows_plan_sign_in_sheets_and_videos(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    claim = town.call("submit_claim", by, kind="class_training", as_school=True, **about)
    assert (claim["payee"], claim["payable"]) == ("school", False)
    assert reasons(town, by, claim) == {"": "evidence_missing"}
    attach(town, by, claim["id"], "training_plan")
    attach(town, by, claim["id"], "sign_in_sheet")
    town.call("resubmit_claim", by, claim_id=claim["id"], reason="补材料")
    (lacking,) = town.call("get_calculation", by, claim_id=claim["id"])["refusals"]
    assert "视频" in lacking["zh"]
    assert lacking["document"] == "107"
    attach(town, by, claim["id"], "video")
    whole = town.call("resubmit_claim", by, claim_id=claim["id"], reason="材料已齐")
    assert (whole["payable"], whole["total_fen"], whole["attempt"]) == (True, 2 * CLASS_FEN, 3)


def test_a_training_is_paid_once_to_the_body_or_the_person(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    own = town.call("submit_claim", worker(people[0]), kind="person_training", **about)
    assert (own["payee"], own["claimant_kind"], own["total_fen"]) == ("person", "person", CLASS_FEN)
    claim = town.call("submit_claim", by, kind="class_training", **about)
    assert (claim["total_fen"], reasons(town, by, claim)) == (CLASS_FEN, {people[0]: "training_taken"})
    late = town.call("submit_claim", worker(people[1]), kind="person_training", **about)
    assert (late["payable"], reasons(town, worker(people[1]), late)) == (False, {people[1]: "training_taken"})
    assert refused(town, "get_claim", worker(people[1]), claim_id=own["id"]).code == "not_found"
    assert [each["id"] for each in town.call("list_claims", worker(people[0]))["items"]] == [own["id"]]
    stranger = worker(town.people(1)[0])
    elsewhere = refused(town, "submit_claim", stranger, kind="person_training", **about)
    assert (elsewhere.code, elsewhere.field) == ("settlement.class_elsewhere", "class_id")


def test_two_classes_of_a_project_are_paid_once_for_each_person(town: Town) -> None:
    by, people = town.provider(), town.people(3)
    about = finished(town, by, people[:2])
    second = town.hold_class(by, about["project_id"], people[1:])
    town.finish(about["project_id"], second, people[1:])
    claim = town.call("submit_claim", by, kind="class_training", **about)
    other = town.call("submit_claim", by, kind="class_training", **(about | {"class_id": second}))
    assert (claim["total_fen"], other["total_fen"]) == (2 * CLASS_FEN, CLASS_FEN)
    assert reasons(town, by, other) == {people[1]: "pair_taken"}


def test_rows_that_were_taken_for_the_project_are_the_classs_own(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    about = finished(town, by, people)
    claim = town.call("submit_claim", by, kind="class_training", **about)
    now = {row["_id"]: row for row in town.db.limit_rows.find({"claims": claim["id"]})}
    for row in now.values():
        before = row["subject"].replace(about["class_id"], about["project_id"])
        town.db.limit_rows.update_one({"_id": row["_id"]}, {"$set": {"subject": before}})
    for _ in range(2):
        trainings_by_class(town.db)
        assert {row["_id"]: row for row in town.db.limit_rows.find({"claims": claim["id"]})} == now


def test_a_person_and_the_body_at_once_leave_one_payment(town: Town) -> None:
    by, people = town.provider(), town.people(4)
    about = finished(town, by, people)
    steps = [lambda: town.call("submit_claim", by, kind="class_training", **about)] + [
        lambda ref=ref: town.call("submit_claim", worker(ref), kind="person_training", **about)
        for ref in people
    ]
    answers = at_once(steps)
    assert codes(answers) == []
    assert sum(answer["total_fen"] for answer in answers) == 4 * CLASS_FEN
    found = town.db.limit_rows.find({"kind": "training", "_id": {"$regex": about["class_id"]}})
    assert len(list(found)) == 4


def test_transport_by_day_for_all_or_for_oneself(town: Town) -> None:
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people)
    about = {"kind": "transport", "project_id": project, "class_id": id}
    own = town.call("submit_claim", worker(people[0]), **about)
    assert (own["total_fen"], own["people"], own["payee"]) == (TRANSPORT_FEN, 1, "person")
    claim = town.call("submit_claim", by, **about)
    assert (claim["total_fen"], reasons(town, by, claim)) == (2 * TRANSPORT_FEN, {people[0]: "payment_taken"})
    living = town.call("submit_claim", by, **(about | {"kind": "living_cost"}))
    assert living["total_fen"] == 3 * 5 * 30_00


def test_the_uplift_follows_the_training_that_was_paid(town: Town) -> None:
    town.budget(10_000_000_00)
    by, people = town.provider(), town.people(3)
    about = finished(town, by, people)
    town.employ(about["project_id"], about["class_id"], people[:2])
    early = town.call("submit_claim", by, kind="employment_uplift", **about)
    assert set(reasons(town, by, early).values()) == {"no_training_subsidy"}
    claim = town.call("submit_claim", by, kind="class_training", **about)
    town.db.claims.update_one({"_id": claim["id"]}, {"$set": {"status": "ordered"}})
    uplift = town.call("resubmit_claim", by, claim_id=early["id"], reason="培训补贴已支付")
    assert (uplift["payable"], uplift["total_fen"]) == (True, 2 * CLASS_FEN // 10)
    assert reasons(town, by, uplift) == {people[2]: "not_employed"}


def test_stages_paid_for_the_project_earn_each_person_one_uplift(town: Town) -> None:
    by, people = town.provider(), town.people(2)
    project, first = town.training(by, people[:1])
    second = town.hold_class(by, project, people)
    advance = town.advance(by, project)
    town.db.claims.update_one({"_id": advance["id"]}, {"$set": {"status": "ordered"}})
    for id, roster in ((first, people[:1]), (second, people)):
        town.finish(project, id, roster)
        town.employ(project, id, roster)
    body = {"kind": "employment_uplift", "project_id": project}
    claim = town.call("submit_claim", by, **body, class_id=first)
    other = town.call("submit_claim", by, **body, class_id=second)
    assert (claim["people"], claim["refused_people"]) == (1, 0)
    assert reasons(town, by, other) == {people[0]: "payment_taken"}

    # a row of before, by the class, becomes that of the project
    (now,) = town.db.limit_rows.find({"claims": claim["id"], "kind": "payment"})
    town.db.limit_rows.delete_one({"_id": now["_id"]})
    town.db.limit_rows.insert_one({**now, "_id": now["_id"].replace(project, first)})
    for _ in range(2):
        uplifts_by_project(town.db)
        assert list(town.db.limit_rows.find({"claims": claim["id"], "kind": "payment"})) == [now]


def test_who_may_claim_what(town: Town) -> None:
    about = {
        "project_id": "p",
        "class_id": "c",
        "certificates": ["n"],
        "month": "2021-11",
        "payroll": payroll(["x"]),
    }
    allowed = {
        "provider": set(SUBJECTS) - {"person_training", "wage_month"},
        "enterprise": set(SUBJECTS) - {"person_training"},
        "assessor": {"certificate_batch"},
        "worker": {"person_training", "living_cost", "transport"},
        "agency": set(),
        "first_reviewer": set(),
    }
    for role, kinds in allowed.items():
        actor = Actor(f"account-{role}", frozenset({role}), body_ref="body-nowhere", person_ref="nobody")
        for kind, names in SUBJECTS.items():
            wrong = refused(town, "submit_claim", actor, kind=kind, **{name: about[name] for name in names})
            assert (wrong.code == "role.forbidden") == (kind not in kinds), (role, kind, wrong.code)


def test_a_claim_is_about_what_its_kind_is_about(town: Town) -> None:
    by = town.provider()
    cases = [
        ({"kind": "certificate_batch"}, "certificates"),
        ({"kind": "certificate_batch", "certificates": ["a"], "month": "2021-11"}, "month"),
        ({"kind": "wage_month", "month": "2021-11"}, "payroll"),
        ({"kind": "class_training", "project_id": "p"}, "class_id"),
        ({"kind": "transport", "project_id": "p", "class_id": "c", "as_school": True}, "as_school"),
    ]
    for body, field in cases:
        wrong = refused(town, "submit_claim", by, **body)
        assert (wrong.code, wrong.field) == ("invalid", field)
    unknown = Actor("account-new", frozenset({"enterprise"}), body_ref="body-new")
    assert refused(town, "submit_claim", unknown, **wages(["x"])).code == "settlement.claimant_unverified"
    person = worker("person-new")
    body = {"kind": "transport", "project_id": "p", "class_id": "c"}
    assert refused(town, "submit_claim", person, **body).code == "settlement.claimant_unverified"
