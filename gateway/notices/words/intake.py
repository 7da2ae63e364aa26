"""What intake's facts (提单) are told as: persons, bodies, demands, mandates."""

from typing import Final

from contracts.events import intake, intake_demands, intake_mandates
from contracts.registry import Event
from gateway.notices.table import SUBJECT, Notice

_POSTERS: Final = ("poster_ref", "posted_by_ref")
_PARTIES: Final = ("principal_ref", "agency_ref")
_WHAT_ZH: Final = "{occupation}（{level}）需求单"
_WHAT_EN: Final = "The demand for {occupation} ({level})"


def _demand(event: Event, zh: str, en: str) -> Notice:
    return Notice(event, _POSTERS, f"{_WHAT_ZH}{zh}", f"{_WHAT_EN} {en}")


NOTICES: Final = [
    Notice(intake.PERSON_VERIFIED, (SUBJECT,), "您的身份信息已通过联网核查", "The registries confirmed you"),
    Notice(
        intake.PERSON_REFUSED,
        (SUBJECT,),
        "您的身份信息未通过联网核查：{reason}。请更正后重新提交",
        "The registry check failed: {reason}. Correct your details and hand them in again",
    ),
    Notice(intake.BODY_VERIFIED, (SUBJECT,), "本单位已通过联网核查", "The registry confirmed your body"),
    Notice(
        intake.BODY_REFUSED,
        (SUBJECT,),
        "本单位未通过联网核查：{reason}。请更正后重新提交",
        "The registry check of your body failed: {reason}. Correct its details and hand them in again",
    ),
    _demand(intake.DEMAND_POSTED, "已提交", "was posted"),
    _demand(intake.DEMAND_VERIFIED, "已通过核查，等待列入项目", "was confirmed and waits for a project"),
    _demand(
        intake.DEMAND_RETURNED,
        "已退回：{reason}。可修改后重新提交，或撤回",
        "was returned: {reason}. Change it and hand it in again, or withdraw it",
    ),
    _demand(intake_demands.DEMAND_CHANGED, "已修改", "was changed"),
    _demand(intake.DEMAND_LISTED, "已列入培训项目", "was taken into a training project"),
    _demand(intake.DEMAND_MET, "已满足：所列项目已结束", "is met: its project has ended"),
    _demand(
        intake_demands.DEMAND_LAPSING,
        "将于{lapses_on}失效；仍有需要请修改期望开始日期",
        "lapses on {lapses_on}; change the wanted start if it still stands",
    ),
    _demand(intake.DEMAND_LAPSED, "已失效：{reason}", "has lapsed: {reason}"),
    _demand(intake.DEMAND_WITHDRAWN, "已撤回", "was withdrawn"),
    _demand(
        intake_demands.DUPLICATE_FOUND,
        "可能与另一份需求单重复，将由工作人员核对，目前不受影响",
        "may be a double of another; an officer looks at it, nothing has changed",
    ),
    _demand(intake_demands.DUPLICATE_DISMISSED, "经核对不是重复需求", "was found to be no double of another"),
    _demand(
        intake_demands.DEMAND_MERGED,
        "已并入另一份重复的需求单，现人数{headcount}：{reason}",
        "now stands for a double too, for {headcount} people: {reason}",
    ),
    _demand(
        intake_demands.PROOF_DECIDED,
        "的人员类别（{group}）证明已核对：{reason}",
        "has had its proof of the group ({group}) looked at: {reason}",
    ),
    Notice(
        intake_mandates.MANDATE_RECORDED,
        _PARTIES,
        "{agency_name}代为提单的授权已记录，有效期{valid_from}至{valid_until}。如非本意可随时撤销",
        "{agency_name} may post demands on your behalf from {valid_from} to {valid_until}; "
        "you may withdraw this at any time",
    ),
    Notice(
        intake_mandates.MANDATE_WITHDRAWN,
        _PARTIES,
        "{agency_name}代为提单的授权已撤销：{reason}",
        "The mandate of {agency_name} was withdrawn: {reason}",
    ),
    Notice(
        intake_mandates.MANDATE_EXPIRED,
        _PARTIES,
        "{agency_name}代为提单的授权已于{valid_until}到期",
        "The mandate of {agency_name} ended on {valid_until}",
    ),
]
