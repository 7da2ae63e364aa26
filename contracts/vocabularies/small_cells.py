"""Small figures about people are not published: a figure under five, and those that would give one away.

Figures stand in a tree: a total and what it is the sum of. A reader of a published total can subtract; so
where a figure is left out, others beside it are left out as well, until at least two are, with so many people
in them that each could be any of five numbers. Where that cannot be had, the total is left out too. One mark
stands for all of them, whichever the reason: a mark for the small ones alone would narrow them down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

LEAST: Final = 5
LEFT_OUT: Final = "*"
LEFT_OUT_ZH: Final = "*：人数少于 5，或为防止推算而隐去"
LEFT_OUT_EN: Final = "*: under 5 people, or left out so that nobody can reckon such a figure"


@dataclass(frozen=True)
class Figure:
    """A number of people, with the parts that it is the sum of, if any. None: left out."""

    key: str
    value: int | None
    parts: tuple["Figure", ...] = ()


def protected(figure: Figure) -> Figure:
    """Return the tree with figures left out. Each leaf holds at least one person.

    Raises ValueError when a total is not the sum of its parts.
    """
    if figure.parts and sum(_people(part) for part in figure.parts) != _people(figure):
        raise ValueError(f"{figure.key} is not the sum of its parts")
    shown = replace(figure, parts=tuple(protected(part) for part in figure.parts))
    if _people(figure) < LEAST:
        return _hidden(shown)
    return _covered(shown, figure) if shown.parts else shown


def _covered(shown: Figure, true: Figure) -> Figure:
    """Leave out more beside what is left out already; the total itself when there is no more."""
    people = {each.key: _people(each) for each in _leaves(true)}
    while not _safe([people[leaf.key] for leaf in _unknown(shown)]):
        known = [part for part in shown.parts if part.value is not None]
        if not known:
            return _hidden(shown)
        least = min(known, key=lambda part: (part.value or 0, part.key))
        parts = tuple(_opened(part) if part is least else part for part in shown.parts)
        shown = replace(shown, parts=parts)
    return shown


def _safe(people: Sequence[int]) -> bool:
    """Whether figures of which only the sum is known stay unknown: each could be LEAST others as well."""
    return not people or (len(people) > 1 and sum(people) - len(people) >= LEAST - 1)


def _opened(figure: Figure) -> Figure:
    """Leave out a total, and a part of it when all of them are known."""
    if figure.parts and not _unknown(replace(figure, value=None)):
        least = min(figure.parts, key=lambda part: (part.value or 0, part.key))
        parts = tuple(_opened(part) if part is least else part for part in figure.parts)
        figure = replace(figure, parts=parts)
    return replace(figure, value=None)


def _hidden(figure: Figure) -> Figure:
    """Leave out a total that is small itself or cannot be covered."""
    return _opened(figure)


def _unknown(figure: Figure) -> list[Figure]:
    """Return the leaves left out that no total below this one covers."""
    if not figure.parts:
        return [figure] if figure.value is None else []
    below = [part for part in figure.parts if part.value is None]
    return [leaf for part in below for leaf in _unknown(part)]


def _leaves(figure: Figure) -> list[Figure]:
    return [leaf for part in figure.parts for leaf in _leaves(part)] if figure.parts else [figure]


def _people(figure: Figure) -> int:
    if figure.value is None:
        raise ValueError(f"{figure.key} is left out already")
    return figure.value
