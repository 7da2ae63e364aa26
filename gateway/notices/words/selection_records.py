"""What selection's facts about records (电子档案) are told as."""

from typing import Final

from contracts.events import selection_records as records
from gateway.notices.table import Notice

_TO: Final = ("person_ref",)
NOTICES: Final = [
    Notice(
        records.RECORD_READ,
        _TO,
        "您的电子档案已被授权单位查阅",
        "A body that you let read has read your record",
    ),
    Notice(
        records.CORRECTION_ANSWERED,
        _TO,
        "您的档案更正申请已答复",
        "Your request to correct the record was answered",
    ),
    Notice(
        records.CREDENTIAL_REVOKED,
        _TO,
        "您的一份凭证已撤销：{reason}",
        "One of your credentials was revoked: {reason}",
    ),
    Notice(records.PRACTICE_DECIDED, _TO, "您申报的实训已有结果", "Your report of practice was decided"),
    Notice(
        records.CREDITS_RECOGNISED,
        _TO,
        "有单位认定了您的{credits}个技能学分",
        "A body recognised {credits} of your skill credits",
    ),
    Notice(
        records.CONSENT_GIVEN,
        ("reader_ref",),
        "有劳动者授权本单位查阅其电子档案",
        "A worker lets you read a record",
    ),
    Notice(
        records.CONSENT_REVOKED,
        ("reader_ref",),
        "一份查阅授权已撤回",
        "A consent to read a record was revoked",
    ),
]
