"""What intake's schemas refuse before any rule is asked."""

import pytest

from contracts.commands.intake import PostDemandRequest
from contracts.vocabularies.sample_ids import make_citizen_id, wrong_citizen_id

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
    ],
)
def test_a_wrong_demand_is_refused_at_its_field(body, change, field):
    assert list(PostDemandRequest().validate({**body, **change})) == [field]
