"""The way of a claim through its officers, as each step of (7) needs it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.dates import calendar_year
from infra.demo import tell
from infra.demo.figures import yuan
from infra.demo.officers import CITY
from infra.demo.story import Story

FUND: Final = "employment_subsidy"
# facts that are still on their way when a claim is made right after them
_LAG: Final = (
    "settlement.not_carried_out",
    "settlement.not_completed",
    "settlement.class_elsewhere",
    "not_found",
)
# evidence that is there and that settlement may not have been told of yet
_UNTOLD: Final = frozenset({"real_name_incomplete", "pension_unverified", "no_certificate"})
# registries that have yet to answer
_CHECKS: Final = ("settlement.checks_waiting", "settlement.marks_waiting")
_BEFORE_NOTICE: Final = (
    ("first-review", "acceptance", "材料齐全，受理"),
    ("first-review", "first-review", "初审：名册、签到、资格与明细相符"),
    ("second-review", "second-review", "复核：金额与依据相符"),
    ("second-review", "notice", "公示"),
)
_AFTER_NOTICE: Final = (
    ("second-review", "fund-request", "公示期满无异议，请款"),
    ("finance", "finance-review", "财政审核通过"),
    ("payment", "order", "开具支付令"),
)
Document = dict[str, Any]


def submit(story: Story, kind: str, class_id: str | None = None) -> Document:
    """Let the provider claim; return the claim as computed."""
    body: Document = {"kind": kind, "project_id": story.project_id, "reason": "按规定申请（示例）"}
    if class_id is not None:
        body["class_id"] = class_id
    claim = story.winner.client.post("/claims", body, lag=_LAG)
    return claim if not claim["payable"] or _evidenced(story, claim) else resubmit(story, claim)


def resubmit(story: Story, claim: Document) -> Document:
    """Have a claim computed again until it is payable and all evidence is in; return it.

    The provider knows that everybody is confirmed and who holds a certificate: a line that says otherwise
    only means that settlement has not been told yet.
    """
    body = {"reason": "材料已齐，重新核算"}
    return story.until(
        "a complete claim",
        lambda: story.winner.client.post(f"/claims/{claim['id']}/resubmission", body),
        lambda doc: doc["payable"] and _evidenced(story, doc),
    )


def _evidenced(story: Story, claim: Document) -> bool:
    refusals = calculation(story, claim)["refusals"]
    return not {refusal["fact"] for refusal in refusals} & _UNTOLD


def calculation(story: Story, claim: Document) -> Document:
    """Return the calculation of a claim, line by line."""
    return story.winner.client.get(f"/claims/{claim['id']}/calculation")


def show(found: Document) -> None:
    """Print one line of each kind and one refusal of each, with its clause."""
    shown: set[tuple[str, int]] = set()
    for line in found["lines"]:
        mark = (line["what"], line["amount_fen"])
        if mark not in shown:
            shown.add(mark)
            alike = sum((each["what"], each["amount_fen"]) == mark for each in found["lines"])
            tell.say(f"  每人 {yuan(line['amount_fen'])} 元 × {alike} 人：{line['zh']}［{_source(line)}］")
    for fact in dict.fromkeys(each["fact"] for each in found["refusals"]):
        same = [each for each in found["refusals"] if each["fact"] == fact]
        tell.say(f"  不予补贴 {len(same)} 人：{same[0]['zh']}［{_source(same[0])}］")


def _source(line: Document) -> str:
    illustrative = "，示例标准" if line["status"] == "illustrative" else ""
    return f"{line['document']} {line['clause']}{illustrative}"


def review(story: Story, claims: Sequence[Document]) -> None:
    """Carry claims from their acceptance to the order to pay, past one public notice for all."""
    _budget(story, sum(claim["total_fen"] for claim in claims))
    noticed = [_steps(story, claim, _BEFORE_NOTICE) for claim in claims]
    until = max(datetime.fromisoformat(claim["notice_until"]) for claim in noticed)
    tell.say(f"初审、复核通过，公示至 {until:%Y-%m-%d}", "two reviewers, then the public notice")
    story.clock.to(until)
    for claim in claims:
        _steps(story, claim, _AFTER_NOTICE)
    tell.say("请款、财政审核、支付令", "funds requested, finance review, payment ordered")


def _steps(story: Story, claim: Document, steps: Sequence[tuple[str, str, str]]) -> Document:
    after = claim
    for officer, step, reason in steps:
        if step == "first-review":
            _answer_marks(story, claim)
        path = f"/claims/{claim['id']}/{step}"
        after = story.officer(officer).post(path, {"reason": reason}, lag=_CHECKS)
    return after


def _answer_marks(story: Story, claim: Document) -> None:
    """Let the first reviewer answer each risk mark, once the comparison is finished."""
    officer, path = story.officer("first-review"), f"/claims/{claim['id']}/marks"
    found = officer.until("the risk marks", path, lambda doc: not doc["waiting"])
    for mark in found["items"]:
        tell.say(f"  风险提示：{mark['zh']}", mark["en"])
        reason = "已电话核实，情况属实，不影响补贴（示例）"
        officer.post(f"{path}/{mark['id']}/answer", {"reason": reason})


def _budget(story: Story, needed_fen: int) -> None:
    """Let the finance officer add what is needed to the year's budget."""
    officer = story.officer("finance")
    year = calendar_year(story.clock.now())
    before = sum(
        account["budget_fen"]
        for account in officer.get("/funds", year=year)["items"]
        if (account["fund"], account["region"]) == (FUND, CITY)
    )
    body = {"fund": FUND, "region": CITY, "year": year, "budget_fen": before + needed_fen}
    account = officer.post("/funds", body)
    tell.say(f"{year} 年就业补助资金预算增至 {yuan(account['budget_fen'])} 元", "budget of the year")


def payments(story: Story, claim: Document) -> list[Document]:
    """Return the payment lines of a claim."""
    return list(story.officer("payment").pages("/payments", claim_id=claim["id"]))


def await_paid(story: Story, claim: Document) -> Document:
    """Wait until the bank has paid every line of a claim."""
    officer = story.officer("payment")
    return officer.until("the claim is paid", f"/claims/{claim['id']}", lambda doc: doc["status"] == "paid")
