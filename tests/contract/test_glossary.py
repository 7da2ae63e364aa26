"""The glossary has every role and status with its word, and names places that exist."""

import re
from pathlib import Path

from contracts.vocabularies import roles, statuses

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_role_and_status_stands_in_the_glossary() -> None:
    lists = {name: words for name, words in vars(statuses).items() if name.isupper()}
    words = [
        (name, word) for name, words in {**lists, "ROLES": roles.NAMES}.items() for word in words.values()
    ]
    assert len(words) > 100
    assert [each for each in words if each[1] not in TEXT] == []


def test_what_it_points_at_exists() -> None:
    places = set(re.findall(r"\| `([^`]+)` \|$", TEXT, re.MULTILINE))
    assert len(places) > 20
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_no_term_is_there_twice() -> None:
    terms = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \| `", TEXT, re.MULTILINE)
    assert len(terms) > 80
    assert len(set(terms)) == len(terms)
