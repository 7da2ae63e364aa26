"""Accounts and sign-in: /v1/accounts, /v1/officers, /v1/tokens, /v1/sessions, /v1/me."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from gateway.accounts.auth import LIFETIME, Identity
from gateway.accounts.store import Account, Holder
from gateway.api import schemas
from gateway.api.answering import of_result
from gateway.api.endpoint import Answer, Asked, Endpoint
from gateway.api.route import Method
from gateway.parts import SESSION_COOKIE, address, identity, parts, set_session

Run = Callable[[Asked], Answer]


def shown(account: Holder) -> dict[str, Any]:
    """Return what an account's holder and an administrator see of it."""
    person, body = parts().services.actors.stands_for(account)
    return {
        "id": account.id,
        "username": account.username,
        "roles": sorted(account.roles),
        "region": account.region,
        "person_ref": person,
        "body_ref": body,
    }


def _sign_up(asked: Asked) -> dict[str, Any]:
    parts().sign_ins.hit(address())
    body = asked.body
    made = parts().auth.sign_up(
        body["username"], body["password"], frozenset({body["role"]}), None, asked.key
    )
    return shown(made)


def _new_officer(asked: Asked) -> dict[str, Any]:
    body = asked.body
    made = parts().auth.sign_up(
        body["username"], body["password"], frozenset(body["roles"]), body["region"], asked.key
    )
    return shown(made)


def _signed_in(asked: Asked) -> Account:
    parts().sign_ins.hit(address())
    return parts().auth.sign_in(asked.body["username"], asked.body["password"], address())


def _new_token(asked: Asked) -> Response:
    account = _signed_in(asked)
    secret, until = parts().auth.grant(account, "token")
    answer = {"token": secret, "expires_at": until, "account": shown(account)}
    return _unkept(of_result(schemas.Token().dump(answer), 201))


def _new_session(asked: Asked) -> Response:
    if not request.mimetype == "application/json":
        raise Refusal("gateway.media_type", given=request.mimetype or "-")
    account = _signed_in(asked)
    secret, until = parts().auth.grant(account, "session")
    answer = {"csrf_token": parts().forms.token(secret), "expires_at": until, "account": shown(account)}
    response = _unkept(of_result(schemas.Session().dump(answer), 201))
    set_session(response, secret, int(LIFETIME["session"].total_seconds()))
    return response


def _end(_asked: Asked) -> Response:
    parts().auth.revoke(_here())
    response = Response(status=204)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _me(asked: Asked) -> dict[str, Any]:
    return shown(_here().account)


def _new_password(asked: Asked) -> Response:
    parts().sign_ins.hit(address())
    parts().auth.change_password(_here(), asked.body["old_password"], asked.body["new_password"])
    return Response(status=204)


def _here() -> Identity:
    who = identity()
    if who is None:
        raise Refusal("gateway.unauthenticated")
    return who


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(name: str, method: Method, rule: str, run: Run, summary: str, **more: Any) -> Endpoint:
    given = {"request": schemas.Nothing, "answer": None, "roles": frozenset(), **more}
    return Endpoint(name=name, method=method, rule=rule, tag="gateway", run=run, summary=summary, **given)


_ADMINISTRATOR = frozenset({roles.ADMINISTRATOR})
_SHOWN = schemas.AccountShown
_PAIR = {"request": schemas.Credentials, "status": 201, "open": True}
ENDPOINTS = [
    _own(
        "sign-up", "POST", "/accounts", _sign_up, "注册 / sign up",
        request=schemas.SignUp, answer=_SHOWN, status=201, open=True, changes=True,
    ),
    _own(
        "new-officer", "POST", "/officers", _new_officer, "开设工作人员账号 / make an officer's account",
        request=schemas.NewOfficer, answer=_SHOWN, roles=_ADMINISTRATOR, status=201, changes=True,
    ),
    _own("new-token", "POST", "/tokens", _new_token, "令牌 / get a token", answer=schemas.Token, **_PAIR),
    _own("end-token", "DELETE", "/tokens/current", _end, "注销令牌 / end this token", status=204),
    _own("new-session", "POST", "/sessions", _new_session, "登录 / sign in", answer=schemas.Session, **_PAIR),
    _own("end-session", "DELETE", "/sessions/current", _end, "页面退出 / sign out", status=204),
    _own("me", "GET", "/me", _me, "我的账号 / my account", answer=_SHOWN),
    _own(
        "new-password", "POST", "/me/password", _new_password, "修改密码 / change the password",
        request=schemas.NewPassword, status=204,
    ),
]  # fmt: skip
