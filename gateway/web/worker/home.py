"""What a worker does next, and what stands above the worker's forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.commands import acceptance, intake, selection, selection_vouchers
from contracts.vocabularies.errors import Refusal
from gateway.web.frame import Text, calls
from gateway.web.frame.choices import word
from gateway.web.frame.showing import field_at

Doc = Mapping[str, Any]
OPEN_SEATS = ("held", "confirmed", "attending", "waiting")
ELIGIBILITY = {
    "yes": Text("符合补贴条件", "you are entitled to the subsidy"),
    "no": Text("不符合补贴条件，可自费参加", "you are not entitled to the subsidy; you may pay yourself"),
    "needs_proof": Text("可能符合，需要补充证明", "you may be entitled; a proof is needed"),
}


@dataclass(frozen=True)
class Step:
    """One step of the way. state: its tag; urgent: to be done now."""

    title: Text
    address: str
    state: Any
    urgent: bool = False


def steps(_variables: dict[str, str]) -> dict[str, Any]:
    """Return the way from a wish to a certificate, with what is to be done now."""
    person = calls.asked_or_none(intake.GET_PERSON)
    if person is None:
        return {
            "person": None,
            "steps": [Step(Text("登记个人信息", "Register yourself"), "/worker/registration", TO_DO, True)],
        }
    demands = calls.ask(intake.LIST_DEMANDS, limit=1)["items"]
    seats = calls.ask(selection.LIST_ENROLMENTS, limit=100)["items"]
    vouchers = calls.ask(selection_vouchers.LIST_VOUCHERS, limit=100)["items"]
    return {
        "person": person,
        "steps": [
            Step(
                Text("个人信息", "About me"),
                "/worker/me",
                word("status", field_at(intake.OwnPerson(), "status"), person["status"]),
            ),
            Step(Text("提交培训需求", "Post a demand"), "/worker/demands", DONE if demands else TO_DO),
            _of_seats(seats),
            *_of_vouchers(vouchers, seats),
            Step(Text("课程表与签到", "Timetable and sign-in"), "/worker/timetable", Text("", "")),
            Step(Text("证书", "Certificates"), "/worker/certificates", Text("", "")),
        ],
    }


TO_DO = Text("待办", "To do")
DONE = Text("已完成", "Done")


def _of_seats(seats: list[dict[str, Any]]) -> Step:
    title = Text("选班", "Choose a class")
    held = [each for each in seats if each["status"] == "held"]
    if held:
        return Step(
            Text("确认名额", "Confirm the seat"),
            f"/worker/seats/{held[0]['id']}",
            Text("请尽快确认", "Confirm soon"),
            True,
        )
    chosen = any(each["status"] in OPEN_SEATS for each in seats)
    return Step(title, "/worker/seats" if seats else "/", DONE if chosen else TO_DO)


def _of_vouchers(vouchers: list[dict[str, Any]], seats: list[dict[str, Any]]) -> list[Step]:
    title = Text("领取并绑定培训券", "Claim and bind a voucher")
    for status, address in (
        ("issued", "/worker/vouchers/{}/claim"),
        ("claimed", "/worker/vouchers/{}/binding"),
    ):
        for each in vouchers:
            if each["status"] == status:
                return [Step(title, address.format(each["id"]), TO_DO, True)]
    if vouchers:
        return [Step(title, "/worker/vouchers", DONE)]
    waits = any(each["status"] == "confirmed" for each in seats)
    return [
        Step(title, "/worker/vouchers", Text("等待发券", "Waiting for a voucher") if waits else Text("", ""))
    ]


def one_class(variables: dict[str, str]) -> dict[str, Any]:
    """Return a class with its seats, what eligibility says, and the own choice of it."""
    class_id = variables["class_id"]
    doc = calls.ask(acceptance.GET_CLASS, class_id=class_id)
    mine = [
        each
        for each in calls.ask(selection.LIST_ENROLMENTS, limit=100)["items"]
        if each["class_id"] == class_id and each["status"] in OPEN_SEATS
    ]
    return {
        "doc": doc,
        "seating": _or_none(lambda: calls.ask(selection.GET_SEATING, class_id=class_id)),
        "eligibility": _or_none(lambda: calls.ask(selection.ELIGIBILITY_OF, class_id=class_id)),
        "words": ELIGIBILITY,
        "mine": mine[0] if mine else None,
    }


def class_above(variables: dict[str, str]) -> dict[str, Any]:
    """Return the class that a question is about."""
    doc = calls.ask(acceptance.GET_CLASS, class_id=variables["class_id"])
    return {"doc": doc, "seating": _or_none(lambda: calls.ask(selection.GET_SEATING, class_id=doc["id"]))}


def chosen_words(doc: Doc) -> Text:
    """Return what came of a choice."""
    if doc["status"] == "waiting":
        return Text(
            f"已进入候补，前面还有 {doc['ahead']} 人。",
            f"You are in the line; {doc['ahead']} wait before you.",
        )
    return Text("名额已为您保留，请在期限内确认。", "A seat is held for you: confirm it in time.")


def of_seat(doc: Doc) -> dict[str, Any]:
    """Return the class of a choice."""
    return {
        "training": _or_none(lambda: calls.ask(acceptance.GET_CLASS, class_id=doc["class_id"])),
        "words": ELIGIBILITY,
    }


def _or_none(read: Any) -> Any:
    """Return what a read gives, None while a service has not heard of the thing yet."""
    try:
        return read()
    except Refusal as refusal:
        if refusal.status in (404, 409):
            return None
        raise
