"""Levels, occupations, groups, modes, programmes: the lists that the contracts take their codes from."""

import re

import pytest

from contracts.vocabularies import groups, levels, modes, occupations, programmes
from contracts.vocabularies.terms import Term, UnknownCode, Vocabulary, read_data

LISTS = [
    levels.LEVELS,
    occupations.OCCUPATIONS,
    groups.GROUPS,
    modes.MODES,
    modes.KINDS,
    modes.ORGANISATIONS,
    programmes.PROGRAMMES,
]


@pytest.mark.parametrize("vocabulary", LISTS, ids=lambda each: each.title)
def test_every_code_has_a_chinese_and_an_english_word_of_its_own(vocabulary: Vocabulary) -> None:
    assert len({term.zh for term in vocabulary}) == len({term.en for term in vocabulary}) == len(vocabulary)
    assert all(re.search("[一-鿿]", term.zh) and term.en.isascii() for term in vocabulary)
    with pytest.raises(UnknownCode):
        vocabulary.name("nothing")


def test_a_code_cannot_be_there_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Vocabulary("doubled", (Term("a", "甲", "a"), Term("a", "乙", "b")))


def test_levels_run_from_junior_to_senior_technician() -> None:
    assert [levels.name(code) for code in ("5", "4", "3", "2", "1", "special")] == [
        "初级工",
        "中级工",
        "高级工",
        "技师",
        "高级技师",
        "专项职业能力",
    ]


def test_occupations_carry_the_edition_and_the_form_of_its_codes() -> None:
    assert occupations.EDITION == "2022"
    assert all(re.fullmatch(r"[1-8]-\d\d-\d\d-\d\d", code) for code in occupations.CODES)
    assert occupations.name("6-18-02-04") == "焊工"
    assert occupations.name("4-10-01-05", "en") == "elder care worker"


def test_what_older_occupations_became_is_in_the_newest_edition() -> None:
    mapped = read_data("occupations_older.toml")["mapped"]
    assert len({(each["edition"], each["code"]) for each in mapped}) == len(mapped) > 30
    for each in mapped:
        assert occupations.exists(each["became"]), each
        assert occupations.became(each["edition"], each["code"]) == each["became"]
    assert occupations.became("1999", "4-03-01-02") != "4-03-01-02"
    assert occupations.became("1999", "0-00-00-00") is None
    assert occupations.EDITION not in occupations.OLDER
