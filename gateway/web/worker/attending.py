"""Vouchers and their QR code, the timetable, sign-in with the device's key, what comes after the class."""

import io
from collections.abc import Mapping
from typing import Any, Final

import segno
from markupsafe import Markup

from contracts.commands import (
    acceptance,
    acceptance_assessment,
    acceptance_attendance,
    acceptance_supervision,
    selection,
    selection_vouchers,
    settlement,
    settlement_payments,
)
from contracts.fields import moment_text
from contracts.vocabularies import roles
from gateway.api.route import One
from gateway.parts import parts
from gateway.web.frame import (
    Action,
    Asking,
    Elsewhere,
    Text,
    calls,
    detail_page,
    form_page,
    list_page,
    own_page,
)
from gateway.web.worker.home import OPEN_SEATS

Doc = Mapping[str, Any]
WORKER: Final = frozenset({roles.WORKER})
_TO_VOUCHERS: Final = ("/worker/vouchers", Text("我的培训券", "My vouchers"))
_TO_VOUCHER: Final = ("/worker/vouchers/{voucher_id}", Text("培训券", "The voucher"))
_TO_TIMETABLE: Final = ("/worker/timetable/{class_id}", Text("课程表", "The timetable"))
_HIDDEN: Final = Asking(kind="hidden")
_GOOD: Final = (
    (5, "很好", "very good"),
    (4, "好", "good"),
    (3, "一般", "fair"),
    (2, "差", "bad"),
    (1, "很差", "very bad"),
)
_MARKS: Final = [(str(mark), Text(zh, en)) for mark, zh, en in _GOOD]
SIGN_IN: Final = calls.endpoint_of(
    acceptance_attendance.SIGN_IN, One(acceptance_attendance.SignInRequest, acceptance_attendance.SignIn)
)


def qr(text: str, title: str) -> Markup:
    """Return a QR code as SVG, which prints and zooms sharp."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgclass="w-qr",
        lineclass=None,
        omitsize=True,
        border=4,
        light="#fff",
        title=title,
    )
    return Markup(out.getvalue().decode())  # noqa: S704  (made by the library of an opaque id)


def _voucher_qr(doc: Doc) -> dict[str, Any]:
    return {"qr": qr(f"wudan:voucher:1:{doc['id']}", "QR")}


def _own_seats() -> list[dict[str, Any]]:
    return [
        each
        for each in calls.ask(selection.LIST_ENROLMENTS, limit=100)["items"]
        if each["status"] in OPEN_SEATS or each["status"] == "completed"
    ]


def _classes_to_bind(_context: Any) -> list[tuple[str, Text]]:
    confirmed = [each for each in _own_seats() if each["status"] == "confirmed"]
    return [(each["class_id"], Text(each["class_name"], each["class_name"])) for each in confirmed]


def _voucher(variables: dict[str, str]) -> dict[str, Any]:
    return {"doc": calls.ask(selection_vouchers.GET_VOUCHER, voucher_id=variables["voucher_id"])}


def _seat_first(variables: dict[str, str]) -> dict[str, Any]:
    if not _classes_to_bind(None):
        raise Elsewhere(
            "/worker/seats",
            Text("请先选班并确认名额，再绑定培训券。", "Choose a class and confirm the seat first."),
        )
    return _voucher(variables)


def _timetable(variables: dict[str, str]) -> dict[str, Any]:
    return {
        "doc": calls.ask(acceptance.GET_CLASS, class_id=variables["class_id"]),
        "voucher": _bound_to(variables["class_id"]),
    }


def _bound_to(class_id: str) -> dict[str, Any] | None:
    usable = [
        each
        for each in calls.ask(selection_vouchers.LIST_VOUCHERS, limit=100)["items"]
        if each["class_id"] == class_id and each["status"] in ("bound", "in_use", "redeemed")
    ]
    return usable[0] if usable else None


def _timetables(_variables: dict[str, str]) -> dict[str, Any]:
    return {
        "seats": [each for each in _own_seats() if each["status"] in ("confirmed", "attending", "completed")]
    }


def _sign_in(variables: dict[str, str]) -> dict[str, Any]:
    found = _timetable(variables)
    sessions = [each for each in found["doc"]["sessions"] if each["session_id"] == variables["session_id"]]
    if not sessions:
        raise Elsewhere(
            f"/worker/timetable/{variables['class_id']}", Text("没有这节课。", "There is no such session.")
        )
    if found["voucher"] is None:
        raise Elsewhere(
            "/worker/vouchers",
            Text("请先领取培训券并绑定到本班。", "Claim a voucher and bind it to this class first."),
        )
    return {**found, "session": sessions[0], "clock": moment_text(parts().clock.now())}


def _signed(variables: dict[str, str], context: dict[str, Any]) -> dict[str, Any]:
    return {**variables, "voucher_id": context["voucher"]["id"]}


PAGES = [
    list_page(
        "/worker/vouchers",
        selection_vouchers.LIST_VOUCHERS,
        Text("我的培训券", "My vouchers"),
        ("id", "status", "valid_until", "region"),
        nav=True,
        link="/worker/vouchers/{id}",
        intro=Text(
            "领取后绑定到所选班次，上课时凭券签到。", "Claim one, bind it to your class, sign in with it."
        ),
        empty=Text(
            "还没有培训券。名额确认后由当地发放。",
            "No voucher yet: they are issued once seats are confirmed.",
        ),
    ),
    detail_page(
        "/worker/vouchers/<voucher_id>",
        selection_vouchers.GET_VOUCHER,
        Text("职业培训券", "Training voucher"),
        ("status", "valid_until", "region", "class_id", "issued_at", "reason", "id"),
        template="worker/voucher.html",
        more=_voucher_qr,
        actions=(
            Action(
                "/worker/vouchers/{id}/claim",
                Text("领取", "Claim it"),
                when=lambda doc: doc["status"] == "issued",
            ),
            Action(
                "/worker/vouchers/{id}/binding",
                Text("绑定到班次", "Bind it to a class"),
                when=lambda doc: doc["status"] == "claimed",
            ),
            Action(
                "/worker/timetable/{class_id}",
                Text("课程表与签到", "Timetable and sign-in"),
                when=lambda doc: doc["status"] in ("bound", "in_use"),
            ),
            Action(
                "/worker/vouchers/{id}/device",
                Text("换成这台手机签到", "Sign in with this device"),
                when=lambda doc: doc["status"] in ("claimed", "bound", "in_use"),
                secondary=True,
            ),
        ),
        back=_TO_VOUCHERS,
    ),
    form_page(
        "/worker/vouchers/<voucher_id>/claim",
        selection_vouchers.CLAIM_VOUCHER,
        Text("领取培训券", "Claim the voucher"),
        "/worker/vouchers/{voucher_id}",
        Text("培训券已领取。下一步：绑定到您的班次。", "The voucher is yours. Next: bind it to your class."),
        fields=("device_key",),
        asking={"device_key": _HIDDEN},
        template="worker/device.html",
        scripts=("device.js",),
        submit=Text("领取", "Claim it"),
        back=_TO_VOUCHER,
    ),
    form_page(
        "/worker/vouchers/<voucher_id>/device",
        selection_vouchers.BIND_DEVICE,
        Text("换成这台手机签到", "Sign in with this device"),
        "/worker/vouchers/{voucher_id}",
        Text("以后用这台设备签到。", "This device signs in from now on."),
        fields=("device_key",),
        asking={"device_key": _HIDDEN},
        template="worker/device.html",
        scripts=("device.js",),
        warning=Text("更换设备会被记录，供监管核对。", "The change is kept for supervision to see."),
        submit=Text("使用这台设备", "Use this device"),
        back=_TO_VOUCHER,
    ),
    form_page(
        "/worker/vouchers/<voucher_id>/binding",
        selection_vouchers.BIND_VOUCHER,
        Text("绑定班次", "Bind to a class"),
        "/worker/vouchers/{voucher_id}",
        Text("培训券已绑定，上课时即可签到。", "The voucher is bound: sign in at the sessions."),
        fields=("class_id",),
        asking={"class_id": Asking(Text("班次", "Class"), choices=_classes_to_bind, kind="radios")},
        context=_seat_first,
        submit=Text("绑定", "Bind it"),
        back=_TO_VOUCHER,
    ),
    own_page(
        "/worker/timetable",
        Text("课程表与签到", "Timetable and sign-in"),
        WORKER,
        "worker/timetables.html",
        context=_timetables,
        nav=True,
    ),
    own_page(
        "/worker/timetable/<class_id>",
        Text("课程表", "Timetable"),
        WORKER,
        "worker/timetable.html",
        context=_timetable,
    ),
    form_page(
        "/worker/timetable/<class_id>/<session_id>/sign-in",
        SIGN_IN,
        Text("签到", "Sign in"),
        "/worker/timetable/{class_id}",
        Text("签到成功。", "You are signed in."),
        roles=WORKER,
        fields=("code", "nonce", "signed_at", "signature", "longitude", "latitude"),
        asking={
            "code": Asking(
                Text("教室屏幕上的 8 位数字", "The 8 digits on the screen"),
                Text("数字每隔一会儿更换，请输入当前显示的", "They change: enter those that show now"),
            ),
            **dict.fromkeys(("nonce", "signed_at", "signature", "longitude", "latitude"), _HIDDEN),
        },
        context=_sign_in,
        fixed=_signed,
        template="worker/sign-in.html",
        scripts=("device.js",),
        submit=Text("签到", "Sign in"),
        back=_TO_TIMETABLE,
    ),
    form_page(
        "/worker/timetable/<class_id>/feedback",
        acceptance_supervision.GIVE_FEEDBACK,
        Text("评价这个班", "Say how the class is"),
        "/worker/timetable/{class_id}",
        Text("谢谢，评价已记录，不显示您的姓名。", "Thank you. It is kept without your name."),
        fields=("teaching", "content", "place", "words"),
        asking={
            "teaching": Asking(Text("教学", "Teaching"), choices=_MARKS),
            "content": Asking(Text("内容", "Content"), choices=_MARKS),
            "place": Asking(Text("场地设备", "Place and equipment"), choices=_MARKS),
            "words": Asking(Text("想说的话", "In your own words")),
        },
        back=_TO_TIMETABLE,
    ),
    own_page(
        "/worker/certificates",
        Text("证书", "Certificates"),
        WORKER,
        "worker/certificates.html",
        context=lambda _variables: {"items": calls.ask(acceptance_assessment.MY_CERTIFICATES)["items"]},
        nav=True,
    ),
    list_page(
        "/worker/claims",
        settlement.LIST_CLAIMS,
        Text("我的补贴申请", "My claims"),
        ("kind", "status", "total_fen", "paid_fen", "submitted_at"),
        nav=True,
        empty=Text(
            "没有由您本人提出的申请。生活费等补贴由机构代为申报，直接发到您的账号。",
            "None of your own: living costs are claimed for you.",
        ),
    ),
    list_page(
        "/worker/payments",
        settlement_payments.LIST_PAYMENTS,
        Text("发给我的补贴", "Paid to me"),
        ("amount_fen", "status", "paid_on", "bank_reason"),
        nav=True,
        empty=Text("还没有发放记录。", "Nothing was paid yet."),
    ),
]
