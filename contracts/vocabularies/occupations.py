"""Occupations by code of the 2022 edition of 职业分类大典: a subset, see data/occupations.toml.

What codes of older editions became is in data/occupations_older.toml, where it is known. The same code may
mean another occupation in another edition, so a code is looked up in its edition only.
"""

from typing import Final

from contracts.vocabularies.terms import Term, Vocabulary, read_data

_DATA = read_data("occupations.toml")
EDITION: str = _DATA["edition"]
OCCUPATIONS = Vocabulary(
    "occupations", (Term(each["code"], each["zh"], each["en"], EDITION) for each in _DATA["occupation"])
)
CODES = OCCUPATIONS.codes
exists = OCCUPATIONS.exists
name = OCCUPATIONS.name

_BECAME: Final[dict[tuple[str, str], str]] = {
    (each["edition"], each["code"]): each["became"] for each in read_data("occupations_older.toml")["mapped"]
}
OLDER: Final = tuple(sorted({edition for edition, _ in _BECAME}))
EDITIONS: Final = (*OLDER, EDITION)


def became(edition: str, code: str) -> str | None:
    """Return the code of the newest edition that a code of an older edition became, None when not known."""
    return _BECAME.get((edition, code))
