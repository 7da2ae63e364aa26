"""What a deletion takes away and what is kept for audit: what, why, until when (个人信息保护法 §47)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

_YEAR: Final = timedelta(days=365)
# what goes, in Chinese and English
DELETED: Final = (
    (
        "identity",
        "姓名、身份证号、手机号、银行账号：连同加密它们的密钥一并销毁，备份中的密文也无法再读",
        "name, citizen number, phone, bank account, and their key: copies in backups cannot be read either",
    ),
    ("demands", "未列入项目的培训需求：撤回", "demands that no project has taken in: withdrawn"),
    ("seats", "未开始的选班和未使用的培训券：取消", "seats not begun and vouchers not used: given up"),
    (
        "record",
        "电子档案、更正申请、授权和实训申报：删除",
        "the learner record, corrections, consents and reports of practice: deleted",
    ),
    (
        "credentials",
        "已出具的凭证：撤销，此后查验不通过",
        "credentials: revoked, and refused by whoever checks",
    ),
)
KEPT: Final = {
    "identity": {
        "zh": "姓名和身份证号：另行加密封存，只供审计，每次查阅留痕",
        "en": "name and number, sealed apart, for audit only; each look at them is recorded",
        "why_zh": "补贴实名制 [37 §14]；会计档案保管期限；期内只存储（个人信息保护法 §47）",
        "why_en": "subsidies by real name [37 §14]; the law keeps accounts, and ends other use (§47)",
    },
    "payments": {
        "zh": "名册、出勤、证书、补贴申请和支付记录：只留无名编号",
        "en": "rosters, attendance, certificates, claims and payments, under an opaque number",
        "why_zh": "会计档案和培训监管须可追溯",
        "why_en": "accounts and supervision have to be traceable",
    },
    "log": {
        "zh": "查阅和披露留痕",
        "en": "who was shown what, and when",
        "why_zh": "证明处理合法（个人信息保护法 §54、§69）",
        "why_en": "proof that the data were handled lawfully (§54, §69)",
    },
    "facts": {
        "zh": "业务事实的审计日志：只有无名编号，不含个人信息",
        "en": "the audit log of facts, which names nobody",
        "why_zh": "账目和流程可核对",
        "why_en": "books and steps can be checked",
    },
}


@dataclass(frozen=True)
class Held:
    """What is known of a person's money and trainings. rostered_at: of the last roster with the person;
    paid_at: when money was last paid in the person's name.
    """

    rostered_at: datetime | None = None
    paid_at: datetime | None = None

    @property
    def for_audit(self) -> bool:
        """Whether the real-name record must outlive the deletion."""
        return self.rostered_at is not None or self.paid_at is not None


def identity_until(held: Held, now: datetime, years: Mapping[str, int]) -> datetime | None:
    """Return until when name and number are kept apart, None when they are not kept at all.

    years: the values of the rule personal_data_kept.
    """
    ends = []
    if held.paid_at is not None:
        ends.append(held.paid_at + years["payment_years"] * _YEAR)
    if held.rostered_at is not None:
        ends.append(held.rostered_at + years["training_years"] * _YEAR)
    return max(ends) if ends and max(ends) > now else None


def deleted() -> list[dict[str, Any]]:
    """Return what goes."""
    return [{"what": what, "zh": zh, "en": en} for what, zh, en in DELETED]


def kept(held: Held, now: datetime, years: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return what stays."""
    until = identity_until(held, now, years)
    ends = {"log": now + years["log_years"] * _YEAR, "facts": None}
    if held.for_audit:
        ends = {"payments": until, **ends}
    if until is not None:
        ends = {"identity": until, **ends}
    return [{"what": what, **KEPT[what], "until": end} for what, end in ends.items()]
