import datetime as dt

import pytest

from contracts.vocabularies.sample_ids import make_citizen_id
from services.chassis.masking import MASK, mask, mask_text

CITIZEN = make_citizen_id()
MOBILE = "13800000000"
ACCOUNT = "6222000000000000017"


NUMBERS = [
    CITIZEN,
    CITIZEN[:-1] + "x",
    f"{CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]}",
    MOBILE,
    f"+86 {MOBILE}",
    "138 0000 0000",
    ACCOUNT,
    "6222 0000 0000 0000 017",
    "１３８００００００００",
]
TOKENS = ["Bearer abc.def-123", "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln"]
TEXTS = ["{}", "号码{}已登记", "x={} y=1", "id:{};", "'{}'"]


@pytest.mark.parametrize("secret", NUMBERS)
@pytest.mark.parametrize("text", [*TEXTS, "a{}z"])
def test_personal_numbers_are_hidden_in_any_text(secret: str, text: str) -> None:
    assert secret not in mask_text(text.format(secret))


@pytest.mark.parametrize("secret", TOKENS)
@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_hidden_in_any_text(secret: str, text: str) -> None:
    assert secret not in mask_text(text.format(secret))


def test_passwords_in_urls_are_hidden() -> None:
    assert (
        mask_text("to amqp://intake:hunter2@127.0.0.1:5672/wudan")
        == "to amqp://intake:***@127.0.0.1:5672/wudan"
    )


@pytest.mark.parametrize(
    "plain",
    [
        "2026-01-31T08:00:00.000Z",
        "370600",
        "选单 3 座",
        "a" * 20 + "123456789012" + "b" * 32,
        "4f0c9f6e-1234-1234-1234-123456789012",
        "00-12345678901234567890123456789abc-1234567890123456-01",
    ],
)
def test_other_text_stays(plain: str) -> None:
    assert mask_text(plain) == plain


def test_keys_are_hidden_at_any_depth() -> None:
    event = {
        "body": {"people": [{"name": "示例甲", "Phone": 1, "id-number": "x", "wage_fen": 13800000000}]},
        "headers": {"Authorization": "Basic abc", "Content-Type": "text/html"},
        "payer_bank_account": "1",
    }
    assert mask(event) == {
        "body": {"people": [{"name": MASK, "Phone": MASK, "id-number": MASK, "wage_fen": 13800000000}]},
        "headers": {"Authorization": MASK, "Content-Type": "text/html"},
        "payer_bank_account": MASK,
    }


def test_numbers_that_look_like_a_phone_are_hidden_unless_money() -> None:
    assert mask({"x": 13800000000, "amount_fen": 13800000000, "n": 5}) == {
        "x": MASK,
        "amount_fen": 13800000000,
        "n": 5,
    }


def test_personal_numbers_as_keys_are_hidden() -> None:
    assert mask({CITIZEN: 1}) == {"[citizen id]": 1}


def test_objects_are_named_not_shown() -> None:
    class Person:
        def __repr__(self) -> str:
            return "Person(name='示例甲')"

    assert mask(Person()).endswith("Person]")
    assert mask(dt.date(2026, 1, 31)) == "2026-01-31"
    assert mask(b"abc") == "[3 bytes]"
    assert mask(ValueError(f"bad {MOBILE}")) == "ValueError: bad [phone]"


def test_endless_nesting_ends() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert "[deep]" in str(mask(loop))


@pytest.mark.parametrize(
    "id",
    ["01a2042d1db012062847595583c885f5", "0123456789012345678901ab", "a1234567-0123-0123-0123-012345678901"],
)
def test_an_id_within_a_text_stays_and_what_stands_beside_it_goes(id):
    assert (
        mask_text(f"{id}  intake.demand.posted 13800000000 {id}")
        == f"{id}  intake.demand.posted [phone] {id}"
    )


@pytest.mark.parametrize("digits", ["622200000000000000000000000000", "622200000000000000000000"])
def test_digits_alone_are_no_id(digits):
    assert digits not in mask_text(f"account {digits}")
