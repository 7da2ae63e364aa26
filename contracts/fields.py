"""marshmallow fields and the schema base of all contracts: strict types, bounded lengths."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from contracts.vocabularies import groups, identifiers, levels, modes, occupations, regions


class Contract(Schema):
    """Base of all schemas: unknown fields are refused."""

    class Meta:
        unknown = RAISE
        ordered = True


class _Text(fields.String):
    """Text that is stripped, not empty, bounded, and free of control characters."""

    limit = 200

    def __init__(self, limit: int | None = None, **kwargs: Any) -> None:
        self.limit = limit or self.limit
        extra = kwargs.pop("validate", [])
        checks = [validate.Length(1, self.limit), *(extra if isinstance(extra, list) else [extra])]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if any(ord(char) < 32 and char not in "\n\t" for char in text):
            raise ValidationError("不得含控制字符 / control characters are not allowed")
        return text


class Name(_Text):
    """A name or title of up to 120 characters."""

    limit = 120


class LongText(_Text):
    """Free text of up to 2,000 characters."""

    limit = 2000


class Ref(fields.String):
    """An opaque id: letters, digits, `-`, `_`, `:`, up to 80 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"^[A-Za-z0-9:_-]{1,80}\Z"), **kwargs)


class BankReference(fields.String):
    """A bank's id of a booking: letters, digits, `-`, `_`, `:`, `.`, `/`, up to 80 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"^[A-Za-z0-9:_./-]{1,80}\Z"), **kwargs)


class _Whole(fields.Integer):
    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._validated(value)


class Count(_Whole):
    """A whole number, 0 to a million unless told."""

    def __init__(self, low: int = 0, high: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(low, high, **kwargs)


class Fen(_Whole):
    """Money in fen: a whole number, never a float; 0 up to 10^13."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(0, 10**13, **kwargs)


class SignedFen(_Whole):
    """Money in fen with a sign (postings)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(-(10**13), 10**13, **kwargs)


class Moment(fields.AwareDateTime):
    """A moment with its zone, kept and written in UTC to the millisecond with a Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment = moment.astimezone(UTC)
        except (OverflowError, ValueError) as problem:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from problem
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else moment_text(value)


def moment_text(value: datetime) -> str:
    """Return a moment as it is written in messages: UTC, milliseconds, Z."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Day(fields.Date):
    """A calendar day in Asia/Shanghai, ISO 8601."""


class Month(fields.String):
    """A calendar month, YYYY-MM."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = r"^20\d\d-(0[1-9]|1[0-2])\Z"
        check = validate.Regexp(pattern, error="应为 YYYY-MM 的月份 / a month is written YYYY-MM")
        super().__init__(validate=check, **kwargs)


class _Checked(fields.String):
    """Text that one function accepts (and normalises) or refuses with a reason."""

    reason = ""

    def check(self, value: str) -> str | None:
        """Return the normal form, or None when the value is not valid."""
        raise AssertionError("subclasses decide")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        normal = self.check(text) if len(text) <= 64 else None
        if normal is None:
            raise ValidationError(self.reason)
        return normal


class CitizenId(_Checked):
    """18-digit citizen number: ISO 7064 MOD 11-2 and the date (GB 11643)."""

    reason = "身份证号码校验不通过 / the citizen number fails its check (check digit or date)"

    def check(self, value: str) -> str | None:
        return identifiers.citizen_id(value)


class CreditCode(_Checked):
    """Unified social credit code with its check character (GB 32100)."""

    reason = "统一社会信用代码校验不通过 / the unified social credit code fails its check"

    def check(self, value: str) -> str | None:
        return identifiers.credit_code(value)


class ChineseMobile(_Checked):
    """Mainland mobile number, 11 digits."""

    reason = "应为 11 位手机号码 / an 11-digit mobile number is needed"

    def check(self, value: str) -> str | None:
        return value if re.fullmatch(r"1[3-9]\d{9}", value, re.ASCII) else None


class BankAccount(_Checked):
    """Bank account number, 8 to 30 digits."""

    reason = "银行账号应为 8 至 30 位数字 / a bank account number has 8 to 30 digits"

    def check(self, value: str) -> str | None:
        return value if re.fullmatch(r"\d{8,30}", value, re.ASCII) else None


class RegionCode(_Checked):
    """GB/T 2260 region code that exists in the vocabulary."""

    reason = "行政区划代码不存在 / unknown region code"

    def check(self, value: str) -> str | None:
        return value if regions.exists(value) else None


class OccupationCode(_Checked):
    """Occupation code of the 2022 edition."""

    reason = "职业（工种）代码不存在 / unknown occupation code (2022 edition)"

    def check(self, value: str) -> str | None:
        return value if occupations.exists(value) else None


class Sha256(_Checked):
    """SHA-256 as 64 lower-case hex digits."""

    reason = "应为 64 位十六进制 SHA-256 / 64 hex digits of SHA-256 are needed"

    def check(self, value: str) -> str | None:
        return value if re.fullmatch(r"[0-9a-f]{64}", value) else None


class Base64(fields.Field[bytes]):
    """Bytes as standard base64, from `least` to `most` bytes long."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"type": "string", "format": "byte"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        try:
            plain = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        except (binascii.Error, ValueError):
            plain = b""
        if not self.least <= len(plain) <= self.most:
            raise ValidationError(
                f"应为 base64，{self.least} 至 {self.most} 字节"
                f" / base64 of {self.least} to {self.most} bytes is needed"
            )
        return plain

    def _serialize(self, value: bytes | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else base64.b64encode(value).decode()


def one_of(codes: Any, **kwargs: Any) -> fields.String:
    """A field that takes one code of a vocabulary."""
    listed = sorted(codes)
    return fields.String(validate=validate.OneOf(listed, error="未知代码 / unknown code"), **kwargs)


def level(**kwargs: Any) -> fields.String:
    """Skill level code (职业技能等级)."""
    return one_of(levels.CODES, **kwargs)


def group(**kwargs: Any) -> fields.String:
    """Target group code (人员类别)."""
    return one_of(groups.CODES, **kwargs)


def mode(**kwargs: Any) -> fields.String:
    """Teaching mode code (授课方式)."""
    return one_of(modes.CODES, **kwargs)


def listed(inner: Any, low: int = 0, high: int = 500, **kwargs: Any) -> "fields.List[Any]":
    """A bounded list."""
    return fields.List(inner, validate=validate.Length(low, high), **kwargs)
