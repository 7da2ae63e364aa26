"""What a field of a contract is in a form: which control, how typed text becomes a value, and back."""

import base64
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marshmallow import fields, validate

from contracts.fields import Base64, Day, Fen, LongText, Moment, SignedFen, moment_text
from contracts.vocabularies.dates import SHANGHAI
from gateway.web.frame.choices import choices_of

MOST_RADIOS: Final = 5
_DAY: Final = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?", re.ASCII)
_YUAN: Final = re.compile(r"-?\d{1,13}(\.\d{1,2})?", re.ASCII)


class Wrong(ValueError):
    """Typed text that is no value of its kind; the words stand in both tongues, parted by ` / `."""


def kind_of(name: str, field: fields.Field[Any]) -> str:
    """Return the control of a field, named as the template's macros are."""
    simple = _simple_kind(field)
    if simple:
        return simple
    if isinstance(field, fields.List):
        if isinstance(field.inner, fields.Nested):
            return "rows"
        return "checkboxes" if choices_of(name, field) else "lines"
    listed = len(choices_of(name, field))
    if listed:
        return "radios" if listed <= MOST_RADIOS else "select"
    return "textarea" if isinstance(field, LongText) or _longest(field) > 200 else "text"


def _simple_kind(field: fields.Field[Any]) -> str:
    kinds: tuple[tuple[type[fields.Field[Any]], str], ...] = (
        (fields.Nested, "group"), (Base64, "file"), (Fen, "money"), (SignedFen, "money"),
        (fields.Integer, "number"), (fields.Float, "decimal"), (fields.Boolean, "radios"), (Moment, "moment"),
        (Day, "day"), (fields.Date, "day"),
    )  # fmt: skip
    return next((kind for type_, kind in kinds if isinstance(field, type_)), "")


def _longest(field: fields.Field[Any]) -> int:
    return max(
        (check.max or 0 for check in field.validators if isinstance(check, validate.Length)), default=0
    )


def longest(field: fields.Field[Any]) -> int | None:
    """Return how many characters a text field takes, None when it does not say."""
    return _longest(field) or None


def value_of(kind: str, field: fields.Field[Any], text: str) -> Any:
    """Return the JSON value of typed text. Raises Wrong."""
    normal = unicodedata.normalize("NFKC", text).strip()
    if kind == "money":
        return fen_of(normal)
    if kind == "number":
        return _whole(normal)
    if kind == "decimal":
        return _decimal(normal)
    if kind == "day":
        return _day(normal)
    if kind == "moment":
        return _moment(normal)
    if isinstance(field, fields.Boolean):
        return _boolean(normal)
    return text.replace("\r\n", "\n")


def lines_of(field: "fields.List[Any]", text: str) -> list[Any]:
    """Return the values of a list that is typed one a line (or parted by commas). Raises Wrong."""
    kind = _simple_kind(field.inner)
    parts = re.split(r"[\n,，、;；]", text.replace("\r", "\n"))
    return [value_of(kind, field.inner, part.strip()) for part in parts if part.strip()]


def fen_of(text: str) -> int:
    """Return fen from an amount in yuan: `1,234.5` is 123450. Raises Wrong."""
    bare = re.sub(r"[,\s¥￥元]", "", text)
    if not _YUAN.fullmatch(bare):
        raise Wrong("请输入金额，例如 1234.50 / enter an amount in yuan, for example 1234.50")
    return int(Decimal(bare) * 100)


def typed(kind: str, value: Any) -> str:
    """Return a JSON value as it is typed in its control."""
    if value is None:
        return ""
    if kind == "money":
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
    if kind == "moment":
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def file_text(stored: Any, most: int) -> str:
    """Return an uploaded file as base64. Raises Wrong when it is larger than `most` bytes."""
    content = stored.read(most + 1)
    if len(content) > most:
        raise Wrong(f"文件不得超过 {most // 1000} KB / a file has at most {most // 1000} KB")
    return base64.b64encode(content).decode()


def _whole(text: str) -> int:
    bare = re.sub(r"[,\s]", "", text)
    if not re.fullmatch(r"-?\d{1,15}", bare, re.ASCII):
        raise Wrong("请输入整数 / enter a whole number")
    return int(bare)


def _decimal(text: str) -> float:
    try:
        return float(Decimal(text)) if len(text) <= 30 else _no_number()
    except InvalidOperation:
        return _no_number()


def _no_number() -> float:
    raise Wrong("请输入数字 / enter a number")


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise Wrong("请输入日期，例如 2026-03-01 / enter a date, for example 2026-03-01")


def _moment(text: str) -> str:
    try:
        local = datetime.fromisoformat(text.replace(" ", "T"))
        aware = local.replace(tzinfo=SHANGHAI) if local.tzinfo is None else local
        return moment_text(aware)
    except (ValueError, OverflowError):
        raise Wrong(
            "请输入日期和时间，例如 2026-03-01 09:00 / enter a date and a time, for example 2026-03-01 09:00"
        ) from None


def _boolean(text: str) -> bool:
    known: Mapping[str, bool] = {"true": True, "on": True, "false": False}
    if text not in known:
        raise Wrong("请选择是或否 / choose yes or no")
    return known[text]
