"""(7) 买单: advance and living costs, a returned payment, employment months later, the balance."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from infra.demo import claiming, tell
from infra.demo.cast import CLOSED_ACCOUNT, Worker
from infra.demo.figures import (
    ADVANCE_FEN,
    EMPLOYED,
    PRICE_FEN,
    RATE_PERCENT,
    advance_fen,
    balance_fen,
    living_cost_fen,
    yuan,
)
from infra.demo.story import Story, later
from infra.demo.teaching import ended

_SINCE_DAYS: Final = 45
_MONTHS_LATER: Final = timedelta(days=120)
Document = dict[str, Any]


def run(story: Story) -> None:
    """Claim, review, pay; then the same for the balance."""
    tell.step(7, "买单：申请、初审复核、财政、拨付；就业后付尾款", "claims, reviews, payment, balance")
    claims = _first_claims(story)
    claiming.review(story, claims)
    returned = _correct(story, claims)
    for name, claim in zip(list(story.claims), claims, strict=True):
        story.claims[name] = claiming.await_paid(story, claim)
    tell.say("银行回单齐全，机构和学员款项全部到账", "the bank has paid the provider and every learner")
    held = _employ(story)
    _balance(story, held)
    _compare(story, returned, held)


def _first_claims(story: Story) -> list[Document]:
    advance = claiming.submit(story, "project_advance")
    _told("项目制先行拨付 60%", "the first 60 %", story, advance)
    claims = {"advance": advance}
    for each in story.classes:
        claim = claiming.submit(story, "living_cost", each.id)
        _told(f"{'一二'[each.number - 1]}班学员生活费补贴", "living costs", story, claim)
        claims[f"living-{each.number}"] = claim
    story.claims = claims
    _compare_lines(story)
    return list(claims.values())


def _told(zh: str, en: str, story: Story, claim: Document) -> None:
    tell.say(f"{zh}：{yuan(claim['total_fen'])} 元，{claim['people'] - claim['refused_people']} 人", en)
    claiming.show(claiming.calculation(story, claim))


def _compare_lines(story: Story) -> None:
    """Compare what was computed for each person."""
    learners = {one.person_ref: one for one in story.learners}
    lines = claiming.calculation(story, story.claims["advance"])["lines"]
    right = sum(line["amount_fen"] == ADVANCE_FEN and line["person_ref"] in learners for line in lines)
    due = sum(one.days > 0 for one in story.learners)
    story.figures.add("买单", "先行拨付逐人相符", "advance right for each person", due, right)
    right = 0
    for each in story.classes:
        found = claiming.calculation(story, story.claims[f"living-{each.number}"])
        paid = {line["person_ref"]: line["amount_fen"] for line in found["lines"]}
        right += sum(paid.get(one.person_ref, 0) == one.living_cost_fen for one in each.learners)
    story.figures.add("买单", "生活费逐人相符", "living costs right for each", len(story.learners), right)


def _correct(story: Story, claims: list[Document]) -> str:
    """Wait for the returned payment, correct the account, send it again; return whose it was."""
    worker = story.cast.workers[CLOSED_ACCOUNT - 1]
    officer = story.officer("payment")

    def look() -> list[Document]:
        lines = [line for claim in claims for line in claiming.payments(story, claim)]
        return [line for line in lines if line["status"] == "returned"]

    returned = story.until("the bank returns a payment", look, bool)
    owner = {one.person_ref: one for one in story.cast.workers}[returned[0]["payee_ref"]]
    tell.say(
        f"银行退回 {len(returned)} 笔：{owner.name} {yuan(returned[0]['amount_fen'])} 元"
        f"（{returned[0]['bank_reason']}，账户已销户）",
        "one payment is returned: closed account",
    )
    worker.bank_account = worker.bank_account[:-4] + f"{worker.number:04d}"
    worker.client.post("/persons/me/bank-account", {"bank_account": worker.bank_account})
    officer.post(
        f"/payments/{returned[0]['id']}/correction",
        {"reason": "学员已更正收款账户"},
        lag=("settlement.payee_unchanged",),
    )
    tell.say(f"{owner.name} 更正收款账户，拨付人员重新发出", "the learner corrects it, it is sent again")
    return owner.name


def _employ(story: Story) -> Document:
    """Report who works; return the balance claim that is held below 85 %."""
    story.clock.to(story.clock.now() + _MONTHS_LATER)
    done = {one.person_ref for one in story.learners if one.completed}
    graduates = [worker for each in story.classes for worker in each.roster if worker.person_ref in done]
    employed, others = graduates[:EMPLOYED], graduates[EMPLOYED:]
    since = later(ended(story), _SINCE_DAYS).isoformat()
    firm = story.cast.manufacturer.credit_code
    story.outside.load(
        "employments",
        [{"id_number": one.id_number, "credit_code": firm, "from_day": since} for one in employed],
    )
    # one who is not insured anywhere is reported too, and does not count
    for worker in [*employed[:-1], others[0]]:
        _report(story, worker, since)
    rate = _await_rate(story, len(employed) - 1, reported=len(employed))
    held = claiming.submit(story, "project_balance")
    tell.say(
        f"四个月后：{rate['completed']} 名结业学员中 {rate['proven']} 人就业有据（{rate['percent']}%），"
        f"另 1 人查无参保，不计；尾款暂不拨付（{held['outcome']}）",
        f"{rate['percent']} % employed with proof: the balance is held",
    )
    _report(story, employed[-1], since)
    rate = _await_rate(story, len(employed), reported=len(employed) + 1)
    tell.say(f"第 {rate['proven']} 人核实就业，就业率 {rate['percent']}%", f"now {rate['percent']} %")
    return held


def _report(story: Story, worker: Worker, since: str) -> None:
    training = next(each for each in story.classes if worker in each.roster)
    proof = hashlib.sha256(f"示例劳动合同 {worker.username}".encode()).hexdigest()
    story.winner.client.post(
        f"/classes/{training.id}/employments",
        {
            "person_ref": worker.person_ref,
            "employer_code": story.cast.manufacturer.credit_code,
            "since": since,
            "proof": proof,
        },
    )


def _await_rate(story: Story, proven: int, reported: int) -> Document:
    """Wait until the registry has answered on all reports; return the rate."""
    provider = story.winner.client

    def decided() -> int:
        reports = [
            report
            for each in story.classes
            for report in provider.get(f"/classes/{each.id}/employments")["items"]
        ]
        return sum(report["status"] in ("proven", "refuted") for report in reports)

    story.until("the registry's answers", decided, lambda count: count == reported)
    rate = provider.get(f"/projects/{story.project_id}/employment-rate")
    if rate["proven"] != proven:
        tell.say(f"就业有据应为 {proven} 人，实为 {rate['proven']} 人", "the number proven is off")
    return rate


def _balance(story: Story, held: Document) -> None:
    # settlement learns of the last employment by its fact
    claim = claiming.resubmit(story, held)
    _told("项目制尾款", "the balance", story, claim)
    claiming.review(story, [claim])
    story.claims["balance"] = claiming.await_paid(story, claim)
    tell.say("尾款到账", "the balance is paid")


def _compare(story: Story, returned: str, held: Document) -> None:
    add = story.figures.add
    learners, claims = story.learners, story.claims
    done = sum(one.completed for one in learners)
    rate = story.winner.client.get(f"/projects/{story.project_id}/employment-rate")
    add(
        "买单",
        "退回后更正的付款",
        "returned, corrected, paid",
        story.cast.workers[CLOSED_ACCOUNT - 1].name,
        returned,
    )
    add("买单", "就业有据", "employed with proof", EMPLOYED, rate["proven"])
    add("买单", "就业率（%）", "employment rate in %", EMPLOYED * 100 // done, rate["percent"])
    add(
        "买单",
        f"低于 {RATE_PERCENT}% 时尾款",
        "balance below the rate",
        ("held", 0),
        (held["outcome"], held["total_fen"]),
    )
    living = sum(claims[f"living-{each.number}"]["paid_fen"] for each in story.classes)
    add(
        "买单",
        "先行拨付（元）",
        "advance paid",
        advance_fen(learners),
        claims["advance"]["paid_fen"],
        money=True,
    )
    add("买单", "生活费补贴（元）", "living costs paid", living_cost_fen(learners), living, money=True)
    add(
        "买单", "尾款（元）", "balance paid", balance_fen(learners), claims["balance"]["paid_fen"], money=True
    )
    provider = claims["advance"]["paid_fen"] + claims["balance"]["paid_fen"]
    add(
        "买单",
        "机构合计＝结业人数×中标价",
        "provider: completed × price",
        done * PRICE_FEN,
        provider,
        money=True,
    )
