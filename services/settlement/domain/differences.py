"""What a reconciliation finds: each difference by its kind, with its likely cause in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "in_flight": (
        "银行已扣款，尚未确认到账或退回",
        "debited at the bank, not yet confirmed as paid or returned",
    ),
    "bank_later": (
        "账上已付，银行在截止日之后入账",
        "booked as paid, and on the statement of a later day",
    ),
    "returned_later": (
        "账上已付，银行其后退回，退回在截止日之后入账",
        "booked as paid and sent back by the bank, which was booked after the last day",
    ),
    "bank_only": (
        "银行已付而账上无此笔：银行回单尚未读取，或他人动用了该账户",
        "paid at the bank, not booked: its receipt is not read yet, or somebody else drew on the account",
    ),
    "bank_unknown": (
        "银行流水中有本系统未发出的指令",
        "the bank shows an instruction that this system never sent",
    ),
    "ledger_only": (
        "账上已付而银行流水无此笔：流水尚未读到当日",
        "booked as paid and not on the statement: the statement has not been read that far",
    ),
    "receipt_not_at_bank": (
        "追回收款已登记而银行流水无此笔：回单编号有误，或款项并未到账",
        "a recovery's receipt that the statement does not have: a wrong reference, or the money never came",
    ),
    "receipt_amount": (
        "追回收款登记的金额、日期或流水号与银行流水不符",
        "the bank's booking is of another amount or day than the recovery's receipt, or of something else",
    ),
    "amount": ("银行金额与账上金额不一致", "the bank's amount differs from the booked one"),
    "line_status": ("付款明细的状态与账不符", "the payment line's status does not fit the books"),
    "claim_sum": ("申请表已付金额与账不符", "the claim's paid amount differs from the books"),
    "claim_encumbered": ("申请表预留金额与账不符", "the claim's encumbered amount differs from the books"),
    "claim_ordered": ("申请表待付金额与账不符", "what the claim still has to be paid differs from the books"),
    "claim_offset": ("申请表抵扣金额与账不符", "what was set off for the claim differs from the books"),
    "claim_recovered": (
        "申请表追回金额与账不符",
        "what was recovered of the claim differs from the books",
    ),
    "claim_unknown": ("账上有而申请表中没有的申请", "the books name a claim that the table does not have"),
    "account_sums": ("资金账户余额与分录合计不符", "the fund account differs from the sum of its entries"),
    "chain": (
        "记账链校验不通过：分录被改动或缺失",
        "the chain of entries fails its check: changed or missing",
    ),
    "finance_in_flight": (
        "财政账户已扣减在途付款，账上待银行确认后记支付",
        "the finance account is down by the payments under way, which are booked once the bank confirms",
    ),
    "finance_budget": (
        "金额与近期一笔预算或调剂相同：财政账户尚未收到或拨出该笔",
        "as much as a recent budget or transfer: it has not reached (or left) the finance account yet",
    ),
    "finance_day": (
        "与前一日账面余额相同：财政账户余额可能是前一日的",
        "the books' balance of the day before: the finance account's figure may be of that day",
    ),
    "finance_balance": (
        "财政账户余额与账不符：可能有未入账的拨款、退款或他项支出",
        "the finance account's balance differs: a grant, a refund or another expense may not be booked",
    ),
}
# what time settles by itself, and what another office's book says: a month may be closed with them
TIMING: Final = frozenset(
    {
        "in_flight",
        "bank_later",
        "returned_later",
        "finance_in_flight",
        "finance_budget",
        "finance_day",
        "finance_balance",
    }
)


@dataclass(frozen=True)
class Difference:
    """about: the thing that differs; amount_fen: by how much."""

    kind: str
    account_id: str | None
    about: str
    amount_fen: int

    @property
    def words(self) -> tuple[str, str]:
        """The likely cause in Chinese and English."""
        return _WORDS[self.kind]

    @property
    def holds_a_month(self) -> bool:
        """Whether a month with it cannot be closed. What strangers paid in waits for who it is of."""
        return self.kind not in TIMING and (self.kind != "bank_unknown" or self.amount_fen > 0)
