"""What intake's schemas refuse before any rule is asked."""

import pytest

from contracts.commands.intake import PostDemandRequest, RegisterBodyRequest
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code, wrong_citizen_id

PERSON = {
    "id_number": make_citizen_id(serial=1),
    "name": "示例甲",
    "phone": "13900000001",
    "region": "370611",
}
WORKER = {
    "kind": "worker",
    "region": "370611",
    "occupation": "6-18-02-04",
    "level": "4",
    "wanted_from": "2027-04-01",
    "person": PERSON,
}
FIRM = {
    **{name: WORKER[name] for name in ("region", "occupation", "level", "wanted_from")},
    "kind": "enterprise",
    "headcount": 20,
    "skills": "焊接",
    "training_kind": "order",
}

POST = {"title": "焊接工段", "headcount": 5}
PROOF = {"kind": "disability_card", "number": "示例-0001"}


def test_a_demand_is_read_with_its_defaults():
    body = PostDemandRequest().load(WORKER)
    assert (body["mode"], body["headcount"], body["person"]["groups"]) == ("on_site", None, [])
    assert PostDemandRequest().load(FIRM)["share_percent"] is None


@pytest.mark.parametrize(
    ("body", "change", "field"),
    [
        (WORKER, {"person": {**PERSON, "id_number": wrong_citizen_id(PERSON["id_number"])}}, "person"),
        (WORKER, {"headcount": 2}, "headcount"),
        (WORKER, {"wage_low_fen": 1}, "wage_low_fen"),
        (WORKER, {"region": "999999"}, "region"),
        (WORKER, {"occupation": "0-00-00-00"}, "occupation"),
        (WORKER, {"level": "6"}, "level"),
        (WORKER, {"wanted_from": "2027-02-30"}, "wanted_from"),
        (WORKER, {"hours": "40"}, "hours"),
        (WORKER, {"hours": 1.5}, "hours"),
        (WORKER, {"surprise": 1}, "surprise"),
        (FIRM, {"headcount": None}, "headcount"),
        (FIRM, {"skills": "长" * 2001}, "skills"),
        (FIRM, {"person": PERSON}, "person"),
        (FIRM, {"group": "unemployed"}, "group"),
        (FIRM, {"wage_low_fen": 500_001, "wage_high_fen": 500_000}, "wage_high_fen"),
        (FIRM, {"share_percent": 101}, "share_percent"),
        (WORKER, {"posts": [POST]}, "posts"),
        (WORKER, {"proof": PROOF}, "group"),
        (FIRM, {"proof": PROOF}, "proof"),
        (WORKER, {"group": "disabled", "proof": {**PROOF, "kind": "none"}}, "proof"),
        (WORKER, {"contact": {"name": "示例甲", "phone": "123"}}, "contact"),
        (WORKER, {"study_times": ["never"]}, "study_times"),
        (FIRM, {"posts": [POST]}, "headcount"),
        (FIRM, {"posts": [{**POST, "headcount": 0}]}, "posts"),
        (FIRM, {"headcount": None, "posts": [{**POST, "wage_low_fen": 2, "wage_high_fen": 1}]}, "posts"),
        (FIRM, {"skills": None, "headcount": 5, "posts": [POST]}, "skills"),
        (WORKER, {"occupation_edition": "2015", "occupation": "9-99-99-99"}, "occupation"),
        (WORKER, {"occupation_edition": "1988"}, "occupation_edition"),
    ],
)
def test_a_wrong_demand_is_refused_at_its_field(body, change, field):
    assert list(PostDemandRequest().validate({**body, **change})) == [field]


def test_a_firm_may_name_its_posts_in_place_of_a_headcount():
    posts = [POST, {**POST, "headcount": 15, "skills": "氩弧焊"}]
    body = PostDemandRequest().load({**FIRM, "headcount": None, "posts": posts})
    assert [post["headcount"] for post in body["posts"]] == [5, 15]
    assert PostDemandRequest().validate({**FIRM, "headcount": 20, "posts": posts}) == {}
    skilled = [{**POST, "skills": "焊接"}]
    assert PostDemandRequest().validate({**FIRM, "headcount": None, "skills": None, "posts": skilled}) == {}


@pytest.mark.parametrize(
    ("edition", "code", "taken"),
    [
        ("1999", "6-04-02-05", "6-18-02-04"),
        ("2015", "4-01-02-02", "4-01-06-01"),
        ("2015", "6-18-02-04", "6-18-02-04"),
        # the same code is a front desk in 2022 and was a cook in 1999
        ("1999", "4-03-01-01", "4-03-02-01"),
        ("2022", "4-03-01-01", "4-03-01-01"),
    ],
)
def test_an_older_code_is_taken_as_what_it_became(edition, code, taken):
    body = PostDemandRequest().load({**WORKER, "occupation_edition": edition, "occupation": code})
    assert body["occupation"] == taken


def test_only_an_agency_has_a_kind_of_agency():
    body = {"credit_code": make_credit_code(1), "name": "示例协会", "region": "370611"}
    park = {**body, "kind": "agency", "agency_kind": "park"}
    assert RegisterBodyRequest().load(park)["agency_kind"] == "park"
    assert list(RegisterBodyRequest().validate({**park, "kind": "enterprise"})) == ["agency_kind"]
