"""What a demand (需求单) says, for a worker and for a firm: the same whether it is posted, changed or
uploaded.
"""

from typing import Any

from marshmallow import ValidationError, fields, pre_load, validates_schema

from contracts.fields import (
    ChineseMobile,
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Name,
    OccupationCode,
    RegionCode,
    group,
    level,
    listed,
    mode,
    one_of,
)
from contracts.vocabularies import modes, occupations, statuses

_ENTERPRISE_ONLY = (
    "headcount",
    "skills",
    "wage_low_fen",
    "wage_high_fen",
    "training_kind",
    "share_percent",
    "posts",
    "enterprise",
)
_WORKER_ONLY = ("group", "proof", "person")
_STRANGER = "此类需求不填该项 / not for this kind of demand"
_NEEDED = "企业需求须填该项 / a firm's demand needs it"
_UPSIDE_DOWN = "工资上限低于下限 / the upper wage is below the lower"


class Post(Contract):
    """A post (岗位) that a firm wants people trained for. Wages in fen a month."""

    title = Name(required=True)
    headcount = Count(low=1, high=100_000, required=True)
    skills = LongText(load_default=None, allow_none=True)
    wage_low_fen = Fen(load_default=None, allow_none=True)
    wage_high_fen = Fen(load_default=None, allow_none=True)

    @validates_schema
    def wages_in_order(self, data: dict[str, Any], **_: object) -> None:
        """Refuse wages upside down."""
        if _upside_down(data):
            raise ValidationError(_UPSIDE_DOWN, "wage_high_fen")


class Proof(Contract):
    """What shows that a worker is of the target group. The number is kept encrypted."""

    kind = one_of(statuses.PROOF_KINDS, required=True)
    number = Name(required=True)
    issued_by = Name(load_default=None, allow_none=True)
    issued_on = Day(load_default=None, allow_none=True)


class ProofShown(Contract):
    """number_tail: the last four characters; state: what an officer found; reason: theirs."""

    kind = one_of(statuses.PROOF_KINDS, required=True)
    number_tail = Name(required=True)
    issued_by = Name(required=True, allow_none=True)
    issued_on = Day(required=True, allow_none=True)
    state = one_of(statuses.PROOF, required=True)
    reason = LongText(required=True, allow_none=True)


class Contact(Contract):
    """Whom to ask about the demand, when not its own person; kept encrypted. hours: when to call."""

    name = Name(required=True)
    phone = ChineseMobile(required=True)
    hours = Name(load_default=None, allow_none=True)


class DemandContent(Contract):
    """What is asked for.

    hours: class hours wished for; wages in fen a month; share_percent: the firm's part of the cost; place:
    where the training should be; study_times: when there is time for it. A firm's headcount is the sum of
    its posts where it names them. occupation is a code of occupation_edition; a code of an older edition is
    taken as the one that it became, where that is known.
    """

    kind = one_of(statuses.DEMAND_KINDS, required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    occupation_edition = one_of(occupations.EDITIONS, load_default=occupations.EDITION)
    level = level(required=True)
    mode = mode(load_default=modes.ON_SITE)
    wanted_from = Day(required=True)
    study_times = listed(one_of(statuses.STUDY_TIMES), high=5, load_default=list)
    place = Name(load_default=None, allow_none=True)
    hours = Count(low=1, high=5000, load_default=None, allow_none=True)
    group = group(load_default=None, allow_none=True)
    proof = fields.Nested(Proof, load_default=None, allow_none=True)
    contact = fields.Nested(Contact, load_default=None, allow_none=True)
    posts = listed(fields.Nested(Post), high=50, load_default=list)
    headcount = Count(low=1, high=100_000, load_default=None, allow_none=True)
    skills = LongText(load_default=None, allow_none=True)
    wage_low_fen = Fen(load_default=None, allow_none=True)
    wage_high_fen = Fen(load_default=None, allow_none=True)
    training_kind = one_of(modes.KINDS.codes, load_default=None, allow_none=True)
    share_percent = Count(high=100, load_default=None, allow_none=True)

    @pre_load
    def newest_code(self, data: Any, **_: object) -> Any:
        """Take an occupation's code of an older edition as the one that it became."""
        return with_newest_code(data)

    @validates_schema
    def fits_kind(self, data: dict[str, Any], **_: object) -> None:
        """Refuse fields of the other kind, a firm's demand without its core, and figures at odds."""
        worker = data["kind"] == "worker"
        strangers = _ENTERPRISE_ONLY if worker else _WORKER_ONLY
        problems = {name: [_STRANGER] for name in strangers if data.get(name)}
        problems |= _worker_problems(data) if worker else _firm_problems(data)
        if problems:
            raise ValidationError(problems)


def with_newest_code(data: Any) -> Any:
    """Return given fields with the occupation's code of the newest edition.

    A code of which it is not known what it became is left with its edition before it: none that there is.
    """
    if not isinstance(data, dict):
        return data
    edition, code = data.get("occupation_edition"), data.get("occupation")
    if edition not in occupations.OLDER or not isinstance(code, str):
        return data
    newest = occupations.became(str(edition), code.strip()) or f"{edition}:{code}"
    return {**data, "occupation": newest, "occupation_edition": occupations.EDITION}


def _worker_problems(data: dict[str, Any]) -> dict[str, list[str]]:
    if data.get("proof") is not None and data.get("group") is None:
        return {"group": ["有证明须填人员类别 / a proof is of a target group: name it"]}
    return {}


def _firm_problems(data: dict[str, Any]) -> dict[str, list[str]]:
    posts = data.get("posts") or []
    problems: dict[str, list[str]] = {}
    if data.get("training_kind") is None:
        problems["training_kind"] = [_NEEDED]
    if data.get("headcount") is None and not posts:
        problems["headcount"] = [_NEEDED]
    elif posts and data.get("headcount") not in (None, sum(post["headcount"] for post in posts)):
        problems["headcount"] = ["人数与各岗位合计不符 / not the sum of the posts"]
    if data.get("skills") is None and not (posts and all(post.get("skills") for post in posts)):
        problems["skills"] = [_NEEDED]
    if _upside_down(data):
        problems["wage_high_fen"] = [_UPSIDE_DOWN]
    return problems


def _upside_down(data: dict[str, Any]) -> bool:
    low, high = data.get("wage_low_fen"), data.get("wage_high_fen")
    return isinstance(low, int) and isinstance(high, int) and low > high
