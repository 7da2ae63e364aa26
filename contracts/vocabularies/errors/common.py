"""Refusals that any service or the gateway can give."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS = {
    "invalid": E(
        422,
        "字段 {field} 不符合要求：{reason}",
        "Field {field} is not valid: {reason}",
        "请按提示更正该字段后重新提交",
        "Correct the field as told and send again",
    ),
    "not_found": E(
        404,
        "找不到 {what}",
        "{what} was not found",
        "请核对编号，或确认您有权查看",
        "Check the number, and that you may see it",
    ),
    "stale_version": E(
        412,
        "资料已更新：现为第 {current} 版，您依据的是第 {expected} 版",
        "It has changed: version {current} now, you worked from version {expected}",
        "请重新打开后再操作",
        "Read it again, then repeat your step",
    ),
    "out_of_order": E(
        409,
        "当前状态为“{status}”，不能进行“{step}”",
        "In status {status} the step {step} is not possible",
        "请先完成前一步，或查看该记录的办理进度",
        "Finish the step before it, or look at its progress",
    ),
    "role.forbidden": E(
        403,
        "此操作需要以下角色之一：{roles}",
        "This needs one of the roles: {roles}",
        "请使用有相应权限的账号登录",
        "Sign in with an account that has the role",
    ),
    "region.forbidden": E(
        403,
        "您的管辖区域不包括 {region}",
        "Your region does not cover {region}",
        "请由该区域或其上级的工作人员办理",
        "Ask an officer of that region or above it",
    ),
    "owner.forbidden": E(
        403,
        "该记录属于他人",
        "This record belongs to somebody else",
        "请由本人或本单位办理",
        "Only its owner can do this",
    ),
    "actor.invalid": E(
        401, "身份凭据无效", "The proof of who acts is not valid", "请重新登录", "Sign in again"
    ),
    "actor.expired": E(
        401, "身份凭据已过期", "The proof of who acts has expired", "请重新登录", "Sign in again"
    ),
    "key_reused": E(
        422,
        "同一幂等键已用于另一内容",
        "This Idempotency-Key was used with another body",
        "新的请求请使用新的幂等键",
        "Use a new key for a new request",
    ),
    "deadline_passed": E(
        504,
        "请求在处理前已超时，未作任何更改",
        "The request ran out of time before it was handled; nothing changed",
        "请用同一幂等键重试",
        "Try again with the same Idempotency-Key",
    ),
    "unavailable": E(
        503,
        "{what} 暂时不可用",
        "{what} cannot be reached right now",
        "请稍后用同一幂等键重试；已提交的内容不会丢失或重复",
        "Try again later with the same Idempotency-Key; nothing is lost or doubled",
    ),
    "pending": E(
        202,
        "请求的版本尚未到达此处",
        "The version asked for has not arrived here yet",
        "请稍后再读",
        "Read again in a moment",
    ),
    "busy": E(
        503,
        "同一记录正被多人同时办理",
        "Too many are working on the same record at once",
        "请稍后用同一幂等键重试",
        "Try again with the same Idempotency-Key",
    ),
    "contract_broken": E(
        422,
        "消息不符合约定：{reason}",
        "The message breaks its contract: {reason}",
        "请按接口文档更正",
        "Correct it as the API document says",
    ),
    "clock.demonstration_only": E(
        403,
        "仅演示模式可以调整业务时间",
        "Business time can be moved in demonstration mode only",
        "正式环境不提供此操作",
        "Production does not offer this",
    ),
    "clock.backwards": E(
        409,
        "业务时间只能向前",
        "Business time moves forward only",
        "请选择晚于当前业务时间的时刻",
        "Choose a moment after the present business time",
    ),
    "internal": E(
        500,
        "系统内部错误，未作任何更改",
        "Something failed inside; nothing changed",
        "请用同一幂等键重试；若仍失败，请提供编号 {correlation}",
        "Try again with the same Idempotency-Key; if it fails again, quote {correlation}",
    ),
}
