"""Bank, ledger and claims: when they agree, and what each difference is called."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.settlement.domain import funds, payments
from services.settlement.domain.ledger import Cause, Entry
from services.settlement.domain.payments import PaymentLine, new_line
from services.settlement.domain.reconcile import BankLine, Books, Difference, compare, strangers

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
FUND = "employment_subsidy:370611:2026"


def paid_line(number: int, fen: int) -> PaymentLine:
    sent = payments.sent(
        new_line(f"c-{number}", "c", FUND, "person", f"p{number}", fen), f"c-{number}:1", 1, NOW
    )
    assert sent is not None
    paid = payments.paid(sent, f"c-{number}:1", date(2026, 3, 20), NOW)
    assert paid is not None
    return paid


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
        BankLine("1-P", "c-1", -100),
        BankLine("2-P", "c-2", -50),
        BankLine("2-R", "c-2", 50),
        BankLine("3-P", "c-2", -50),
    ]
    return Books(account, entries, lines, bank, {"c": 150})


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
        (lambda b: replace(b, claims={"c": 149}), ("claim_sum", "c", -1)),
        (lambda b: replace(b, claims={"c": 150, "d": 5}), ("claim_sum", "d", 5)),
        (
            lambda b: replace(b, lines=[replace(b.lines[0], status="sent"), b.lines[1]]),
            ("line_status", "c-1", 100),
        ),
        (lambda b: replace(b, account=replace(b.account, paid_fen=151)), ("account_sums", "paid", 1)),
        (lambda b: replace(b, entries=b.entries[:-1]), ("claim_sum", "c", 50)),
        (
            lambda b: replace(b, entries=[replace(b.entries[0], reason="改"), *b.entries[1:]]),
            ("chain", f"{FUND} entry 1 was changed after it was posted", 0),
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
    found = strangers([BankLine("1-P", "c-1", -100), BankLine("9-P", "other", -5)], {"c-1"})
    assert found == [Difference("bank_unknown", None, "other", 5)]
    assert all(found[0].words)
