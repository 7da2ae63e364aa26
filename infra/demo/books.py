"""(8) 对账: ledger, bank and claims agree to the fen; one learner's trail runs through all five orders."""

from typing import Any, Final

from infra.demo import claiming, tell
from infra.demo.figures import advance_fen, balance_fen, living_cost_fen, yuan
from infra.demo.story import Story

_ORDERS: Final = 5


def run(story: Story) -> None:
    """Compare the three, once from each side."""
    tell.step(8, "对账：账、银行、申请表", "ledger, bank and claims")
    due = advance_fen(story.learners) + living_cost_fen(story.learners) + balance_fen(story.learners)
    claimed = sum(claim["paid_fen"] for claim in story.claims.values())
    booked, banked = _booked(story), _banked(story)
    tell.say(
        f"申请表 {yuan(claimed)} 元 ＝ 账 {yuan(booked)} 元 ＝ 银行 {yuan(banked)} 元",
        "each from its own side",
    )
    accounts = sorted({claim["fund_account"] for claim in story.claims.values()})
    agreed = [_reconciled(story, account) for account in accounts]
    for each in agreed:
        tell.say(
            f"资金账户 {each['account_id']}：账 {yuan(each['ledger_fen'])}、银行 {yuan(each['bank_fen'])}、"
            f"申请表 {yuan(each['claims_fen'])}，{each['entries']} 笔分录",
            "the platform's own reconciliation",
        )
    orders, gaps = _trail(story)
    _close(story)
    add = story.figures.add
    add("对账", "申请表（元）", "by the claims", due, claimed, money=True)
    add("对账", "账（元）", "by the ledger", due, booked, money=True)
    add("对账", "银行（元）", "by the bank's statement", due, banked, money=True)
    add(
        "对账",
        "平台对账无差异的账户",
        "accounts without difference",
        len(accounts),
        sum(each["agrees"] for each in agreed),
    )
    add("对账", "一名学员走过的单", "orders on one learner's trail", _ORDERS, orders)
    add("对账", "缺失的事件", "facts missing on it", 0, gaps)


def _booked(story: Story) -> int:
    """Return what the ledger says was paid on this run's claims, in fen."""
    officer = story.officer("finance")
    ids = {claim["id"] for claim in story.claims.values()}
    accounts = {claim["fund_account"] for claim in story.claims.values()}
    entries = [each for account in accounts for each in officer.pages(f"/funds/{account}/ledger")]
    return sum(
        posting["amount_fen"]
        for entry in entries
        if entry["claim_id"] in ids
        for posting in entry["postings"]
        if posting["account"] == "paid"
    )


def _banked(story: Story) -> int:
    """Return what left the payer's account for this run's payment lines and stayed away, in fen."""
    lines = {line["id"] for claim in story.claims.values() for line in claiming.payments(story, claim)}
    bookings = story.outside.bookings(story.since.isoformat(), story.clock.today().isoformat())
    ours = [each for each in bookings if each["instruction_id"].rpartition(":")[0] in lines]
    return -sum(int(each["amount_fen"]) for each in ours)


def _reconciled(story: Story, account: str) -> dict[str, Any]:
    """Return the platform's reconciliation of an account, once it has read the bank's statement."""
    officer = story.officer("finance")
    found = officer.until(
        "the reconciliation", "/reconciliations", lambda doc: doc["agrees"], account_id=account
    )
    return dict(found["accounts"][0])


def _trail(story: Story) -> tuple[int, int]:
    """Follow one learner's demand; return in how many orders it left facts, and how many are missing."""
    worker = story.classes[0].roster[0]
    auditor = story.officer("auditor")
    path = f"/trail/{worker.demand_id}"
    trail = auditor.until("the trail", path, lambda doc: doc["complete"])
    for stage in trail["stages"]:
        steps = [f"{thing['aggregate']}（{thing['state']}）" for thing in stage["things"]]
        tell.say(f"{worker.name} {stage['zh']}：{'、'.join(dict.fromkeys(steps))}")
    gaps = sum(len(thing["gaps"]) for stage in trail["stages"] for thing in stage["things"])
    return sum(bool(stage["things"]) for stage in trail["stages"]), gaps


def _close(story: Story) -> None:
    """Close the project: the demands of those who completed are met."""
    officer = story.officer("catalogue")
    officer.post(f"/projects/{story.project_id}/closure", {"reason": "尾款已付，项目结束"})

    def met() -> int:
        return sum(
            worker.client.get(f"/demands/{worker.demand_id}")["status"] == "met"
            for worker in story.cast.workers
        )

    completed = sum(one.completed for one in story.learners)
    found = story.until("the demands are met", met, lambda count: count == completed)
    story.figures.add("提单", "已满足的需求单", "demands met", completed, found)
    tell.say(f"项目关闭，{found} 份需求单转为已满足，其余重新待列单", "the project is closed")
