"""What the demonstration prints: Chinese first, short English beside it."""

import sys
import unicodedata
from typing import Final

from infra.demo.figures import Table

_STAGE: Final = 8
_WHAT: Final = 50
_FIGURE: Final = 16


def step(number: int, zh: str, en: str) -> None:
    """Begin a step."""
    _print(f"\n({number}) {zh} · {en}")


def say(zh: str, en: str = "") -> None:
    """Tell one thing."""
    _print(f"    {zh}" + (f" · {en}" if en else ""))


def table(figures: Table) -> None:
    """Print every figure beside what it has to be."""
    _print("\n" + _row("环节", "项目 · figure", "应为 · due", "实为 · found"))
    for line in figures.lines:
        what = f"{line.zh} · {line.en}"
        mark = "✓" if line.right else "✗ 不符 / OFF"
        _print(_row(line.stage, what, line.shown(line.expected), line.shown(line.found), mark))


def end(good: bool, seconds: float) -> None:
    """Tell how it ended."""
    words = "五单全部走通，账、银行、申请表相符到分" if good else "有数据不符，见上表"
    english = "all five orders carried through; books, bank and claims agree" if good else "figures are off"
    _print(f"\n{words}（{seconds:.1f} 秒） · {english}")


def _row(stage: str, what: str, due: str, found: str, mark: str = "") -> str:
    cells = (_left(stage, _STAGE), _left(what, _WHAT), _right(due, _FIGURE), _right(found, _FIGURE), mark)
    return "    " + " ".join(cells).rstrip()


def _left(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _width(text: str) -> int:
    """Return how many columns a terminal gives the text (Chinese characters take two)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
