"""Sanctions: who is barred does not claim, what is under way stops, and another hand lifts them."""

from datetime import datetime, timedelta

from contracts.vocabularies.dates import today_in_shanghai
from tests.integration.settlement.test_objecting import (
    BUDGET,
    FAR,
    SUPERVISOR2,
    SUPERVISOR3,
    refused,
)
from tests.integration.settlement.world import (
    COUNTY,
    FINANCE,
    FIRST,
    PAYMENT,
    SECOND,
    SUPERVISOR,
    Town,
    at_once,
    codes,
    provider,
)


def test_a_sanctioned_body_does_not_claim_and_prepares_nothing(town: Town) -> None:
    by = town.provider()
    project, _id = town.training(by, town.people(1))
    sanction = {"body_ref": by.body_ref, "ground": "fraud", "measure": "claims_barred", "reason": "虚假签到"}
    assert refused(town, "record_sanction", SUPERVISOR, **sanction).code == "settlement.bar_needs_day"
    sanction["until"] = (town.now + timedelta(days=30)).date().isoformat()
    assert refused(town, "record_sanction", FAR, **sanction).code == "region.forbidden"
    assert refused(town, "record_sanction", FIRST, **sanction).code == "role.forbidden"
    made = town.call("record_sanction", SUPERVISOR, **sanction)
    assert (made["clause"], made["region"]) == ("37 §19; 600 §7", COUNTY)
    told = town.db.outbox.find_one({"type": "settlement.sanction.recorded", "subject": made["id"]})
    assert told is not None
    refusal = refused(town, "submit_claim", by, kind="project_advance", project_id=project)
    assert (refusal.code, refusal.facts["until"]) == ("settlement.sanctioned", sanction["until"])
    assert [each["id"] for each in town.call("list_sanctions", by)["items"]] == [made["id"]]
    assert [each["id"] for each in town.call("list_sanctions", FINANCE, body_ref=by.body_ref)["items"]] == [
        made["id"]
    ]
    assert town.call("list_sanctions", provider("other"), body_ref=by.body_ref)["items"] == []
    town.running.clock.advance_to(town.now + timedelta(days=32))
    assert town.advance(by, project)["status"] == "computed"


def test_a_sanction_is_lifted_by_another_hand_and_stays_on_the_record(town: Town) -> None:
    by = town.provider()
    project, _id = town.training(by, town.people(1))
    until = (town.now + timedelta(days=30)).date().isoformat()
    sanction = {"body_ref": by.body_ref, "ground": "fraud", "measure": "claims_barred", "until": until}
    made = town.call("record_sanction", SUPERVISOR, **sanction, reason="虚假签到")
    assert (made["status"], made["lifted_by"], made["lift_reason"]) == ("recorded", None, None)
    lift = {"sanction_id": made["id"], "reason": "申诉成立，签到属实"}
    assert refused(town, "lift_sanction", SUPERVISOR, **lift).code == "settlement.other_hand"
    assert refused(town, "lift_sanction", FAR, **lift).code == "region.forbidden"
    assert refused(town, "lift_sanction", FIRST, **lift).code == "role.forbidden"
    assert refused(town, "lift_sanction", by, **lift).code == "role.forbidden"
    assert refused(town, "lift_sanction", SUPERVISOR2, **lift | {"reason": ""}).code == "invalid"
    assert refused(town, "submit_claim", by, kind="project_advance", project_id=project).code == (
        "settlement.sanctioned"
    )
    both = [lambda who=who: town.call("lift_sanction", who, **lift) for who in (SUPERVISOR2, SUPERVISOR3)]
    assert codes(at_once(both)) == ["out_of_order"]
    told = list(town.db.outbox.find({"type": "settlement.sanction.lifted", "subject": made["id"]}))
    assert [row["event"]["data"]["reason"] for row in told] == [lift["reason"]]
    (shown,) = town.call("list_sanctions", by)["items"]
    assert (shown["status"], shown["lift_reason"]) == ("lifted", lift["reason"])
    assert shown["lifted_by"] in (SUPERVISOR2.account, SUPERVISOR3.account)
    assert town.advance(by, project)["status"] == "computed"


def test_a_bar_stops_the_claims_that_are_under_way(town: Town) -> None:
    town.budget(BUDGET)
    by, other = town.provider(), town.provider()
    claims = [town.advance(who, town.training(who, town.people(1))[0]) for who in (by, by, by, other)]
    back, computed, ready, clean = [each["id"] for each in claims]
    for id in (back, ready, clean):
        town.step("accept_claim", FIRST, id)
    town.step("send_back_claim", FIRST, back)
    for id in (ready, clean):
        town.step("first_review", FIRST, id)
        town.step("second_review", SECOND, id)
        until = town.step("publish_notice", SECOND, id)["notice_until"]
    town.running.clock.advance_to(max(datetime.fromisoformat(until), town.now))
    for id in (ready, clean):
        town.step("request_funds", SECOND, id)
        town.step("finance_review", FINANCE, id)
    bar = {"body_ref": by.body_ref, "ground": "fraud", "measure": "claims_barred", "reason": "虚假签到"}
    until = (today_in_shanghai(town.now) + timedelta(days=30)).isoformat()
    made = town.call("record_sanction", SUPERVISOR, **bar, until=until)
    # the notice may have run into another year
    town.budget(BUDGET)
    before = list(town.db.fund_accounts.find())
    for method, actor, id in (
        ("resubmit_claim", by, back),
        ("resubmit_claim", by, computed),
        ("accept_claim", FIRST, computed),
        ("order_payment", PAYMENT, ready),
    ):
        refusal = refused(town, method, actor, claim_id=id, reason="理由")
        assert (method, refusal.code, refusal.facts.get("until")) == (method, "settlement.sanctioned", until)
    assert [town.status(id) for id in (back, computed, ready)] == [
        "sent_back",
        "computed",
        "finance_reviewed",
    ]
    assert list(town.db.fund_accounts.find()) == before
    assert town.db.payments.count_documents({"claim_id": ready}) == 0
    # another body's goes on
    assert town.step("order_payment", PAYMENT, clean)["status"] == "ordered"
    town.call("lift_sanction", SUPERVISOR2, sanction_id=made["id"], reason="申诉成立")
    assert town.step("resubmit_claim", by, back)["status"] == "computed"
    assert town.step("accept_claim", FIRST, computed)["status"] == "accepted"
    assert town.step("order_payment", PAYMENT, ready)["status"] == "ordered"
    town.sound()
