import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.clock import real_now
from services.chassis.outside import Answered, OutsideSystem, OutsideUnavailable, Refused
from services.chassis.outside_bank import PAYER, Bank, Payment, Statement
from tests.support.standin import IMPATIENT, TOKEN, StandIn

OPEN, CLOSED = "622200000000000017", "622200000000000000"


def send(
    bank: Bank, instruction: str = "i1", account: str = OPEN, fen: int = 150_000, payer: str = PAYER
) -> Payment:
    answer = bank.pay(instruction, account, "示例甲", fen, "培训补贴", payer)
    assert isinstance(answer, Answered), answer
    return answer.value


def books(bank: Bank, payer: str = PAYER) -> Statement:
    today = today_in_shanghai(real_now())
    answer = bank.statement(payer, today - timedelta(days=1), today + timedelta(days=1))
    assert isinstance(answer, Answered), answer
    return answer.value


def refusal(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.code


def test_paid_and_on_the_statement_to_the_fen(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 1_000_001})
    payment = send(bank, fen=999_999, payer="10000001")
    assert (payment.status, payment.amount_fen, payment.reason) == ("paid", 999_999, None)
    statement = books(bank, "10000001")
    assert (statement.opening_fen, statement.closing_fen) == (1_000_001, 2)
    assert [(line.instruction_id, line.amount_fen) for line in statement.lines] == [("i1", -999_999)]


def test_a_closed_account_is_accepted_first_and_returned_later(tmp_path: Path) -> None:
    standin = StandIn(tmp_path, WUDAN_STANDIN_SETTLE_SECONDS="0.6")
    standin.start()
    try:
        bank = Bank(OutsideSystem("bank", f"{standin.url}/bank", TOKEN, patience=IMPATIENT))
        assert send(bank, account=CLOSED).status == "accepted"
        assert [line.kind for line in books(bank).lines] == ["payment"]

        def returned() -> bool:
            answer = bank.status("i1")
            assert isinstance(answer, Answered)
            return (answer.value.status, answer.value.reason) == ("returned", "AC04")

        eventually(returned)
        statement = books(bank)
        assert [(line.kind, line.reason) for line in statement.lines] == [
            ("payment", None),
            ("return", "AC04"),
        ]
        assert statement.opening_fen == statement.closing_fen
    finally:
        standin.kill()


def eventually(probe: Callable[[], bool], seconds: float = 10) -> None:
    ended = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if probe():
            return
        ended.wait(0.05)
    raise AssertionError("it did not come")


def test_the_same_instruction_with_other_content_is_refused_and_changes_nothing(bank: Bank) -> None:
    send(bank)
    before = books(bank)
    assert refusal(bank.pay("i1", OPEN, "示例甲", 150_001, "培训补贴")) == "instruction_conflict"
    assert refusal(bank.pay("i1", CLOSED, "示例甲", 150_000, "培训补贴")) == "instruction_conflict"
    assert send(bank).status == "paid"
    assert books(bank) == before


def test_what_the_bank_refuses(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 100})
    assert refusal(bank.pay("a", "12AB", "示例甲", 1, "x")) == "account_invalid"
    assert refusal(bank.pay("b", OPEN, "示例甲", 0, "x")) == "amount_invalid"
    assert refusal(bank.pay("c", OPEN, "示例甲", -5, "x")) == "amount_invalid"
    assert refusal(bank.pay("d", OPEN, "示例甲", 1, "x", "99999999")) == "payer_unknown"
    assert refusal(bank.pay("e", OPEN, "示例甲", 101, "x", "10000001")) == "insufficient_funds"
    assert refusal(bank.pay("f", OPEN, "", 1, "x")) == "body_invalid"
    assert refusal(bank.statement(PAYER, date(2026, 2, 1), date(2026, 1, 1))) == "body_invalid"
    assert books(bank).lines == ()
    unknown = bank.status("a")
    assert isinstance(unknown, Answered)
    assert unknown.value == Payment("a", "unknown")


def test_statements_of_neighbouring_days_join(bank: Bank, standin: StandIn) -> None:
    for number, on in enumerate(("2026-01-31", "2026-02-01", "2026-02-01", "2026-02-28", "2026-03-01")):
        body = {"instruction_id": f"s{number}", "payer": PAYER, "account": CLOSED if number == 2 else OPEN}
        body |= {"account_name": "示例甲", "amount_fen": "", "purpose": "x", "requested_on": on}
        assert standin.post("/bank/payments", {**body, "amount_fen": 10 + number}).ok
    months = [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))]
    january, february = (bank.statement(PAYER, *month) for month in months)
    assert isinstance(january, Answered)
    assert isinstance(february, Answered)
    assert january.value.closing_fen == february.value.opening_fen
    assert [line.amount_fen for line in february.value.lines] == [-11, -12, 12, -13]


def test_fifty_identical_instructions_at_once_are_booked_once(bank: Bank) -> None:
    gate = threading.Barrier(50)

    def one(_: int) -> Payment:
        gate.wait(20)
        return send(bank, "same", fen=777)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert {answer.status for answer in answers} == {"paid"}
    assert [line.amount_fen for line in books(bank).lines] == [-777]


def test_parallel_payments_never_overdraw(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 1000})
    gate = threading.Barrier(20)

    def one(number: int) -> str:
        gate.wait(20)
        answer = bank.pay(f"p{number}", OPEN, "示例甲", 100, "x", "10000001")
        return answer.value.status if isinstance(answer, Answered) else answer.code

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(one, range(20)))
    assert outcomes == ["insufficient_funds"] * 10 + ["paid"] * 10
    assert books(bank, "10000001").closing_fen == 0


def test_a_lost_answer_is_settled_by_asking_and_never_pays_twice(bank: Bank, standin: StandIn) -> None:
    standin.fault("bank", "lost", remaining=3)
    with pytest.raises(OutsideUnavailable):
        send(bank)
    answer = bank.status("i1")
    assert isinstance(answer, Answered)
    assert answer.value.status == "paid"
    assert send(bank).status == "paid"
    assert len(books(bank).lines) == 1


def test_sigkill_between_payments_loses_and_doubles_nothing(bank: Bank, standin: StandIn) -> None:
    """Twenty senders repeat until they have an answer while the bank is killed three times."""
    done: list[str] = []
    lock = threading.Lock()

    def until_answered(number: int) -> None:
        for _ in range(400):
            try:
                for step in range(20):
                    send(bank, f"k{number}-{step}", fen=100 + number)
            except OutsideUnavailable:
                threading.Event().wait(0.05)
                continue
            with lock:
                done.append(str(number))
            return

    with ThreadPoolExecutor(20) as pool:
        work = [pool.submit(until_answered, number) for number in range(20)]
        for _ in range(3):
            assert len(done) < 20, "all was paid before the kill: the test shows nothing"
            seen = standin.asked("bank")
            eventually(lambda seen=seen: standin.asked("bank") > seen + 5 or len(done) == 20)  # type: ignore[misc]
            standin.kill()
            standin.start()
        for each in work:
            each.result(120)
    assert len(done) == 20
    lines = books(bank).lines
    assert len(lines) == 400
    assert len({line.instruction_id for line in lines}) == 400
    assert sum(line.amount_fen for line in lines) == -20 * sum(100 + number for number in range(20))


def test_sigterm_ends_it_at_once(tmp_path: Path) -> None:
    standin = StandIn(tmp_path)
    standin.start()
    assert standin.kill(signal.SIGTERM) == 0
