"""The worker's pages, in the order of the way from a wish to a certificate."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.commands import intake, selection
from contracts.vocabularies import roles
from gateway.api.route import One
from gateway.web.frame import (
    Action,
    Asking,
    Column,
    Section,
    Text,
    calls,
    detail_page,
    form_page,
    list_page,
    own_page,
)
from gateway.web.worker import attending, home

Doc = Mapping[str, Any]
WORKER: Final = frozenset({roles.WORKER})
_TO_DEMANDS: Final = ("/worker/demands", Text("我的需求单", "My demands"))
_TO_SEATS: Final = ("/worker/seats", Text("我的选班", "My classes"))
_TO_ME: Final = ("/worker/me", Text("个人信息", "About me"))
_PERSON: Final = {
    "name": Asking(Text("姓名", "Name"), Text("与身份证一致", "As on the identity card")),
    "region": Asking(Text("常住地区", "Where you live")),
}
CHOOSE: Final = calls.endpoint_of(selection.CHOOSE_SEATS, One(selection.ChooseRequest, selection.Enrolment))
_PLACE_IN_LINE: Final = Column("place", Text("候补次序", "Place in the line"))
_ELIGIBLE: Final = Column("eligible", show=lambda doc: home.ELIGIBILITY[doc["eligible"]])
_DEMAND_COLUMNS: Final = (
    "occupation",
    "level",
    "region",
    "wanted_from",
    "status",
)


def _demand_of_worker(variables: dict[str, str], _context: dict[str, Any]) -> dict[str, Any]:
    return {**variables, "kind": "worker"}


DEMANDS = [
    list_page(
        "/worker/demands",
        intake.LIST_DEMANDS,
        Text("我的需求单", "My demands"),
        _DEMAND_COLUMNS,
        nav=True,
        intro=Text(
            "告诉我们您想学什么，当地据此列单开班。", "Say what you want to learn: classes are opened for it."
        ),
        link="/worker/demands/{id}",
        filters=("status",),
        empty=Text(
            "还没有需求单。提交后，联网核查通过的需求会汇总列单。",
            "No demand yet. Checked demands become projects.",
        ),
        actions=(Action("/worker/demands/new", Text("提交培训需求", "Post a demand")),),
    ),
    form_page(
        "/worker/demands/new",
        intake.POST_DEMAND,
        Text("提交培训需求", "Post a demand"),
        "/worker/demands/{id}",
        Text(
            "需求单已提交。正在联网核查，结果会显示在这里。",
            "The demand is posted. It is being checked; the result shows here.",
        ),
        fields=("occupation", "level", "region", "wanted_from", "mode", "hours", "group"),
        asking={
            "region": Asking(Text("希望在哪里上课", "Where you want to learn")),
            "group": Asking(required=True),
        },
        fixed=_demand_of_worker,
        back=_TO_DEMANDS,
    ),
    detail_page(
        "/worker/demands/<demand_id>",
        intake.GET_DEMAND,
        Text("需求单", "Demand"),
        (
            *_DEMAND_COLUMNS,
            "mode",
            "hours",
            "group",
            "posted_at",
            "project_id",
            "duplicate_of",
            "reason",
            "id",
        ),
        fresh=lambda doc: doc["status"] == "submitted",
        actions=(
            Action(
                "/worker/demands/{id}/withdrawal",
                Text("撤回需求单", "Withdraw the demand"),
                when=lambda doc: doc["status"] in ("submitted", "verified", "returned"),
                secondary=True,
            ),
        ),
        back=_TO_DEMANDS,
    ),
    form_page(
        "/worker/demands/<demand_id>/withdrawal",
        intake.WITHDRAW_DEMAND,
        Text("撤回需求单", "Withdraw the demand"),
        "/worker/demands/{demand_id}",
        Text("需求单已撤回。", "The demand is withdrawn."),
        fields=("reason",),
        warning=Text("撤回后不能恢复，可以重新提交。", "It cannot be taken back; a new one can be posted."),
        submit=Text("确认撤回", "Withdraw"),
        back=("/worker/demands/{demand_id}", Text("需求单", "The demand")),
    ),
]
PERSON = [
    form_page(
        "/worker/registration",
        intake.REGISTER_PERSON,
        Text("登记个人信息", "Register yourself"),
        "/worker",
        Text("个人信息已登记，正在联网核查。", "You are registered; the registry is being asked."),
        fields=("name", "id_number", "phone", "region", "groups", "bank_account"),
        asking=_PERSON,
        intro=Text(
            "信息加密保存，仅用于核查身份、补贴资格和发放补贴。",
            "Kept encrypted; used to check who you are, what you are entitled to, and to pay.",
        ),
        stamp=True,
    ),
    detail_page(
        "/worker/me",
        intake.GET_PERSON,
        Text("个人信息", "About me"),
        (
            Column("name", Text("姓名", "Name")),
            "id_number",
            "phone",
            "region",
            "groups",
            "bank_account",
            "status",
            "reason",
        ),
        nav=True,
        intro=Text("号码只显示一部分。", "Numbers are shown in part only."),
        fresh=lambda doc: doc["status"] == "submitted",
        actions=(
            Action("/worker/me/bank-account", Text("更改收款账号", "Change the bank account")),
            Action("/worker/me/forget", Text("注销个人信息", "Have my data forgotten"), secondary=True),
        ),
    ),
    form_page(
        "/worker/me/bank-account",
        intake.CHANGE_PAYEE,
        Text("更改收款账号", "Change the bank account"),
        "/worker/me",
        Text("收款账号已更改。", "The bank account is changed."),
        fields=("bank_account",),
        back=_TO_ME,
    ),
    form_page(
        "/worker/me/forget",
        intake.FORGET_PERSON,
        Text("注销个人信息", "Have my data forgotten"),
        "/account",
        Text("个人信息已注销。", "Your data is forgotten."),
        fields=("reason",),
        warning=Text(
            "注销后姓名、证件号码和账号无法恢复。", "Name, numbers and accounts cannot be brought back."
        ),
        submit=Text("确认注销", "Forget my data"),
        back=_TO_ME,
    ),
]
SEATS = [
    own_page(
        "/worker/classes/<class_id>",
        Text("选这个班", "Choose this class"),
        WORKER,
        "worker/class.html",
        context=home.one_class,
    ),
    form_page(
        "/worker/classes/<class_id>/choice",
        CHOOSE,
        Text("选班", "Choose the class"),
        "/worker/seats/{id}",
        lambda doc: home.chosen_words(doc),
        context=home.class_above,
        submit=Text("占一个名额", "Take a seat"),
        template="worker/question.html",
        back=("/worker/classes/{class_id}", Text("返回班次", "Back to the class")),
    ),
    list_page(
        "/worker/seats",
        selection.LIST_ENROLMENTS,
        Text("我的选班", "My classes"),
        ("class_name", "status", "hold_until", "ahead", "chosen_at"),
        nav=True,
        intro=Text(
            "占位后请在期限内确认；满员时按到达次序候补。",
            "Confirm a held seat in time; a full class has a line.",
        ),
        link="/worker/seats/{id}",
        empty=Text("还没有选班。", "You have chosen no class yet."),
        actions=(Action("/", Text("查找班次", "Find a class"), secondary=True),),
    ),
    detail_page(
        "/worker/seats/<enrolment_id>",
        selection.GET_ENROLMENT,
        Text("选班", "Choice"),
        ("status", "hold_until", "seat", _PLACE_IN_LINE, "ahead", _ELIGIBLE, "chosen_at", "reason", "id"),
        template="worker/seat.html",
        heading=lambda doc: doc["class_name"],
        fresh=lambda doc: doc["status"] == "waiting",
        more=home.of_seat,
        actions=(
            Action(
                "/worker/seats/{id}/confirmation",
                Text("确认名额", "Confirm the seat"),
                when=lambda doc: doc["status"] == "held",
            ),
            Action(
                "/worker/timetable/{class_id}",
                Text("课程表与签到", "Timetable and sign-in"),
                when=lambda doc: doc["status"] in ("confirmed", "attending", "completed"),
            ),
            Action(
                "/worker/seats/{id}/cancellation",
                Text("取消", "Cancel it"),
                when=lambda doc: doc["status"] in ("held", "confirmed", "waiting"),
                secondary=True,
            ),
        ),
        back=_TO_SEATS,
    ),
    form_page(
        "/worker/seats/<enrolment_id>/confirmation",
        selection.CONFIRM_SEAT,
        Text("确认名额", "Confirm the seat"),
        "/worker/seats/{enrolment_id}",
        Text(
            "名额已确认。下一步：等待发券，领券后绑定到本班。",
            "The seat is yours. Next: a voucher, bound to this class.",
        ),
        intro=Text(
            "确认后名额归您，请按课程表参加培训。", "The seat is yours then; please come to the sessions."
        ),
        submit=Text("确认名额", "Confirm the seat"),
        back=("/worker/seats/{enrolment_id}", Text("选班", "The choice")),
    ),
    form_page(
        "/worker/seats/<enrolment_id>/cancellation",
        selection.CANCEL_SEAT,
        Text("取消选班", "Cancel the choice"),
        "/worker/seats/{enrolment_id}",
        Text("已取消，名额由候补递补。", "Cancelled: the next in line moves up."),
        fields=("reason",),
        warning=Text("取消后名额立即让给候补的人。", "The seat goes to the next in line at once."),
        submit=Text("确认取消", "Cancel the choice"),
        back=("/worker/seats/{enrolment_id}", Text("选班", "The choice")),
    ),
]
SECTIONS = [
    Section(
        "/worker",
        Text("我的培训", "My training"),
        WORKER,
        [
            own_page(
                "/worker", Text("我的培训", "My training"), WORKER, "worker/home.html", context=home.steps
            ),
            *DEMANDS,
            *SEATS,
            *attending.PAGES,
            *PERSON,
        ],
        order=10,
        register_at="/worker/registration",
    )
]
