"""Occupations by code of the 2022 edition of 职业分类大典: a subset, see data/occupations.toml."""

from contracts.vocabularies.terms import Term, Vocabulary, read_data

_DATA = read_data("occupations.toml")
EDITION: str = _DATA["edition"]
OCCUPATIONS = Vocabulary(
    "occupations", (Term(each["code"], each["zh"], each["en"], EDITION) for each in _DATA["occupation"])
)
CODES = OCCUPATIONS.codes
exists = OCCUPATIONS.exists
name = OCCUPATIONS.name
