"""Chinese first, English by a switch: each text stands in both tongues where it is used."""

from datetime import datetime
from typing import Final

from flask import request

from contracts.vocabularies.dates import SHANGHAI

COOKIE: Final = "wudan_language"
_WEEKDAYS: Final = "一二三四五六日"


def chosen() -> str:
    """Return `en` when the reader switched to it, else `zh`."""
    return "en" if request.cookies.get(COOKIE) == "en" else "zh"


def t(zh: str, en: str) -> str:
    """Return the text in the reader's language."""
    return en if chosen() == "en" else zh


def term(value: dict[str, str] | None) -> str:
    """Return a code's word in the reader's language (Chinese where there is no English one)."""
    if not value:
        return ""
    return value.get(chosen()) or value["zh"]


def moment(text: str | None) -> str:
    """Return a moment (ISO 8601) as it is written in China, in Asia/Shanghai."""
    if not text:
        return t("未知", "unknown")
    local = datetime.fromisoformat(text).astimezone(SHANGHAI)
    if chosen() == "en":
        return local.strftime("%Y-%m-%d %H:%M")
    return f"{local.year}年{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def money(fen: int | None) -> str:
    """Return an amount in yuan, from fen."""
    if fen is None:
        return t("未公布", "not published")
    return t(f"{fen // 100:,}.{fen % 100:02d} 元", f"CNY {fen // 100:,}.{fen % 100:02d}")
