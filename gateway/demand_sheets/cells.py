"""What a cell of a spreadsheet of demands may hold, and how what people type is understood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies import groups, levels, modes, occupations, regions, statuses
from contracts.vocabularies.terms import Vocabulary

Reader = Callable[[Any], Any]
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_DAY_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_ROUNDED: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}", re.ASCII)
_SPACES: Final = re.compile(r"\s+")
_LIST: Final = re.compile(r"[、,，;；/\s]+")
_FIFTEEN: Final = 10**15


class Fault(Exception):
    """A cell that cannot be read; `code`: the refusal that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: Any) -> str:
    """Return free text as it was typed; numbers as they look."""
    return _shown(value).strip()


def digits(value: Any) -> str:
    """Return an identifier: full-width characters made plain, spaces out.

    Raises Fault for a number that a spreadsheet has rounded.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _FIFTEEN:
        raise Fault("gateway.sheet_number")
    found = _SPACES.sub("", _plain(value)).removeprefix("'")
    if _ROUNDED.fullmatch(found):
        raise Fault("gateway.sheet_number")
    return found


def day(value: Any) -> str:
    """Return a day as ISO 8601: a date cell, or text in one of the ways that dates are written here."""
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    found = _plain(value) if isinstance(value, str) or _is_day_number(value) else ""
    match = _DAY.fullmatch(found) or _DAY_DIGITS.fullmatch(found)
    if match is None:
        raise Fault("gateway.sheet_day")
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        raise Fault("gateway.sheet_day") from None


def whole(value: Any) -> int:
    """Return a whole number."""
    found = _plain(value).replace(",", "")
    if not re.fullmatch(r"-?\d{1,12}", found, re.ASCII):
        raise Fault("gateway.sheet_figure")
    return int(found)


def yuan(value: Any) -> int:
    """Return an amount given in yuan, in fen."""
    found = _plain(value).replace(",", "").removesuffix("元").removeprefix("¥")
    match = re.fullmatch(r"(\d{1,9})(?:\.(\d{1,2})0*)?", found, re.ASCII)
    if match is None:
        raise Fault("gateway.sheet_figure")
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def one_of(words: Mapping[str, str]) -> Reader:
    """Return a reader of one code; what people know it by is understood. words: code by what is typed."""

    def read(value: Any) -> str:
        found = _plain(value)
        code = words.get(found) or words.get(found.partition(" ")[0])
        if code is None:
            raise Fault("gateway.sheet_word")
        return code

    return read


def several_of(words: Mapping[str, str]) -> Reader:
    """Return a reader of codes with a comma or the like between them."""
    one = one_of(words)

    def read(value: Any) -> list[str]:
        whole_words = _plain(value)
        if whole_words in words:
            return [words[whole_words]]
        return list(dict.fromkeys(one(each) for each in _LIST.split(whole_words) if each))

    return read


def of_vocabulary(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the codes of a vocabulary by code and by Chinese word."""
    return _understood((term.code, term.zh) for term in vocabulary)


def of_statuses(words: Mapping[str, str]) -> dict[str, str]:
    """Return codes by code and by Chinese word."""
    return _understood(words.items())


def _understood(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    pairs = list(pairs)
    by_word: dict[str, str] = {}
    twice: set[str] = set()
    for code, word in pairs:
        plain = _plain(word)
        if by_word.setdefault(plain, code) != code:
            twice.add(plain)
    # a word that two codes share says nothing
    known = {word: code for word, code in by_word.items() if word not in twice}
    return {**known, **{code: code for code, _word in pairs}}


def _levels() -> dict[str, str]:
    known = of_vocabulary(levels.LEVELS)
    for code in levels.CODES:
        written = levels.written(code)
        known[_plain(written)] = code
        known[_plain(written).partition("(")[0]] = code
    return known


def _regions() -> dict[str, str]:
    known = of_vocabulary(regions.REGIONS)
    for code in regions.CODES:
        full = regions.full_name(code)
        known[full] = code
        known[full.removeprefix(regions.name(regions.province_of(code)))] = code
    known.pop("", None)
    return known


def _plain(value: Any) -> str:
    """Return what a cell says with full-width letters, digits and signs made plain."""
    return unicodedata.normalize("NFKC", _shown(value)).strip()


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return str(value)


def _is_day_number(value: Any) -> bool:
    """Whether a number is a day as people type it (20261201), not a spreadsheet's count of days."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 19000101


LEVELS: Final = _levels()
REGIONS: Final = _regions()
OCCUPATIONS: Final = of_vocabulary(occupations.OCCUPATIONS)
MODES: Final = of_vocabulary(modes.MODES)
KINDS: Final = of_vocabulary(modes.KINDS)
GROUPS: Final = of_vocabulary(groups.GROUPS)
TIMES: Final = of_statuses(statuses.STUDY_TIMES)
PROOFS: Final = of_statuses(statuses.PROOF_KINDS)
