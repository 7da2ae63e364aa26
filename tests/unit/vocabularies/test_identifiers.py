"""Numbers of persons and bodies: what is accepted, what is refused, what is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies import identifiers
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code, wrong_citizen_id

SERIALS = st.integers(0, 999)
BIRTHS = st.dates(date(1900, 1, 1), date(2026, 12, 31))
CODES = st.integers(0, 31**6 - 1).map(make_credit_code)


def test_the_example_of_the_standard_is_accepted() -> None:
    # the worked example printed in GB 11643-1999
    assert identifiers.citizen_id("11010519491231002X") == "11010519491231002X"
    assert identifiers.birth_date("11010519491231002X") == date(1949, 12, 31)


def test_a_lower_case_x_is_raised_and_blanks_are_cut() -> None:
    assert identifiers.citizen_id(" 11010519491231002x ") == "11010519491231002X"


def test_a_retired_region_in_the_number_does_not_matter() -> None:
    # 370628 (a county of Yantai) was dissolved decades ago; its people keep their numbers
    number = make_citizen_id("370628", date(1975, 5, 6), 17)
    assert identifiers.citizen_id(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        "11010519491231002",  # 17 characters
        "11010519491231002XX",
        "110105194912310020",  # wrong check character
        "1101051949123100ⅡX",  # not an ASCII digit
        "１１０１０５１９４９１２３１００２X",  # full-width digits
        "01010519491231002X",
        "X10105194912310021",
        "110105491231002",  # 15-digit numbers are no longer issued or accepted
    ],
)
def test_a_malformed_number_is_refused(number: str) -> None:
    assert identifiers.citizen_id(number) is None
    with pytest.raises(ValueError, match="not a valid"):
        identifiers.birth_date(number)


@pytest.mark.parametrize("birth", ["19490230", "19491301", "20010229", "18991231", "00000101"])
def test_an_impossible_date_is_refused_although_the_check_character_is_right(birth: str) -> None:
    first_17 = f"379999{birth}001"
    assert identifiers.citizen_id(first_17 + identifiers.citizen_check_character(first_17)) is None


@given(BIRTHS, SERIALS)
def test_a_made_up_number_is_valid_and_keeps_its_date(birth: date, serial: int) -> None:
    number = make_citizen_id(birth=birth, serial=serial)
    assert identifiers.citizen_id(number) == number
    assert identifiers.birth_date(number) == birth
    assert identifiers.citizen_id(wrong_citizen_id(number)) is None


@given(BIRTHS, SERIALS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth: date, serial: int, place: int, shift: int) -> None:
    number = make_citizen_id(birth=birth, serial=serial)
    wrong = str((int(number[place]) + shift) % 10)
    assert identifiers.citizen_id(number[:place] + wrong + number[place + 1 :]) is None


@given(BIRTHS, SERIALS, st.integers(0, 15))
def test_two_neighbours_swapped_are_always_found(birth: date, serial: int, place: int) -> None:
    number = make_citizen_id(birth=birth, serial=serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (identifiers.citizen_id(swapped) is None) == (swapped != number)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # the worked example printed in GB 32100-2015
        "91350100m000100y43",
    ],
)
def test_a_credit_code_is_accepted_in_either_case(code: str) -> None:
    assert identifiers.credit_code(code) == "91350100M000100Y43"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y42",
        "91350100I000100Y43",  # I is not in the alphabet
        "9135O100M000100Y43",
        "91350A00M000100Y43",  # letters in the region part
    ],
)
def test_a_malformed_credit_code_is_refused(code: str) -> None:
    assert identifiers.credit_code(code) is None


@given(CODES, st.integers(8, 16), st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_always_found(code: str, place: int, shift: int) -> None:
    assert identifiers.credit_code(code) == code
    alphabet = identifiers.CREDIT_ALPHABET
    wrong = alphabet[(alphabet.index(code[place]) + shift) % 31]
    assert identifiers.credit_code(code[:place] + wrong + code[place + 1 :]) is None


def test_made_up_codes_differ_and_refuse_what_they_cannot_hold() -> None:
    assert len({make_credit_code(n) for n in range(500)}) == 500
    for wrong in (lambda: make_credit_code(31**6), lambda: make_citizen_id(serial=1000)):
        with pytest.raises(ValueError, match="serial"):
            wrong()
    with pytest.raises(ValueError, match="six digits"):
        make_citizen_id("37061")


def test_masks_show_no_more_than_they_say() -> None:
    assert identifiers.mask_name("示例甲") == "示**"
    assert identifiers.mask_name("甲") == "*"
    assert identifiers.mask_name("") == ""
    assert identifiers.mask_id("11010519491231002X") == "1101**********002X"
    assert identifiers.mask_phone("13800000000") == "138****0000"
    assert identifiers.mask_account("6222000000001234") == "************1234"
    assert identifiers.mask_id("1234567") == "*******"
    assert identifiers.mask_account("12345") == "*****"


@given(st.text(max_size=40))
def test_a_mask_keeps_the_length_and_hides_at_least_four_or_all(text: str) -> None:
    for mask in (identifiers.mask_id, identifiers.mask_phone, identifiers.mask_account):
        masked = mask(text)
        assert len(masked) == len(text)
        assert masked.count("*") >= min(4, len(text))
