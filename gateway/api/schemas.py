"""Requests and answers of the gateway's own: accounts, sign-in, the map, the demonstration's clock."""

import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.fields import Contract, Count, Moment, OccupationCode, Ref, RegionCode, level, listed, one_of
from contracts.paging import Page
from contracts.vocabularies import roles
from contracts.vocabularies.statuses import CLASS, SOURCING


class Username(fields.String):
    """3 to 64 letters, digits, `.`, `_`, `-`, `@`."""

    def __init__(self, **kwargs: Any) -> None:
        check = validate.Regexp(
            r"[\w.@-]{3,64}\Z",
            error="应为 3 至 64 个字母、数字或 . _ - @ / 3 to 64 letters, digits or . _ - @",
        )
        super().__init__(validate=check, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **kwargs))


class Password(fields.String):
    """8 to 200 characters."""

    def __init__(self, **kwargs: Any) -> None:
        check = validate.Length(
            8, 200, error="密码长度应为 8 至 200 个字符 / a password has 8 to 200 characters"
        )
        super().__init__(validate=check, load_only=True, **kwargs)


class Nothing(Contract):
    """No fields."""


class Credentials(Contract):
    """User name and password."""

    username = Username(required=True)
    password = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))


class _NewAccount(Contract):
    username = Username(required=True)
    password = Password(required=True)

    @validates_schema
    def not_the_name(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse the user name as the password."""
        if data["password"].casefold() == data["username"].casefold():
            raise ValidationError(
                {"password": ["密码不得与用户名相同 / the password must not be the user name"]}
            )


class SignUp(_NewAccount):
    """An account for oneself or one's own firm or institution."""

    role = one_of(roles.SELF_REGISTERED, required=True)


class NewOfficer(_NewAccount):
    """An officer's account: its roles, and the region that it acts for."""

    roles = listed(one_of(roles.OFFICERS - {roles.ADMINISTRATOR}), low=1, high=10, required=True)
    region = RegionCode(required=True)


class NewPassword(Contract):
    """Ends every token and session of the account."""

    old_password = fields.String(required=True, load_only=True, validate=validate.Length(1, 200))
    new_password = Password(required=True)


class AccountShown(Contract):
    """person_ref, body_ref: whom the account stands for, once intake knows."""

    id = Ref(required=True)
    username = fields.String(required=True)
    roles = listed(fields.String(), required=True)
    region = RegionCode(required=True, allow_none=True)
    person_ref = Ref(required=True, allow_none=True)
    body_ref = Ref(required=True, allow_none=True)


class Token(Contract):
    """A bearer token. Shown once; kept only as a hash."""

    token = fields.String(required=True)
    token_type = fields.Constant("Bearer")
    expires_at = Moment(required=True)
    account = fields.Nested(AccountShown, required=True)


class Session(Contract):
    """A page's session: the cookie is set; csrf_token goes into X-CSRF-Token of what changes something."""

    csrf_token = fields.String(required=True)
    expires_at = Moment(required=True)
    account = fields.Nested(AccountShown, required=True)


class ClockMoment(Contract):
    """Business time. It moves forward only, in the demonstration only."""

    moment = Moment(required=True)


class MapPage(Page):
    """Narrow the map: region takes a province, city or county with all below it."""

    region = RegionCode()


class ClassesAsked(MapPage):
    """Classes on the map, the soonest first."""

    occupation = OccupationCode()
    level = level()
    status = one_of(CLASS)


class ChallengesAsked(MapPage):
    """Challenges (揭榜) on the map, the soonest deadline first."""

    status = one_of(SOURCING)


class ThingAsked(Contract):
    """min_version: wait up to a second for this version, else 202."""

    id = Ref(required=True)
    min_version = Count()


class Listed(Contract):
    """as_of: when the map was last known to be right; watermark: counts its changes."""

    as_of = Moment(required=True, allow_none=True)
    items = fields.List(fields.Dict(), required=True)
    next = fields.String(required=True, allow_none=True)
    watermark = fields.Integer(required=True)


class Shown(Contract):
    """One thing on the map, named in Chinese (English where there is a name), money in fen, times in UTC."""

    id = Ref(required=True)
    version = fields.Integer(required=True)
    status = fields.Dict(required=True)
    name = fields.String(required=True)
