"""From a request to a page: who may, what is read, what was typed, and where it leads."""

import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from contracts.vocabularies.errors import Refusal
from gateway.accounts.store import Holder
from gateway.api.cursors import FIELD
from gateway.parts import parts
from gateway.problems import Invalid
from gateway.web.frame import calls, flash, sessions, site
from gateway.web.frame.forms import Form, with_rows
from gateway.web.frame.kinds import DetailPage, Elsewhere, FormPage, ListPage, Page
from gateway.web.language import Text

KEY: Final = "idempotency_key"
_BUTTON: Final = "_button"
_MOST_PARTS: Final = 10_000
SENT_BEFORE: Final = Text(
    "这份表单已经提交过。如要另外提交一份，请核对后再按一次按钮。",
    "This form was sent before. To send another one, check it and press the button again.",
)
REGISTER_FIRST: Final = Text("请先登记，再办理其他事项。", "Register first; the rest comes after it.")
EXPIRED: Final = Text(
    "页面已过期，您填写的内容仍在。请核对后重新提交。",
    "The page had expired. What you entered is still here: check it and send it again.",
)


def view_of(page: Page) -> Any:
    """Return Flask's view of a page."""

    def view(**variables: str) -> AnyResponse:
        if isinstance(page, FormPage):
            make_room(page)
        parts().requests.hit(sessions.caller_of_page())
        try:
            return answered(variables)
        except Elsewhere as elsewhere:
            response = redirect(elsewhere.address, 303)
            flash.say(response, elsewhere.text)
            return response

    def answered(variables: dict[str, str]) -> AnyResponse:
        if request.method == "POST" and isinstance(page, FormPage):
            return posted(page, variables)
        account = sessions.signed_in()
        if not site.may(page, account):
            return _turned_away(page, account)
        if page.register_at and account is not None and not sessions.stands_for_somebody(account):
            raise Elsewhere(page.register_at, REGISTER_FIRST)
        return shown(page, variables)

    return view


def make_room(page: FormPage) -> None:
    """Take as much as the call takes, before anything looks at the form: it is longer than its JSON."""
    room = page.endpoint.max_bytes * 3 // 2
    request.max_content_length = request.max_form_memory_size = room
    request.max_form_parts = _MOST_PARTS


def _turned_away(page: Page, account: Holder | None) -> AnyResponse:
    if account is None:
        return redirect(f"/sign-in?{urlencode({'next': request.full_path.rstrip('?')})}", 303)
    raise Refusal("role.forbidden", roles="、".join(site.role_words(page.roles)))


def shown(page: Page, variables: dict[str, str]) -> AnyResponse:
    """Answer a GET."""
    if page.answer is not None:
        return make_response(page.answer(variables))
    if isinstance(page, ListPage):
        return rendered(page, _list(page, variables))
    if isinstance(page, DetailPage):
        return rendered(page, _detail(page, variables))
    if isinstance(page, FormPage):
        return begun(page, variables)
    return rendered(page, page.context(variables))


def rendered(page: Page, context: Mapping[str, Any], status: int = 200) -> AnyResponse:
    """Return a page with its template. Pages of accounts are kept by nobody."""
    response = make_response(render_template(page.template, **{"page": page, **context}), status)
    if not page.open:
        response.headers["Cache-Control"] = "no-store"
    return response


def _list(page: ListPage, variables: dict[str, str]) -> dict[str, Any]:
    asked = {name: request.args[name] for name in page.filters if request.args.get(name)}
    body: dict[str, Any] = {"limit": page.limit, **variables, **page.fixed(variables)}
    form = Form(page.call.request, page.filters, {}, None)
    body |= form.read(MultiDict(asked), MultiDict())
    for each in form.every():
        each.required = False
    try:
        found, following = calls.page_of(page.call, page.rule, body, request.args.get(FIELD))
    except Invalid as problem:
        errors = form.blame(calls.errors_of(problem))
        found, following = {"items": []}, None
        return {"form": form, "summary": errors, "items": [], "following": None, "asked": asked}
    query = urlencode({**asked, FIELD: following}) if following else None
    more = page.context(variables)
    return {"form": form, "items": found["items"], "following": query, "asked": asked, "found": found, **more}


def _detail(page: DetailPage, variables: dict[str, str]) -> dict[str, Any]:
    doc = calls.ask(page.call, **variables, **page.fixed)
    account = sessions.signed_in()
    actions = [
        each
        for each in page.actions
        if each.when(doc) and (not each.roles or (account and each.roles & account.roles))
    ]
    more = page.more(doc) if page.more else {}
    return {"doc": doc, "variables": variables, "actions": actions, "polls": page.fresh(doc), **more}


# ---- forms


def begun(page: FormPage, variables: dict[str, str]) -> AnyResponse:
    """Show a form for the first time; what stands in the address fills fields of the same name."""
    context = page.context(variables)
    form = Form(page.schema, page.fields, page.asking, context) if page.fields else None
    if form is not None:
        given = {name: value for name, value in request.args.items() if name in page.fields}
        form.begin({**page.initial(context), **given})
    return _form(page, variables, form, context, 200)


def posted(page: FormPage, variables: dict[str, str]) -> AnyResponse:
    """Take what was typed: do it, or show the form again with what is wrong beside each field."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Refusal("gateway.form")
    try:
        account, expired = sessions.signed_in(), False
        if account is None and page.open:
            parts().forms.check(
                request.cookies.get(sessions.FORM_COOKIE, ""), request.form.get("csrf_token", "")
            )
    except Refusal:
        account, expired = sessions.unchecked(), True
    if account is None and not page.open:
        return sessions.sign_in_again()
    if not site.may(page, account):
        return _turned_away(page, account)
    return again(page, variables, request.form, EXPIRED) if expired else _done(page, variables)


def again(
    page: FormPage,
    variables: dict[str, str],
    typed: "MultiDict[str, str]",
    notice: Text | None = None,
    address: str | None = None,
) -> AnyResponse:
    """Show a form with what was typed before, after a lost session, an old page, or a row more or less."""
    context = page.context(variables)
    form = Form(page.schema, page.fields, page.asking, context) if page.fields else None
    if form is not None:
        form.read(typed, MultiDict())
    more = {"action": address} if address else {}
    return _form(page, variables, form, context, 200, notice=notice, key=_key(typed), **more)


def _done(page: FormPage, variables: dict[str, str]) -> AnyResponse:
    button = request.form.get(_BUTTON, "")
    if button.startswith(("add:", "remove:")):
        return again(page, variables, with_rows(request.form, button))
    context = page.context(variables)
    form = Form(page.schema, page.fields, page.asking, context) if page.fields else None
    body = form.read(request.form, request.files) if form is not None else {}
    if form is not None and form.errors:
        return _wrong(page, variables, form, context, form.errors, 422)
    try:
        version = (
            int(request.form["version"])
            if page.versioned and request.form.get("version", "").isdigit()
            else None
        )
        answer = calls.run(page.endpoint, {**body, **page.fixed(variables, context)}, _key(), version)
    except Invalid as problem:
        return _wrong(page, variables, form, context, calls.errors_of(problem), 422)
    except Refusal as refusal:
        if refusal.code == "key_reused":
            return _form(page, variables, form, context, 409, notice=SENT_BEFORE, key=uuid.uuid4().hex)
        if refusal.code in ("not_found", "gateway.unauthenticated", "internal"):
            raise
        return _wrong(page, variables, form, context, calls.errors_of(refusal), refusal.status)
    facts = {**variables, **{name: value for name, value in answer.items() if isinstance(value, str | int)}}
    response = redirect(page.then.format_map(facts), 303)
    if page.after is not None:
        page.after(answer, response)
    flash.say(response, page.done(answer) if callable(page.done) else page.done)
    return response


def _wrong(
    page: FormPage, variables: dict[str, str], form: Form | None, context: dict[str, Any],
    errors: dict[str, list[Text]], status: int,
) -> AnyResponse:  # fmt: skip
    summary = form.blame(errors) if form else [(None, text) for texts in errors.values() for text in texts]
    # a new key, for what is sent next is another request, unless nobody knows whether this one was done
    key = _key() if status >= 500 else uuid.uuid4().hex
    return _form(page, variables, form, context, status, summary=summary, key=key)


def _form(
    page: FormPage,
    variables: dict[str, str],
    form: Form | None,
    context: dict[str, Any],
    status: int,
    **more: Any,
) -> AnyResponse:
    doc = context.get("doc")
    shown = {
        "form": form,
        "key": _key(),
        "action": request.path,
        "version": doc.get("version") if page.versioned and isinstance(doc, Mapping) else None,
        "variables": variables,
        "summary": [],
        "notice": None,
        **context,
        **more,
    }
    return rendered(page, shown, status)


def _key(typed: "MultiDict[str, str] | None" = None) -> str:
    given = (request.form if typed is None else typed).get(KEY, "")
    return given if 8 <= len(given) <= 64 and given.isascii() and given.isalnum() else uuid.uuid4().hex
