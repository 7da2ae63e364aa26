"""Refusals of gateway."""

from contracts.vocabularies.errors.text import ErrorText as E

_API_DOCUMENT = ("请对照接口文档 /v1/docs", "See the API document at /v1/docs")

ERRORS: dict[str, E] = {
    "gateway.bad_request": E(400, "请求格式有误", "The request cannot be read", *_API_DOCUMENT),
    "gateway.bad_json": E(
        400,
        "请求体不是有效的 JSON 对象：{reason}",
        "The body is not a JSON object: {reason}",
        "请发送 UTF-8 编码的 JSON 对象",
        "Send a JSON object in UTF-8",
    ),
    "gateway.media_type": E(
        415,
        "不支持媒体类型 {given}",
        "The media type {given} is not taken here",
        "请以 Content-Type: application/json 发送",
        "Send it as Content-Type: application/json",
    ),
    "gateway.too_large": E(
        413,
        "请求体过大，上限为 {limit} 字节",
        "The body is too large; the limit is {limit} bytes",
        "请缩减内容或分批提交",
        "Send less, or send it in parts",
    ),
    "gateway.no_route": E(
        404,
        "没有这个地址",
        "There is nothing at this address",
        "请核对地址，接口见 /v1/docs",
        "Check the address; the API is at /v1/docs",
    ),
    "gateway.method": E(
        405,
        "此地址不接受 {method} 方法",
        "The method {method} is not possible here",
        "可用方法见 Allow 响应头",
        "The Allow header says what is",
    ),
    "gateway.unauthenticated": E(
        401,
        "请先登录",
        "Sign in first",
        "以 POST /v1/tokens 取得令牌，或在页面上登录",
        "Get a token from POST /v1/tokens, or sign in on the page",
    ),
    "gateway.credentials": E(
        401,
        "用户名或密码不正确",
        "The user name or the password is wrong",
        "请核对后重试",
        "Check them and try again",
    ),
    "gateway.sign_in_slowed": E(
        429,
        "登录失败次数过多，请 {seconds} 秒后再试",
        "Too many failed sign-ins; try again in {seconds} seconds",
        "请稍候；忘记密码请联系管理员",
        "Wait; if you forgot the password, ask an administrator",
    ),
    "gateway.too_many": E(
        429,
        "请求过于频繁，请 {seconds} 秒后再试",
        "Too many requests; try again in {seconds} seconds",
        "请降低请求频率",
        "Send fewer requests",
    ),
    "gateway.form": E(
        403,
        "表单校验未通过，可能页面已过期",
        "The form could not be checked; the page may be too old",
        "请刷新页面后重新提交",
        "Reload the page and send it again",
    ),
    "gateway.key_format": E(
        400,
        "Idempotency-Key 应为 1 至 128 个可见 ASCII 字符",
        "An Idempotency-Key has 1 to 128 visible ASCII characters",
        "建议使用 UUID",
        "A UUID is a good key",
    ),
    "gateway.if_match": E(
        400,
        "If-Match 应为读取时返回的 ETag",
        "If-Match must be an ETag that a read gave",
        "请重新读取该记录并使用其 ETag",
        "Read the record again and use its ETag",
    ),
    "gateway.cursor": E(
        400,
        "分页游标无效",
        "The cursor is not valid here",
        "请从第一页重新开始，筛选条件须与取得游标时相同",
        "Begin at the first page; the filters must be those that the cursor was given for",
    ),
    "gateway.username_taken": E(
        409,
        "用户名已被使用",
        "The user name is taken",
        "请换一个用户名，或直接登录",
        "Choose another, or sign in",
    ),
}
