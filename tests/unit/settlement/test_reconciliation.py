"""Bank, ledger and claims: when they agree, and what each difference is called."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.settlement.domain import funds, payments
from services.settlement.domain.differences import Difference
from services.settlement.domain.ledger import Cause, Entry
from services.settlement.domain.payments import PaymentLine, new_line
from services.settlement.domain.reconcile import (
    BankLine,
    Books,
    ClaimSums,
    FinanceBalance,
    Period,
    compare,
    strangers,
)

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
FUND = "employment_subsidy:370611:2026"


def paid_line(number: int, fen: int) -> PaymentLine:
    line = new_line(f"c-{number}", "c", FUND, "person", f"p{number}", fen)
    return replace(line, status="paid", sent_at=NOW, settled_at=NOW, paid_on=DAY)


def sound() -> Books:
    """Two lines paid, of 100 and 50 fen; the second came back once before."""
    account = funds.opened("employment_subsidy", "370611", 2026)
    entries: list[Entry] = []
    change = funds.set_budget(account, 1000, NOW, Cause("set_budget", "finance", "预算"))
    assert change is not None
    account = change[0]
    entries.append(change[1])
    for step in (funds.encumber, funds.order):
        account, entry = step(account, 150, NOW, Cause("step", "officer", "理由", "c"))
        entries.append(entry)
    lines = [paid_line(1, 100), replace(paid_line(2, 50), attempt=2)]
    for line in lines:
        account, entry = funds.pay(account, line.amount_fen, NOW, Cause("pay", "bank", "付", "c", line.id))
        entries.append(entry)
    bank = [
        BankLine("1-P", "c-1", -100, DAY),
        BankLine("2-P", "c-2", -50, DAY),
        BankLine("2-R", "c-2", 50, DAY),
        BankLine("3-P", "c-2", -50, DAY),
    ]
    return Books(account, entries, lines, bank, {"c": ClaimSums(paid=150)})


def kinds(books: Books) -> list[tuple[str, str, int]]:
    return [(each.kind, each.about, each.amount_fen) for each in compare(books).differences]


def test_sound_books_agree_to_the_fen() -> None:
    agreement = compare(sound())
    assert agreement.differences == ()
    assert (agreement.bank_fen, agreement.ledger_fen, agreement.claims_fen) == (150, 150, 150)


def test_an_account_with_a_budget_alone_agrees() -> None:
    books = sound()
    change = funds.set_budget(
        funds.opened("employment_subsidy", "370611", 2026), 7, NOW, Cause("b", "f", "预算")
    )
    assert change is not None
    assert compare(Books(change[0], [change[1]], [], [], {})).differences == ()
    assert kinds(replace(books, entries=[], lines=[], bank=[], claims={}))[0][0] == "chain"


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lambda b: replace(b, bank=b.bank[1:]), ("ledger_only", "c-1", -100)),
        (lambda b: replace(b, bank=[*b.bank, BankLine("4-P", "c-1", -100)]), ("amount", "c-1", 100)),
        (lambda b: replace(b, bank=[*b.bank, BankLine("4-P", "c-9", -7)]), ("bank_only", "c-9", 7)),
        (lambda b: replace(b, claims={"c": ClaimSums(paid=149)}), ("claim_sum", "c", -1)),
        (
            lambda b: replace(b, claims={"c": ClaimSums(paid=150), "d": ClaimSums(paid=5)}),
            ("claim_sum", "d", 5),
        ),
        (
            lambda b: replace(b, lines=[replace(b.lines[0], status="sent"), b.lines[1]]),
            ("line_status", "c-1", 100),
        ),
        (
            lambda b: replace(b, claims={"c": ClaimSums(paid=150, ordered=3)}),
            ("claim_ordered", "c", 3),
        ),
        (
            lambda b: replace(b, claims={"c": ClaimSums(paid=150), "d": ClaimSums(encumbered=7)}),
            ("claim_encumbered", "d", 7),
        ),
        (
            lambda b: replace(b, claims={"c": ClaimSums(paid=150, recovered=9)}),
            ("claim_recovered", "c", 9),
        ),
        (lambda b: replace(b, claims={"c": ClaimSums(paid=150, offset=8)}), ("claim_offset", "c", 8)),
        (lambda b: replace(b, account=replace(b.account, paid_fen=151)), ("account_sums", "paid", 1)),
        (lambda b: replace(b, entries=b.entries[:-1]), ("claim_sum", "c", 50)),
        (
            lambda b: replace(b, entries=[replace(b.entries[0], reason="改"), *b.entries[1:]]),
            ("chain", "entry 1 changed: its content was changed after it was posted", 0),
        ),
    ],
)
def test_each_difference_has_its_name(harm: object, named: tuple[str, str, int]) -> None:
    assert named in kinds(harm(sound()))  # type: ignore[operator]


def test_what_the_bank_has_debited_and_not_settled_is_in_flight() -> None:
    books = sound()
    waiting = new_line("c-3", "c", FUND, "person", "p3", 30)
    more = replace(books, lines=[*books.lines, waiting], bank=[*books.bank, BankLine("5-P", "c-3", -30)])
    assert kinds(more) == [("in_flight", "c-3", 30)]
    wrong = replace(more, bank=[*books.bank, BankLine("5-P", "c-3", -31)])
    assert kinds(wrong) == [("bank_only", "c-3", 31)]


def test_an_instruction_that_was_never_ours() -> None:
    bank = [
        BankLine("7-P", "back:1", -9, DAY),
        BankLine("7-R", "back:1", 9, date(2026, 4, 1)),
        BankLine("8-P", "", -5, DAY),
        BankLine("9-D", "", 5, DAY),
        BankLine("9-P", "other", -3, date(2026, 4, 1)),
    ]
    debit, credit, later = (
        Difference("bank_unknown", None, "8-P", 5),
        Difference("bank_unknown", None, "9-D", -5),
        Difference("bank_unknown", None, "other", 3),
    )
    assert strangers(bank) == [debit, credit, later]
    assert strangers(bank, MARCH) == [debit, credit]
    assert strangers(bank, APRIL) == [later]
    assert all(debit.words)
    # what somebody paid in waits for its recovery; what was drawn has to be cleared
    assert [each.holds_a_month for each in (debit, credit, later)] == [True, False, True]


MARCH, APRIL = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))
LATER = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)


def paid_in_april() -> Books:
    """Line 3 of 30 fen is paid in April, when the bank has it too; in March it was under way."""
    books = sound()
    account, entries = books.account, list(books.entries)
    for at, step in ((NOW, funds.encumber), (NOW, funds.order), (LATER, funds.pay)):
        line = "c-3" if step is funds.pay else None
        account, entry = step(account, 30, at, Cause("step", "officer", "理由", "c", line))
        entries.append(entry)
    line = replace(paid_line(3, 30), settled_at=LATER, paid_on=LATER.date())
    bank = [*books.bank, BankLine("5-P", "c-3", -30, LATER.date())]
    return Books(account, entries, [*books.lines, line], bank, {"c": ClaimSums(paid=180)})


def test_a_month_is_compared_as_it_was_at_its_end() -> None:
    books = paid_in_april()
    march, april = compare(books, MARCH), compare(books, APRIL)
    assert (march.differences, april.differences) == ((), ())
    assert (march.bank_fen, march.ledger_fen, march.claims_fen) == (150, 150, 150)
    assert (april.bank_fen, april.ledger_fen, april.claims_fen) == (180, 180, 180)
    assert (march.opening["paid"], march.closing["paid"], march.closing["ordered"]) == (0, 150, 30)
    assert april.opening == march.closing
    assert march.entries == len(list(books.entries)) - 1
    assert (march.head.number, april.head) == (march.entries, books.account.head)


@pytest.mark.parametrize(
    ("booked_on", "named", "holds"),
    [
        (date(2026, 3, 31), ("in_flight", "c-3", 30), False),
        (date(2026, 4, 2), None, False),
    ],
)
def test_what_crosses_the_end_of_a_month_is_a_matter_of_time(
    booked_on: date, named: tuple[str, str, int] | None, holds: bool
) -> None:
    books = paid_in_april()
    moved = replace(books, bank=[*books.bank[:-1], BankLine("5-P", "c-3", -30, booked_on)])
    found = compare(moved, MARCH).differences
    assert [(each.kind, each.about, each.amount_fen) for each in found] == ([named] if named else [])
    assert any(each.holds_a_month for each in found) is holds


def returned_in_april(booked_on: date) -> Books:
    """Line 1 of 100 fen, paid in March, came back in April; the bank booked that on a day."""
    books = sound()
    account, entry = funds.unpay_lines(
        books.account, [("c-1", 100)], LATER, Cause("unpay", "bank", "退", "c")
    )
    line = payments.returned(books.lines[0], "c-1:1", "AC04", LATER)
    assert line is not None
    bank = [*books.bank, BankLine("1-R", "c-1", 100, booked_on)]
    claims = {"c": ClaimSums(paid=50, ordered=100)}
    return Books(account, [*books.entries, entry], [line, books.lines[1]], bank, claims)


def test_what_came_back_after_it_was_paid_leaves_both_months_sound() -> None:
    books = returned_in_april(date(2026, 4, 1))
    march, april = compare(books, MARCH), compare(books, APRIL)
    assert (march.differences, april.differences, compare(books).differences) == ((), (), ())
    assert (march.ledger_fen, april.ledger_fen, april.bank_fen) == (150, 50, 50)
    # paid again in April
    account, entry = funds.pay_lines(books.account, [("c-1", 100)], LATER, Cause("pay", "bank", "付", "c"))
    line = replace(books.lines[0], status="paid", settled_at=LATER, paid_on=LATER.date(), attempt=2)
    bank = [*books.bank, BankLine("4-P", "c-1", -100, LATER.date())]
    claims = {"c": ClaimSums(paid=150)}
    again = Books(account, [*books.entries, entry], [line, books.lines[1]], bank, claims)
    assert (compare(again, MARCH).differences, compare(again, APRIL).differences) == ((), ())


def test_a_return_that_the_bank_books_back_into_a_month_does_not_hold_it() -> None:
    books = returned_in_april(date(2026, 3, 31))
    (found,) = compare(books, MARCH).differences
    assert (found.kind, found.about, found.amount_fen) == ("returned_later", "c-1", -100)
    assert all(found.words)
    assert not found.holds_a_month
    assert compare(books, APRIL).differences == ()


def test_a_return_that_was_received_of_a_recovery_leaves_its_line_paid() -> None:
    books = sound()
    back = BankLine("1-R", "c-1", 100, LATER.date())
    assert kinds(replace(books, bank=[*books.bank, back])) == [("ledger_only", "c-1", -100)]
    received = replace(books, bank=[*books.bank, replace(back, recovery_id="r-1")])
    assert [compare(received, each).differences for each in (MARCH, APRIL)] == [(), ()]
    assert compare(received).bank_fen == compare(received).ledger_fen == 150


def test_a_payment_that_the_bank_books_after_the_month() -> None:
    books = sound()
    late = [replace(line, booked_on=date(2026, 4, 1)) for line in books.bank]
    found = compare(replace(books, bank=late), MARCH).differences
    assert [(each.kind, each.amount_fen) for each in found] == [("bank_later", -100), ("bank_later", -50)]
    assert not any(each.holds_a_month for each in found)


@pytest.mark.parametrize(
    ("balance", "named"),
    [
        (850, []),
        (820, [("finance_in_flight", -30)]),
        (-150, [("finance_budget", -1000)]),
        (0, [("finance_day", -850)]),
        (851, [("finance_balance", 1)]),
    ],
)
def test_the_finance_account_against_the_books(balance: int, named: list[tuple[str, int]]) -> None:
    books = sound()
    waiting = new_line("c-3", "c", FUND, "person", "p3", 30)
    under_way = replace(
        books,
        lines=[*books.lines, waiting],
        bank=[*books.bank, BankLine("5-P", "c-3", -30, DAY)],
        finance=FinanceBalance(DAY, balance, "演财库〔2026〕3号"),
    )
    found = [each for each in compare(under_way).differences if each.kind.startswith("finance")]
    assert [(each.kind, each.amount_fen) for each in found] == named
    assert all(each.about == "演财库〔2026〕3号" and not each.holds_a_month for each in found)
