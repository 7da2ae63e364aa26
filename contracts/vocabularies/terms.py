"""A vocabulary: codes with a Chinese and an English word each, read once from a data file."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

DATA = Path(__file__).parent / "data"
Language = Literal["zh", "en"]


class UnknownCode(LookupError):
    """A code that the vocabulary does not hold; `vocabulary` and `code` say which."""

    def __init__(self, vocabulary: str, code: str) -> None:
        super().__init__(f"{vocabulary}: unknown code {code!r}")
        self.vocabulary = vocabulary
        self.code = code


@dataclass(frozen=True, slots=True)
class Term:
    """One code with its words and the place that it comes from."""

    code: str
    zh: str
    en: str
    source: str = ""


class Vocabulary:
    """An ordered, unchangeable set of terms by code."""

    def __init__(self, title: str, terms: Iterable[Term]) -> None:
        self.title = title
        self._terms: dict[str, Term] = {}
        for term in terms:
            if term.code in self._terms:
                raise ValueError(f"{title}: code {term.code!r} is there twice")
            self._terms[term.code] = term

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms.values())

    def __len__(self) -> int:
        return len(self._terms)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in the order of the source."""
        return tuple(self._terms)

    def exists(self, code: str) -> bool:
        """Return whether the code is in the vocabulary."""
        return code in self._terms

    def term(self, code: str) -> Term:
        """Return the term of a code; raises UnknownCode."""
        try:
            return self._terms[code]
        except KeyError:
            raise UnknownCode(self.title, code) from None

    def name(self, code: str, language: Language = "zh") -> str:
        """Return the Chinese or English word of a code; raises UnknownCode."""
        term = self.term(code)
        return term.zh if language == "zh" else term.en


def read_data(name: str) -> dict[str, Any]:
    """Return the parsed TOML of a data file beside this module."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)
