"""Chinese first, English by a switch: each text stands in both tongues where it is used (decision 0025)."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from babel import numbers
from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, format_datetime

COOKIE: Final = "wudan_language"
_LOCALES: Final = {"zh": "zh_CN", "en": "en"}
_MOMENTS: Final = {"zh": "y年M月d日（EEE）HH:mm", "en": "EEE d MMM y, HH:mm"}
_DAYS: Final = {"zh": "y年M月d日", "en": "d MMM y"}


class Text(NamedTuple):
    """A text in both tongues; as a string it is in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return t(self.zh, self.en)

    def fill(self, **facts: Any) -> "Text":
        """Return the text with facts in the place of {names}."""
        return Text(self.zh.format(**facts), self.en.format(**facts))


def register(app: Flask) -> None:
    """Have Flask-Babel write dates in the reader's language and in China's time."""
    Babel(app, locale_selector=lambda: _LOCALES[chosen()], default_timezone="Asia/Shanghai")


def chosen() -> str:
    """Return `en` when the reader switched to it, else `zh`."""
    return "en" if has_request_context() and request.cookies.get(COOKIE) == "en" else "zh"


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
    return str(format_datetime(datetime.fromisoformat(text), _MOMENTS[chosen()]))


def day(text: str | None) -> str:
    """Return a calendar day (ISO 8601) as it is written in China."""
    return str(format_date(date.fromisoformat(text), _DAYS[chosen()])) if text else t("未定", "not set")


def money(fen: int | None) -> str:
    """Return an amount in yuan, from fen."""
    if fen is None:
        return t("未公布", "not published")
    return t(f"{yuan(fen)} 元", f"CNY {yuan(fen)}")


def yuan(fen: int) -> str:
    """Return fen as a number of yuan: -123456 is -1,234.56."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def number(value: float) -> str:
    """Return a number with its thousands parted."""
    return str(numbers.format_decimal(value, locale=_LOCALES[chosen()]))
