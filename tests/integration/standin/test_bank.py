"""The bank by its files: booked once whatever is sent again, killed or lost, and explained to the fen."""

import base64
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.clock import real_now
from services.chassis.outside import Answered, OutsideSystem, OutsideUnavailable, Refused
from services.chassis.outside_bank import PAYER, Bank
from services.settlement.bank_files import camt053, pain001, pain002, tables
from services.settlement.bank_files.things import Booking, Order, Orders, Outcome, Receipt, Statement
from tests.support.standin import IMPATIENT, TOKEN, StandIn

OPEN, CLOSED = "622200000000000017", "622200000000000000"


def today() -> date:
    return today_in_shanghai(real_now())


def order(instruction: str = "i1", account: str = OPEN, fen: int = 150_000) -> Order:
    return Order(instruction, account, "示例甲", fen)


def file_of(*orders: Order, message: str = "B1", payer: str = PAYER, on: date | None = None) -> Orders:
    return Orders(message, payer, "示例专户", "培训补贴", on or today(), orders)


def offer(bank: Bank, file: Orders) -> Answered[Receipt | None] | Refused:
    content = pain001.write(file, real_now())
    return bank.send_file(file.message_id, "pain.001", content, pain002.read)


def send(bank: Bank, *orders: Order, message: str = "B1", payer: str = PAYER) -> list[Outcome]:
    return outcomes(offer(bank, file_of(*orders, message=message, payer=payer)))


def outcomes(answer: Answered[Receipt | None] | Refused) -> list[Outcome]:
    assert isinstance(answer, Answered), answer
    assert answer.value is not None
    return list(answer.value.outcomes)


def standing(bank: Bank, message: str = "B1") -> list[str]:
    return [outcome.status for outcome in outcomes(bank.receipt(message, pain002.read))]


def page(bank: Bank, payer: str = PAYER, number: int = 1) -> Statement:
    around = timedelta(days=1)
    answer = bank.statement_page(payer, today() - around, today() + around, number, camt053.read)
    assert isinstance(answer, Answered), answer
    return answer.value


def bookings(bank: Bank, payer: str = PAYER) -> list[Booking]:
    found: list[Booking] = []
    for number in range(1, 1000):
        read = page(bank, payer, number)
        found += read.bookings
        if read.last_page:
            return found
    raise AssertionError("a statement without end")


def refusal(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.code


def eventually(probe: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not probe():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_paid_and_on_the_statement_to_the_fen(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 1_000_001})
    (outcome,) = send(bank, order(fen=999_999), payer="10000001")
    assert (outcome.instruction, outcome.status, outcome.amount_fen) == ("i1", "paid", 999_999)
    assert outcome.day == today()
    statement = page(bank, "10000001")
    assert (statement.opening_fen, statement.closing_fen) == (1_000_001, 2)
    assert [(line.instruction, line.amount_fen) for line in statement.bookings] == [("i1", -999_999)]


def test_a_closed_account_is_accepted_first_and_returned_later(tmp_path: Path) -> None:
    standin = StandIn(tmp_path, WUDAN_STANDIN_SETTLE_SECONDS="1.5")
    standin.start()
    try:
        bank = Bank(OutsideSystem("bank", f"{standin.url}/bank", TOKEN, patience=IMPATIENT))
        assert [each.status for each in send(bank, order(account=CLOSED))] == ["accepted"]
        assert [line.kind for line in bookings(bank)] == ["payment"]
        eventually(lambda: standing(bank) == ["returned"])
        assert outcomes(bank.receipt("B1", pain002.read))[0].reason == "AC04"
        statement = page(bank)
        assert [(line.kind, line.reason) for line in statement.bookings] == [
            ("payment", None),
            ("return", "AC04"),
        ]
        assert statement.opening_fen == statement.closing_fen
    finally:
        standin.kill()


def test_a_payment_comes_back_on_a_later_day_on_the_statement_alone(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 500})
    send(bank, order(fen=200), order("i2", fen=100), payer="10000001")
    tomorrow = today() + timedelta(days=1)
    back = {"returns": [{"instruction_id": "i1", "booked_on": tomorrow.isoformat()}]}
    assert standin.post("/admin/returns", back).ok
    assert standin.post("/admin/returns", back).status_code == 422, "it comes back once"
    assert standing(bank) == ["paid", "paid"]
    first, later = (bank.statement_page("10000001", on, on, 1, camt053.read) for on in (today(), tomorrow))
    assert isinstance(first, Answered)
    assert isinstance(later, Answered)
    assert [line.amount_fen for line in first.value.bookings] == [-200, -100]
    (line,) = later.value.bookings
    assert (line.instruction, line.kind, line.amount_fen, line.reason) == ("i1", "return", 200, "AC04")
    assert (later.value.opening_fen, later.value.closing_fen) == (200, 400)
    days = {"account": "10000001", "from": today().isoformat(), "to": tomorrow.isoformat()}
    both = standin.post("/bank/statements", days).json()
    assert ([line["amount_fen"] for line in both["lines"]], both["closing_fen"]) == ([-200, -100, 200], 400)


def test_the_same_file_with_other_content_is_refused_and_changes_nothing(bank: Bank) -> None:
    send(bank, order(), order("i2"))
    before = bookings(bank)
    assert refusal(offer(bank, file_of(order(fen=150_001), order("i2")))) == "message_conflict"
    assert refusal(offer(bank, file_of(order()))) == "message_conflict"
    assert [each.status for each in send(bank, order(), order("i2"))] == ["paid", "paid"]
    # a day later it is the same file
    assert isinstance(offer(bank, file_of(order(), order("i2"), on=today() + timedelta(days=1))), Answered)
    assert bookings(bank) == before


def test_an_instruction_is_booked_once_whatever_file_it_is_in(bank: Bank) -> None:
    send(bank, order(), order("i2"))
    send(bank, order(), order("i3"), message="B2")
    assert [line.instruction for line in bookings(bank)] == ["i1", "i2", "i3"]


def test_what_the_bank_refuses(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 100})
    assert refusal(offer(bank, file_of(order(account="12AB")))) == "account_invalid"
    assert refusal(offer(bank, file_of(order(), payer="99999999"))) == "payer_unknown"
    assert refusal(offer(bank, file_of(order(fen=60), order("i2", fen=41), payer="10000001"))) == (
        "insufficient_funds"
    )
    assert refusal(bank.send_file("B1", "pain.001", b"<Document/>", pain002.read)) == "file_invalid"
    spoiled = pain001.write(file_of(order()), real_now()).replace(b"<CtrlSum>1500.00", b"<CtrlSum>1500.01")
    assert refusal(bank.send_file("B1", "pain.001", spoiled, pain002.read)) == "file_invalid"
    assert refusal(bank.send_file("B1", "fax", b"?", pain002.read)) == "body_invalid"
    late = bank.statement_page(PAYER, date(2026, 2, 1), date(2026, 1, 1), 1, camt053.read)
    assert refusal(late) == "body_invalid"
    assert bookings(bank) == []
    unknown = bank.receipt("B1", pain002.read)
    assert isinstance(unknown, Answered)
    assert unknown.value is None


def test_a_payer_without_money_is_refused_until_it_has_some(bank: Bank, standin: StandIn) -> None:
    standin.fault("bank", "broke")
    assert refusal(offer(bank, file_of(order()))) == "insufficient_funds"
    unknown = bank.receipt("B1", pain002.read)
    assert isinstance(unknown, Answered)
    assert unknown.value is None
    standin.fault("bank", "ok")
    assert [each.status for each in send(bank, order())] == ["paid"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_csv_that_local_banks_take(bank: Bank, standin: StandIn, encoding: tables.Encoding) -> None:
    file = file_of(order(), Order("i2", CLOSED, "=示例乙", 1))
    content = base64.b64encode(tables.write_payments(file, encoding)).decode()
    asked = {"message_id": "B1", "format": "csv", "content": content, "answer": "csv"}
    receipt = tables.read_receipt(base64.b64decode(standin.post("/bank/files", asked).json()["receipt"]))
    assert [(each.instruction, each.status) for each in receipt.outcomes] == [
        ("i1", "paid"),
        ("i2", "returned"),
    ]
    days = {"account": PAYER, "from": today().isoformat(), "to": today().isoformat(), "format": "csv"}
    csv = base64.b64decode(standin.post("/bank/statements/file", days).json()["content"])
    assert [each.amount_fen for each in tables.read_statement(csv).bookings] == [-150_000, -1, 1]
    # the same payments as ISO 20022 are the same file
    assert standing(bank) == ["paid", "returned"]
    assert isinstance(offer(bank, file), Answered)
    assert len(bookings(bank)) == 3
    names = {line["account_name"] for line in standin.post("/bank/statements", days).json()["lines"]}
    assert names == {"示例甲", "=示例乙"}


def test_statements_of_neighbouring_days_join(bank: Bank) -> None:
    days = ("2026-01-31", "2026-02-01", "2026-02-01", "2026-02-28", "2026-03-01")
    for number, on in enumerate(days):
        one = order(f"s{number}", CLOSED if number == 2 else OPEN, 10 + number)
        offer(bank, file_of(one, message=f"B{number}", on=date.fromisoformat(on)))
    months = [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))]
    january, february = (bank.statement_page(PAYER, *month, 1, camt053.read) for month in months)
    assert isinstance(january, Answered)
    assert isinstance(february, Answered)
    assert january.value.closing_fen == february.value.opening_fen
    assert [line.amount_fen for line in february.value.bookings] == [-11, -12, 12, -13]


def test_a_long_statement_comes_in_pages_that_join(bank: Bank) -> None:
    for number in range(3):
        send(bank, *(order(f"p{number}-{n}", fen=1 + n) for n in range(700)), message=f"B{number}")
    first, second, third = (page(bank, number=number) for number in (1, 2, 3))
    assert [len(each.bookings) for each in (first, second, third)] == [1000, 1000, 100]
    assert (first.closing_fen, second.closing_fen) == (second.opening_fen, third.opening_fen)
    assert (first.last_page, second.last_page, third.last_page) == (False, False, True)
    assert len({line.entry for line in bookings(bank)}) == 2100


def test_fifty_identical_files_at_once_are_booked_once(bank: Bank) -> None:
    gate = threading.Barrier(50)

    def one(_: int) -> str:
        gate.wait(20)
        return send(bank, order("same", fen=777))[0].status

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(one, range(50))) == {"paid"}
    assert [line.amount_fen for line in bookings(bank)] == [-777]


def test_parallel_files_never_overdraw(bank: Bank, standin: StandIn) -> None:
    standin.load("accounts", {"account": "10000001", "opening_fen": 1000})
    gate = threading.Barrier(20)

    def one(number: int) -> str:
        gate.wait(20)
        file = file_of(order(f"p{number}", fen=100), message=f"B{number}", payer="10000001")
        answer = offer(bank, file)
        return answer.code if isinstance(answer, Refused) else outcomes(answer)[0].status

    with ThreadPoolExecutor(20) as pool:
        found = sorted(pool.map(one, range(20)))
    assert found == ["insufficient_funds"] * 10 + ["paid"] * 10
    assert page(bank, "10000001").closing_fen == 0


def test_a_lost_answer_is_settled_by_asking_and_never_pays_twice(bank: Bank, standin: StandIn) -> None:
    standin.fault("bank", "lost", remaining=3)
    with pytest.raises(OutsideUnavailable):
        send(bank, order())
    assert standing(bank) == ["paid"]
    assert [each.status for each in send(bank, order())] == ["paid"]
    assert len(bookings(bank)) == 1


def test_a_bank_that_says_everything_twice_is_not_believed(bank: Bank, standin: StandIn) -> None:
    standin.fault("bank", "twice")
    for ask in (lambda: send(bank, order()), lambda: bookings(bank)):
        with pytest.raises(OutsideUnavailable, match="does not fit the question"):
            ask()
    standin.fault("bank", "ok")
    assert standing(bank) == ["paid"]
    assert len(bookings(bank)) == 1


def test_sigkill_between_files_loses_and_doubles_nothing(bank: Bank, standin: StandIn) -> None:
    """Ten senders repeat until they have an answer while the bank is killed three times."""
    done: list[int] = []
    lock = threading.Lock()

    def until_answered(number: int) -> None:
        for _ in range(400):
            try:
                for step in range(10):
                    orders = [order(f"k{number}-{step}-{n}", fen=100 + number) for n in range(10)]
                    send(bank, *orders, message=f"K{number}-{step}")
            except OutsideUnavailable:
                time.sleep(0.05)
                continue
            with lock:
                done.append(number)
            return

    with ThreadPoolExecutor(10) as pool:
        work = [pool.submit(until_answered, number) for number in range(10)]
        for _ in range(3):
            assert len(done) < 10, "all was paid before the kill: the test shows nothing"
            seen = standin.asked("bank")
            eventually(lambda seen=seen: standin.asked("bank") > seen + 5 or len(done) == 10)  # type: ignore[misc]
            standin.kill()
            standin.start()
        for each in work:
            each.result(120)
    lines = bookings(bank)
    assert len(lines) == len({line.instruction for line in lines}) == 1000
    assert sum(line.amount_fen for line in lines) == -100 * sum(100 + number for number in range(10))


def test_sigterm_ends_it_at_once(tmp_path: Path) -> None:
    standin = StandIn(tmp_path)
    standin.start()
    assert standin.kill(signal.SIGTERM) == 0
