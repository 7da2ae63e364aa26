"""Hides personal data and secrets in what is about to be written: by key, and by shape within any text."""

import re
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "***"
_DEPTH: Final = 8

# Keys whose value is hidden whole, compared after lower-casing and with `-` and spaces as `_`.
_KEYS: Final = frozenset(
    {
        *("name", "person_name", "full_name", "account_name", "contact_name", "holder_name", "learner_name"),
        *("legal_person", "contact", "phone", "mobile", "id_number", "citizen_id", "id_card", "address"),
        *(
            "bank_account",
            "account_number",
            "card_number",
            "password",
            "passwd",
            "secret",
            "token",
            "session",
        ),
        *("authorization", "cookie", "set_cookie", "api_key", "private_key", "signing_key", "master_key"),
        *("姓名", "手机号", "身份证号", "银行账号", "住址"),
    }
)
_KEY_ENDINGS: Final = ("_password", "_secret", "_token", "_phone", "_mobile", "_id_number", "_bank_account")
# Whole numbers under these endings are figures, however long: never a phone or an account.
_FIGURES: Final = ("_fen", "_ms", "_ns", "_bytes")

# An opaque hex id or a UUID on its own may hold a long run of digits by chance.
_OPAQUE: Final = re.compile(
    r"(?=.*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.ASCII
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)

# the same within a text: ids of facts, claims, traces
_IDS: Final = re.compile(
    r"(?<![0-9A-Za-z])("
    r"(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{24})"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])",
    re.ASCII,
)

# \d takes full-width digits too: people paste them.
_SHAPES: Final = (
    (re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)"), "[citizen id]"),
    (re.compile(r"(?<!\d)\d{6}[ -]\d{8}[ -]\d{3}[\dXx](?!\d)"), "[citizen id]"),
    (re.compile(r"(?<!\d)(?:\d{4}[ -]){3,6}\d{1,4}(?!\d)"), "[account]"),
    (re.compile(r"(?<!\d)\d{15,30}(?!\d)"), "[account]"),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "[phone]"),
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@"), rf"\1:{MASK}@"),
    (re.compile(r"(?<![A-Za-z0-9])(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
)


def mask_text(text: str) -> str:
    """Return the text without citizen numbers, mobile and account numbers, tokens and passwords in URLs."""
    if _OPAQUE.fullmatch(text) or _UUID.fullmatch(text) or _TRACEPARENT.fullmatch(text):
        return text
    # every second part is an id
    parts = _IDS.split(text)
    parts[::2] = [_without_shapes(part) for part in parts[::2]]
    return "".join(parts)


def _without_shapes(text: str) -> str:
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def mask(value: Any, key: str = "", depth: int = 0) -> Any:
    """Return a masked copy that JSON can hold; key: under which the value stands."""
    if value is None or isinstance(value, bool | float):
        return value
    if _hidden(key):
        return MASK
    if isinstance(value, int):
        return value if key.endswith(_FIGURES) or mask_text(str(value)) == str(value) else MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} bytes]"
    if depth >= _DEPTH:
        return "[deep]"
    if isinstance(value, Mapping):
        return {mask_text(str(name)): mask(inner, str(name), depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask(inner, "", depth + 1) for inner in value]
    return _described(value)


def _hidden(key: str) -> bool:
    plain = key.lower().replace("-", "_").replace(" ", "_")
    return plain in _KEYS or plain.endswith(_KEY_ENDINGS)


def _described(value: Any) -> str:
    """Write out plain values only: an object's repr may show `name='…'`, which has no shape to know it by."""
    if type(value).__module__ in {"datetime", "decimal", "uuid", "bson.objectid", "enum", "pathlib"}:
        return mask_text(str(value))
    if isinstance(value, BaseException):
        return mask_text(f"{type(value).__name__}: {value}")
    return f"[{type(value).__qualname__}]"
