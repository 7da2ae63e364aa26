"""Signing up, the own account, the password, the own body."""

from typing import Any, Final

from flask import redirect

from contracts.commands import intake
from contracts.vocabularies import roles
from gateway.accounts.store import Holder
from gateway.api import accounts
from gateway.api.endpoint import Endpoint
from gateway.parts import parts
from gateway.web.frame import Action, Asking, Section, Text, detail_page, form_page, own_page, sessions, views
from gateway.web.frame.site import of_account, pages
from gateway.web.language import t

BODIES: Final = frozenset({roles.ENTERPRISE, roles.PROVIDER, roles.ASSESSOR, roles.AGENCY})
_ANYONE: Final = frozenset(roles.NAMES)
_ROLES: Final = [
    (
        roles.WORKER,
        Text("劳动者：提交培训需求、选班、领券、签到", "Worker: ask for training, choose classes, sign in"),
    ),
    (
        roles.ENTERPRISE,
        Text("企业：为本单位岗位和职工提需求", "Enterprise: demands for one's posts and staff"),
    ),
    (roles.PROVIDER, Text("培训机构：应榜、开班、申请补贴", "Training provider: bids, classes, claims")),
    (roles.ASSESSOR, Text("评价机构：考核与证书", "Assessment body: tests and certificates")),
    (roles.AGENCY, Text("代办机构：受托代他人提需求", "Agency: demands on behalf of others")),
]


def _own(name: str) -> Endpoint:
    return next(each for each in accounts.ENDPOINTS if each.name == name)


def _after_sign_up(answer: Any, response: Any) -> None:
    """Sign in who has just signed up."""
    account = parts().auth.account(answer["id"])
    if account is not None:
        sessions.keep_session(response, sessions.begin_session(account))


def _account() -> Holder:
    account = sessions.signed_in()
    assert account is not None, "the frame lets only those in who are signed in"  # noqa: S101
    return account


def _me(_variables: dict[str, str]) -> dict[str, Any]:
    account = _account()
    stands_for = parts().services.actors.stands_for(account)
    return {
        "account": account,
        "words": [
            roles.NAMES[role] if t("zh", "en") == "zh" else role.replace("_", " ") for role in account.roles
        ],
        "has_body": bool(account.roles & BODIES),
        "is_worker": roles.WORKER in account.roles,
        "registered": any(stands_for),
    }


def _workplaces(_variables: dict[str, str]) -> Any:
    """Lead to the one workplace of the account, or show the several ones."""
    own = of_account(_account())
    if len(own) == 1:
        return redirect(own[0].path, 303)
    page = pages()["/work"]
    return views.rendered(page, {"listed": own})


def _kind_of_body(variables: dict[str, str], _context: dict[str, Any]) -> dict[str, Any]:
    return {**variables, "kind": next(iter(_account().roles & BODIES), "")}


PAGES = [
    form_page(
        "/sign-up",
        _own("sign-up"),
        Text("注册账号", "Sign up"),
        "/work",
        Text("账号已开通。下一步：登记您的信息。", "The account is open. Next: register."),
        open=True,
        fields=("role", "username", "password"),
        asking={
            "role": Asking(Text("您的身份", "Who you are"), choices=_ROLES),
            "password": Asking(kind="password"),
        },
        after=_after_sign_up,
        submit=Text("注册", "Sign up"),
        intro=Text("工作人员账号由管理员开设，不在此注册。", "The administrator makes officers' accounts."),
    ),
    own_page("/work", Text("我的工作台", "My workplace"), _ANYONE, "frame/index.html", answer=_workplaces),
    own_page("/account", Text("我的账号", "My account"), _ANYONE, "account/account.html", context=_me),
    form_page(
        "/account/password",
        _own("new-password"),
        Text("修改密码", "Change the password"),
        "/sign-in",
        Text("密码已修改，请用新密码登录。", "The password is changed: sign in with the new one."),
        roles=_ANYONE,
        fields=("old_password", "new_password"),
        asking={"old_password": Asking(kind="password"), "new_password": Asking(kind="password")},
        fixed=lambda _variables, _context: {},
        back=("/account", Text("我的账号", "My account")),
    ),
    form_page(
        "/account/body/new",
        intake.REGISTER_BODY,
        Text("登记单位", "Register a body"),
        "/account/body",
        Text("单位信息已提交联网核查，通常几秒内有结果。", "Sent to the registry for a check."),
        fields=("credit_code", "name", "region", "bank_account"),
        fixed=_kind_of_body,
        back=("/account", Text("我的账号", "My account")),
        stamp=True,
    ),
    detail_page(
        "/account/body",
        intake.GET_BODY,
        Text("单位信息", "The body"),
        ("name", "credit_code", "kind", "region", "status", "scope", "account_given", "reason"),
        roles=BODIES,
        heading=lambda doc: doc["name"],
        fresh=lambda doc: doc["status"] == "submitted",
        actions=(Action("/account/body/bank-account", Text("更改收款账号", "Change the bank account")),),
        back=("/account", Text("我的账号", "My account")),
    ),
    form_page(
        "/account/body/bank-account",
        intake.CHANGE_PAYEE,
        Text("更改收款账号", "Change the bank account"),
        "/account/body",
        Text("收款账号已更改。", "The bank account is changed."),
        roles=BODIES,
        fields=("bank_account",),
        back=("/account/body", Text("单位信息", "The body")),
    ),
]
SECTIONS = [Section("", Text("账号", "Account"), frozenset(), PAGES, order=99)]
