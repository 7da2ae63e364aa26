"""What debtors pay in, on the bank's statement: booked where it names its recovery, else listed."""

from typing import Any

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.settlement.store.bookings import mark_strangers
from tests.integration.settlement.books import AUDITOR, OTHER_CITY, answering, refused  # noqa: F401
from tests.integration.settlement.statements import (
    OTHER_FINANCE,
    balanced,
    credit,
    decide,
    following,
    holding,
    lines_of_a_paid_claim,
    named_in,
    propose,
    receipts_named,
    settle,
    shown,
    stored,
    unknown_to_the_books,
    waiting,
    with_texts,
)
from tests.integration.settlement.test_bank_files import (
    BUDGET,
    EACH_FEN,
    PAID,
    bring,
    everything,
    lines_of,
    living_costs,
    receipt,
    statement,
)
from tests.integration.settlement.world import COUNTY, DAY, FINANCE, PAYMENT, SUPERVISOR, Town, officer
from tests.support.services import wait_for

START_FEN = 100_000_00
LEFT_FEN = START_FEN - 3 * EACH_FEN
# after the statements of the first two tests
BALANCE_FEN = LEFT_FEN + 60_00 + 2 * EACH_FEN + 100_00 + 51_00


@pytest.fixture(scope="module")
def demanded(town: Town) -> tuple[list[str], list[str]]:
    """Three people of a paid claim owe all of it back: their recoveries, and their payments' instructions."""
    town.budget(BUDGET)
    claim = living_costs(town, 3)
    lines = lines_of(town, claim)
    bring(town, receipt(lines, today_in_shanghai(town.now), PAID, PAID, PAID))
    order = {"claim_id": claim, "ground": "not_eligible", "reason": "核查不符合条件"}
    made = town.call("order_recovery", SUPERVISOR, **order)["items"]
    return [each["id"] for each in made], [f"{line['_id']}:{line['attempt']}" for line in lines]


def test_credits_that_name_a_recovery_are_booked_once(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    (first, second, third), instructions = demanded
    today = today_in_shanghai(town.now)
    debits = [(f"E{n}", today, each, "借", EACH_FEN, "") for n, each in enumerate(instructions)]
    credits = [
        credit("C1", today, 60_00),
        credit("C2", today, EACH_FEN, second),
        credit("2026/C.3", today, EACH_FEN),
        credit("C4", today, 100_00),
    ]
    came_in = 60_00 + 2 * EACH_FEN + 100_00
    file = statement(today - 90 * DAY, today, START_FEN, LEFT_FEN + came_in, *debits, *credits)
    file = with_texts(file, {"C1": f"示例甲 追回{first}", "C4": f"追回：{first}"})
    assert bring(town, file, "statement")["bookings"] == 7
    one, two = shown(town, first), shown(town, second)
    assert (one["outstanding_fen"], one["status"]) == (EACH_FEN - 60_00, "ordered")
    assert [(each["kind"], each["reference"], each["by"], each["day"]) for each in one["movements"]] == [
        ("receipt", "C1", PAYMENT.account, today.isoformat())
    ]
    assert (two["outstanding_fen"], two["status"]) == (0, "settled")
    # C4 is more than is left, C.3 names nobody: an officer looks at them
    assert waiting(town) == {"C4": [first], "2026/C.3": sorted([first, third])}
    assert unknown_to_the_books(town) == EACH_FEN + 100_00
    # of what the payer wrote the id alone is kept
    assert "示例甲" not in str(town.db.bank_lines.find_one({"_id": "C1"}))
    before = everything(town)
    with pytest.raises(Refusal, match="bank_file_known"):
        bring(town, file, "statement")
    assert everything(town) == before

    taken = {
        "recovery_id": third,
        "bank_reference": "2026/C.3",
        "amount_fen": EACH_FEN,
        "received_on": today.isoformat(),
    }
    for wrong in ({"amount_fen": EACH_FEN - 1}, {"received_on": (today - DAY).isoformat()}):
        refusal = refused(town, "record_receipt", FINANCE, **taken | wrong)
        assert (refusal.code, refusal.facts["amount_fen"]) == ("settlement.receipt_differs", EACH_FEN)
    replay = taken | {"recovery_id": first, "bank_reference": "C1", "amount_fen": 60_00}
    assert refused(town, "record_receipt", FINANCE, **replay).code == "settlement.receipt_replayed"
    assert town.call("record_receipt", FINANCE, **taken)["status"] == "settled"
    assert waiting(town) == {"C4": [first]}
    matched = town.call("list_credits", AUDITOR, matched=True)["items"]
    assert {each["id"]: each["recovery_id"] for each in matched} == {
        "C1": first,
        "C2": second,
        "2026/C.3": third,
    }
    assert unknown_to_the_books(town) == 100_00
    assert balanced(town) == {("C4", 100_00)}
    town.sound()


def test_what_was_recorded_by_hand_is_not_booked_again(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    first = demanded[0][0]
    left = shown(town, first)["outstanding_fen"]
    town.running.clock.advance_to(town.now + DAY)
    today = today_in_shanghai(town.now)
    by_hand = {"recovery_id": first, "amount_fen": 20_00, "received_on": today.isoformat()}
    town.call("record_receipt", FINANCE, **by_hand, bank_reference="C5")
    town.call("record_receipt", FINANCE, **by_hand | {"amount_fen": 30_00}, bank_reference="HD-1")
    # C5 is that receipt; C6 may be the one of HD-1 under the bank's number; C7 is another region's
    credits = [
        credit("C5", today, 20_00, first),
        credit("2026/C.6", today, 30_00, first),
        credit("C7", today, 1_00, first),
    ]
    opening = LEFT_FEN + 60_00 + 2 * EACH_FEN + 100_00
    file = statement(today, today, opening, BALANCE_FEN, *credits)
    bring(town, file, "statement", who=officer("payment_officer", "-sister", "370602"))
    assert shown(town, first)["outstanding_fen"] == left - 50_00
    assert waiting(town) == {"C7": [first], "2026/C.6": [first], "C4": [first]}
    listed = town.call("list_credits", AUDITOR, limit=2)
    assert [each["id"] for each in listed["items"]] == ["C7", "C5"]
    rest = town.call("list_credits", AUDITOR, limit=2, cursor=listed["next"])["items"]
    assert [each["id"] for each in rest] == ["2026/C.6", "C4"]
    town.sound()


def test_a_receipt_that_the_bank_booked_as_another_amount_stays_named(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    first = demanded[0][0]
    left, unknown = shown(town, first)["outstanding_fen"], unknown_to_the_books(town)
    town.running.clock.advance_to(town.now + DAY)
    today = today_in_shanghai(town.now)
    typed = {"recovery_id": first, "amount_fen": 5_00, "bank_reference": "C8"}
    town.call("record_receipt", FINANCE, **typed, received_on=today.isoformat())
    typed |= {"amount_fen": 2_00, "bank_reference": "C9"}
    town.call("record_receipt", FINANCE, **typed, received_on=(today - DAY).isoformat())
    credits = [credit("C8", today, 50, first), credit("C9", today, 2_00, first)]
    file = statement(today, today, BALANCE_FEN, BALANCE_FEN + 2_50, *credits)
    bring(town, file, "statement")
    # neither booked again nor taken for what was typed
    assert shown(town, first)["outstanding_fen"] == left - 7_00
    assert {"C8", "C9"} <= set(waiting(town))
    assert unknown_to_the_books(town) == unknown + 2_50
    assert receipts_named(town) == {
        "C8": ("receipt_amount", -4_50),
        "C9": ("receipt_amount", 0),
        "HD-1": ("receipt_not_at_bank", -30_00),
    }
    assert balanced(town) >= {("C8", 50), ("C8", 5_00), ("C9", 2_00), ("HD-1", 30_00)}
    town.sound()


def test_a_receipt_that_was_typed_wrong_is_corrected_by_another_hand(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    first, before, entries = demanded[0][0], town.account(), town.db.entries.count_documents({})
    left = shown(town, first)["outstanding_fen"]
    asked = {"recovery_id": first, "bank_reference": "C8", "amount_fen": 50, "reason": "金额录入有误"}
    assert refused(town, "correct_receipt", FINANCE, **asked).code == "settlement.other_hand"
    for wrong, code in (
        ({"bank_reference": "C99"}, "not_found"),
        ({"recovery_id": demanded[0][1]}, "not_found"),
        ({"amount_fen": 51}, "settlement.receipt_differs"),
    ):
        assert refused(town, "correct_receipt", OTHER_FINANCE, **asked | wrong).code == code
    found = town.call("correct_receipt", OTHER_FINANCE, **asked)
    assert found["outstanding_fen"] == left + 4_50
    made = [(each["kind"], each["amount_fen"], each["reference"]) for each in found["movements"][-2:]]
    assert made == [("reversal", 5_00, "C8"), ("receipt", 50, "C8")]
    # both postings stand beside the one that was wrong
    after = town.account()
    assert town.db.entries.count_documents({}) == entries + 2
    assert (after["due_fen"] - before["due_fen"], after["available_fen"] - before["available_fen"]) == (
        4_50,
        -4_50,
    )
    day = {"bank_reference": "C9", "amount_fen": 2_00, "received_on": today_in_shanghai(town.now).isoformat()}
    town.call("correct_receipt", OTHER_FINANCE, **asked | day)
    assert receipts_named(town).keys() == {"HD-1"}
    assert not {"C8", "C9"} & set(waiting(town))
    (kept,) = town.db.recovery_receipts.find({"reversed.reference": "C8"})
    assert (kept["amount_fen"], kept["reversed"]["by"]) == (5_00, OTHER_FINANCE.account)
    town.sound()


def test_a_receipt_of_another_reference_is_matched_to_its_booking(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    first, second, _ = demanded[0]
    before = shown(town, first)
    found = {
        "recovery_id": first,
        "bank_reference": "2026/C.6",
        "amount_fen": 30_00,
        "received_on": (today_in_shanghai(town.now) - DAY).isoformat(),
        "recorded_as": "HD-1",
    }
    for wrong, code in (
        ({"recorded_as": "HD-9"}, "not_found"),
        ({"recovery_id": second}, "not_found"),
        ({"bank_reference": "2026/C.99"}, "not_found"),
        ({"amount_fen": 30_01}, "settlement.receipt_differs"),
        ({"bank_reference": "C7", "amount_fen": 1_00}, "settlement.receipt_differs"),
        ({"bank_reference": "C5"}, "settlement.receipt_replayed"),
        ({"recorded_as": "C5"}, "settlement.receipt_replayed"),
    ):
        assert refused(town, "record_receipt", FINANCE, **found | wrong).code == code
    assert town.call("record_receipt", FINANCE, **found)["movements"] == before["movements"]
    assert shown(town, first)["outstanding_fen"] == before["outstanding_fen"]
    assert "HD-1" not in receipts_named(town)
    assert "2026/C.6" not in waiting(town)
    # nor is it taken for another receipt
    assert refused(town, "record_receipt", FINANCE, **found).code == "settlement.receipt_replayed"
    again = {name: value for name, value in found.items() if name != "recorded_as"}
    assert refused(town, "record_receipt", FINANCE, **again).code == "settlement.receipt_replayed"
    town.sound()


def test_a_payment_that_comes_back_after_it_was_demanded_is_received(town: Town) -> None:
    whole, parts, less, asked = came_back = lines_of_a_paid_claim(town, 4)
    orders = [
        [{"person_ref": whole["payee_ref"]}, {"person_ref": parts["payee_ref"], "amount_fen": 100_00}],
        [{"person_ref": parts["payee_ref"]}, {"person_ref": less["payee_ref"], "amount_fen": 60_00}],
        [{"person_ref": asked["payee_ref"]}],
    ]
    about = {"claim_id": whole["claim_id"], "ground": "not_eligible", "reason": "核查不符合条件"}
    made = [
        each
        for people in orders
        for each in town.call("order_recovery", SUPERVISOR, **about, people=people)["items"]
    ]
    owed = {
        line["_id"]: [each["id"] for each in made if each["payee_ref"] == line["payee_ref"]]
        for line in came_back
    }
    # an officer has heard of it before the statement shows it
    today = today_in_shanghai(town.now)
    by_hand = {"recovery_id": owed[asked["_id"]][0], "amount_fen": EACH_FEN, "received_on": today.isoformat()}
    town.call("record_receipt", FINANCE, **by_hand, bank_reference="R3")
    before = town.account()
    instructions = [f"{line['_id']}:{line['attempt']}" for line in came_back]
    debits = [(f"P{n}", today, each, "借", EACH_FEN, "") for n, each in enumerate(instructions)]
    returns = [(f"R{n}", today, each, "贷", EACH_FEN, "AC04") for n, each in enumerate(instructions)]
    brought = bring(town, following(town, *debits, *returns), "statement")
    assert (brought["bookings"], brought["returned"]) == (8, 4)
    after = town.account()
    assert (before["due_fen"] - after["due_fen"], after["paid_fen"]) == (
        2 * EACH_FEN + 60_00,
        before["paid_fen"],
    )
    assert after["available_fen"] - before["available_fen"] == 2 * EACH_FEN + 60_00
    taken = {
        id: [(each["amount_fen"], each["reference"]) for each in shown(town, id)["movements"]]
        for ids in owed.values()
        for id in ids
    }
    assert [taken[id] for id in owed[whole["_id"]]] == [[(EACH_FEN, "R0")]]
    assert sorted(taken[id] for id in owed[parts["_id"]]) == [[(50_00, "R1")], [(100_00, "R1")]]
    assert [taken[id] for id in owed[asked["_id"]]] == [[(EACH_FEN, "R3")]]
    # more came back than was owed: the rest is held for the payee
    assert [taken[id] for id in owed[less["_id"]]] == [[(60_00, "R2")]]
    (held,) = town.call("list_suspense", AUDITOR)["items"]
    assert (held["kind"], held["status"], held["entry"]) == ("receipt", "booked", "R2")
    assert (held["left_fen"], held["recovery_id"]) == (EACH_FEN - 60_00, owed[less["_id"]][0])
    ids = {line["_id"] for line in came_back}
    differences = town.call("reconcile", AUDITOR)["differences"]
    assert [each for each in differences if each["about"] in ids] == []
    assert "claim_recovered" not in {each["kind"] for each in differences}
    replay = {"recovery_id": owed[less["_id"]][0], "amount_fen": 60_00, "received_on": today.isoformat()}
    # settled: nothing more can be received of it
    assert refused(town, "record_receipt", FINANCE, **replay, bank_reference="R2").code in (
        "settlement.receipt_replayed",
        "out_of_order",
    )
    town.sound()


def test_what_is_no_funds_is_booked_and_settled_by_two_hands(
    town: Town, demanded: tuple[list[str], list[str]]
) -> None:
    first, today = demanded[0][0], today_in_shanghai(town.now + DAY)
    town.running.clock.advance_to(town.now + DAY)
    drawn = [("FEE1", today, "", "借", 3_50, ""), ("G1", today, "", "借", EACH_FEN - 60_00, "")]
    drawn += [("G2", today, "", "借", 62_50, ""), ("M1", today, "", "贷", 3_50, "")]
    bring(town, following(town, *drawn), "statement")
    assert {"FEE1", "G1", "G2"} <= holding(town)
    fee, credit = (propose(town, entry) for entry in ("FEE1", "C4"))
    assert (fee["kind"], credit["kind"], fee["status"]) == ("fee", "receipt", "proposed")
    again = refused(town, "propose_suspense", FINANCE, entry="FEE1", reason="再次提出")
    assert (again.code, again.facts["item"]) == ("settlement.suspense_known", fee["id"])
    of_ours = refused(town, "propose_suspense", FINANCE, entry="P1", reason="本系统付款")
    assert of_ours.code == "not_found"
    # proposed is not booked
    assert "FEE1" in holding(town)
    own = refused(town, "decide_suspense", FINANCE, suspense_id=fee["id"], agreed=True, reason="自行复核")
    assert own.code == "settlement.suspense_same_hand"
    assert decide(town, fee)["status"] == decide(town, credit)["status"] == "booked"
    assert holding(town) & {"FEE1", "G1", "G2"} == {"G1", "G2"}
    assert "C4" not in waiting(town)
    # what is left of a recovery is received of what is held, the rest given back
    owed = shown(town, first)["outstanding_fen"]
    settle(town, credit, "recovered", first)
    assert (shown(town, first)["status"], owed) == ("settled", 37_50)
    assert settle(town, credit, "given_back", "G2")["status"] == "settled"
    (held,) = [each for each in town.call("list_suspense", AUDITOR)["items"] if each["entry"] == "R2"]
    wrong = {"suspense_id": held["id"], "reason": "退还"}
    for about, code in (
        ({"way": "made_good", "about": "M1"}, "settlement.suspense_way"),
        ({"way": "given_back", "about": "M1"}, "settlement.suspense_too_much"),
        ({"way": "given_back", "about": "G9"}, "not_found"),
    ):
        assert refused(town, "settle_suspense", FINANCE, **wrong | about).code == code
    assert settle(town, held, "given_back", "G1")["status"] == "settled"
    assert settle(town, fee, "made_good", "M1")["left_fen"] == 0
    assert holding(town) & {"FEE1", "G1", "G2"} == set()
    names = ("held", "fees", "suspense_bank")
    checked = town.call("check_books", AUDITOR)
    (suspense,) = [each for each in checked["chains"] if each["account_id"].startswith("suspense:")]
    sums = {each["account"]: each["amount_fen"] for each in suspense["sums"]}
    assert (checked["sound"], [sums[name] for name in names]) == (True, [0, 0, 0])
    # two bookings and four settlements, and what came back too much
    assert suspense["entries"] == 7
    assert not {"FEE1", "G1", "G2", "C4", "R2"} & {about for about, _ in balanced(town)}
    town.sound()


def test_what_is_refused_can_be_proposed_again(town: Town) -> None:
    item = propose(town, "C7")
    assert decide(town, item, agreed=False)["status"] == "refused"
    late = refused(town, "decide_suspense", OTHER_FINANCE, suspense_id=item["id"], agreed=True, reason="同意")
    assert late.code == "out_of_order"
    assert "C7" in waiting(town)
    again = propose(town, "C7")
    assert again["id"] != item["id"]
    decide(town, again, agreed=False)


def test_what_a_stranger_drew_is_stored_each_day_and_holds_its_month(town: Town) -> None:
    town.running.clock.advance_to(town.now + DAY)
    today = today_in_shanghai(town.now)
    drawn = ("U1", today, "ELSEWHERE-1", "借", 7_00, "")
    bring(town, following(town, drawn, credit("U0", today, 1_00)), "statement")
    town.running.clock.advance_to((town.now.replace(day=1) + 33 * DAY).replace(day=3, hour=2))
    bring(town, following(town), "statement")
    account = town.db.payments.find_one()["fund_account"]
    month = {"account_id": account, "month": today.isoformat()[:7]}

    def held() -> dict[str, Any] | None:
        found = town.db.months.find_one({**month, "ready": True, "stale": False}) or {"statement": None}
        return named_in(found["statement"], "ELSEWHERE-1")

    difference = wait_for(held, 60, "a statement with what was drawn")
    assert (difference["kind"], difference["amount_fen"], difference["holds"]) == ("bank_unknown", 7_00, True)

    def of_the_bank() -> dict[str, Any] | None:
        return next((row for row in stored(town, AUDITOR) if named_in(row, "ELSEWHERE-1")), None)

    row = wait_for(of_the_bank, 60, "a reconciliation of the payer's account that names it")
    assert row["agrees"] is False
    assert named_in(row, "U0")["amount_fen"] == -1_00
    assert stored(town, officer("auditor", region=COUNTY)) == []
    # bookings of before it was kept whose they are
    whose = {doc["_id"]: doc["stranger"] for doc in town.db.bank_lines.find()}
    town.db.bank_lines.update_many({}, {"$unset": {"stranger": ""}})
    mark_strangers(town.db)
    assert {doc["_id"]: doc["stranger"] for doc in town.db.bank_lines.find()} == whose
    # the bank takes it back
    town.running.clock.advance_to(town.now + DAY)
    back = ("U2", today_in_shanghai(town.now), "ELSEWHERE-1", "贷", 7_00, "AC04")
    bring(town, following(town, back), "statement")

    def cleared() -> bool:
        return named_in(town.db.months.find_one(month)["statement"], "ELSEWHERE-1") is None

    wait_for(cleared, 60, "a statement without it")


def test_who_sees_what_was_paid_in(town: Town) -> None:
    assert refused(town, "list_credits", OTHER_CITY).code == "region.forbidden"
    assert refused(town, "list_credits", officer("first_reviewer")).code == "role.forbidden"
    assert refused(town, "list_credits", AUDITOR, cursor="2026-01-01a").field == "cursor"
