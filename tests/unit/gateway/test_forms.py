"""Forms from contracts: what is typed becomes values, and back; rows; errors beside their fields."""

from dataclasses import replace
from typing import Any

import pytest
from flask import request
from werkzeug.datastructures import MultiDict

from contracts.commands import acceptance_providers, intake
from gateway.app import documented_app
from gateway.web.frame import Asking, calls, form_page, inputs, views
from gateway.web.frame.forms import Form, with_rows
from gateway.web.language import Text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1234.5", 123450),
        ("1,234.56", 123456),
        ("１２元", 1200),
        ("¥ 0.07", 7),
        ("-3.2", -320),
        ("9999999999999", 999999999999900),
    ],
)
def test_yuan_are_sent_in_fen(text: str, fen: int) -> None:
    assert inputs.value_of("money", intake.PostDemandRequest().fields["wage_low_fen"], text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "abc", "1e3", "NaN", "∞", "12345678901234"])
def test_what_is_no_amount_is_said(text: str) -> None:
    with pytest.raises(inputs.Wrong, match="enter an amount"):
        inputs.fen_of(text)


@pytest.mark.parametrize("text", ["2026-3-1", "2026年3月1日", "2026/03/01", "20260301", "２０２６-０３-０１"])
def test_days_as_they_are_written(text: str) -> None:
    assert inputs.value_of("day", intake.PostDemandRequest().fields["wanted_from"], text) == "2026-03-01"


def test_moments_are_those_of_china() -> None:
    field = acceptance_providers.APPLY.request().fields["ownership"]
    assert inputs.value_of("moment", field, "2026-03-01T09:30") == "2026-03-01T01:30:00.000Z"
    assert inputs.typed("moment", "2026-03-01T01:30:00.000Z") == "2026-03-01T09:30"


def form(
    names: tuple[str, ...], typed: dict[str, Any], schema: Any = intake.PostDemandRequest, **asking: Asking
) -> Any:
    """Return a form that took what was typed, and its body."""
    made = Form(schema, names, asking, {})
    return made, made.read(MultiDict(typed), MultiDict())


def test_empty_fields_are_not_sent() -> None:
    _made, body = form(
        ("hours", "skills", "person", "wanted_from"), {"hours": " ", "skills": "", "person.name": ""}
    )
    assert body == {}


def test_nested_fields_and_what_is_wrong_in_them() -> None:
    made, body = form(
        ("hours", "person"), {"hours": "many", "person.name": "示例甲", "person.groups": "veteran"}
    )
    assert body == {"person": {"name": "示例甲", "groups": ["veteran"]}}
    summary = made.blame({**made.errors, "person.phone": [Text("应为", "must")], "": [Text("不行", "no")]})
    assert [link for link, _ in summary] == ["f-hours", "f-person-phone", None]
    wrong = {each.path: each.errors for each in made.every() if each.errors}
    assert set(wrong) == {"hours", "person.phone"}


def test_rows_are_added_and_removed() -> None:
    typed = MultiDict({"teachers.0.name": "示例甲", "teachers.1.name": "示例乙"})
    schema = acceptance_providers.APPLY.request
    more = with_rows(typed, "add:teachers")
    made, _body = form(("teachers",), more, schema)
    assert [row.inside[0].text for row in made.inputs[0].inside] == ["示例甲", "示例乙", ""]
    less = with_rows(typed, "remove:teachers.0")
    _made, body = form(("teachers",), less, schema)
    assert [row["name"] for row in body["teachers"]] == ["示例乙"]


def test_every_command_has_a_form() -> None:
    """Whatever a command asks for has a control, and nothing typed makes a body of nothing wrong."""
    from contracts.registry import COMMANDS

    documented_app()
    for command in COMMANDS.values():
        made = Form(command.request, None, {}, {})
        made.begin({})
        assert made.every() or not command.request().fields
        made.read(MultiDict(), MultiDict())
        assert made.errors == {}


def test_a_form_may_be_as_long_as_its_call() -> None:
    """The form of a file of 5 MB is taken, though the app takes 1 MB elsewhere."""
    does = replace(calls.endpoint_of(intake.POST_DEMAND), max_bytes=7_000_000)
    page = form_page("/x", does, Text("题", "title"), "/", Text("好", "done"))
    with documented_app().test_request_context("/x", method="POST", data={"skills": "x" * 3_000_000}):
        views.make_room(page)
        assert len(request.form["skills"]) == 3_000_000


def test_words_of_codes_come_from_the_vocabularies() -> None:
    made, _body = form(("level", "mode", "occupation", "region", "group"), {})
    words = {each.path: [str(word) for _code, word in each.choices] for each in made.inputs}
    assert "中级工" in words["level"]
    assert words["mode"] == ["线下", "线上", "线上线下结合"]
    assert "山东省烟台市福山区" in words["region"]
    assert {each.path: each.kind for each in made.inputs} == {
        "level": "select", "mode": "radios", "occupation": "select", "region": "select", "group": "select"
    }  # fmt: skip


def test_another_order_of_codes_is_no_other_kind() -> None:
    made, _body = form(("level",), {}, level=Asking(choices=[("4", Text("中级工", "four"))]))
    assert (made.inputs[0].kind, made.inputs[0].required) == ("radios", True)
