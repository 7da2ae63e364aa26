"""Which facts become notices, to whom, in which words; how a kept notice is said in Chinese and English."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from string import Formatter
from typing import Any, Final

from contracts.registry import Event
from contracts.vocabularies import groups, levels, occupations, regions
from contracts.vocabularies.dates import SHANGHAI
from contracts.vocabularies.terms import Language, UnknownCode

SUBJECT: Final = "subject"
_SOURCES: Final = ("intake", "catalogue", "selection", "selection_records")
_NOTHING: Final = "—"
_CODES: Final = {
    "occupation": occupations.name,
    "level": levels.name,
    "group": groups.name,
    "region": regions.name,
}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Notice:
    """A line of the table.

    to: names of the fact's fields that hold a person's or body's reference (or a list of them); SUBJECT when
    the fact is about that person or body itself. zh, en: the words; `{name}` is a field of the fact; a code
    (occupation, level, group, region) is said by its word, a moment in the time of Shanghai. Only the fields
    named in the words are kept: never name one that may hold personal data.
    """

    event: Event
    to: tuple[str, ...]
    zh: str
    en: str

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that the words name."""
        found = (name for words in (self.zh, self.en) for _, name, _, _ in Formatter().parse(words))
        return tuple(dict.fromkeys(name for name in found if name))

    def recipients(self, subject: str, data: Mapping[str, Any]) -> list[str]:
        """Return the references of those to whom the fact is told, each once."""
        found: list[str] = []
        for name in self.to:
            value = subject if name == SUBJECT else data.get(name)
            found += value if isinstance(value, list) else [value] if value else []
        return list(dict.fromkeys(found))


@cache
def table() -> Mapping[str, Notice]:
    """Return the lines by event type. Raises ValueError for a fact that stands there twice."""
    lines: dict[str, Notice] = {}
    for source in _SOURCES:
        notices: Iterable[Notice] = import_module(f"gateway.notices.words.{source}").NOTICES
        for each in notices:
            if each.event.type in lines:
                raise ValueError(f"{each.event.type} is told twice")
            lines[each.event.type] = each
    return lines


def said(type: str, facts: Mapping[str, Any], language: Language) -> str:
    """Return a kept notice in words. A kind that is told no more is named by its type."""
    line = table().get(type)
    if line is None:
        return type
    words = line.zh if language == "zh" else line.en
    return words.format_map({name: _word(name, facts.get(name), language) for name in line.names})


def _word(name: str, value: Any, language: Language) -> str:
    if value is None:
        return _NOTHING
    if name in _CODES:
        try:
            return _CODES[name](value, language)
        except UnknownCode:
            return str(value)
    return _moment(value) if _MOMENT.fullmatch(str(value)) else _tongue(str(value), language)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _tongue(text: str, language: Language) -> str:
    """Return one half of the platform's own reasons, which are written 中文 / English."""
    chinese, bar, english = text.partition(" / ")
    if not bar or not _CHINESE.search(chinese) or _CHINESE.search(english):
        return text
    return chinese if language == "zh" else english
