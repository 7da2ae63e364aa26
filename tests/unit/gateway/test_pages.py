"""Every page: who may reach it, that its fields have labels, that its addresses lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest
from marshmallow import Schema, fields

from contracts.registry import COMMANDS
from contracts.vocabularies import roles
from gateway.web.frame import assets, site
from gateway.web.frame.forms import Form
from gateway.web.frame.kinds import DetailPage, FormPage, ListPage, Page
from gateway.web.frame.labels import files, known

REACH = Path(__file__).parent / "reach"
PAGES = site.pages()
TEMPLATES = Path(assets.__file__).parents[1] / "templates"


def written(page: Page) -> str:
    """Return who may reach a page, as the tables say it."""
    if page.open:
        return "anyone"
    return "everybody" if page.roles == frozenset(roles.NAMES) else ", ".join(sorted(page.roles))


def test_the_tables_list_every_page_and_who_may_reach_it() -> None:
    told: dict[str, str] = {}
    for path in REACH.glob("*.toml"):
        told |= tomllib.loads(path.read_text("utf-8"))
    assert {rule: written(page) for rule, page in PAGES.items()} == told


@pytest.mark.parametrize("rule", PAGES)
def test_fields_have_labels(rule: str) -> None:
    """In both tongues, from the one vocabulary or from the page itself."""
    assert _unlabelled(PAGES[rule]) == []


def test_a_label_is_told_once() -> None:
    told = [name for path in files() for name in tomllib.loads(path.read_text("utf-8"))]
    assert sorted(name for name in set(told) if told.count(name) > 1) == []


def _unlabelled(page: Page) -> list[str]:
    if isinstance(page, FormPage) and page.fields:
        static = {name: each for name, each in page.asking.items() if not callable(each.choices)}
        form = Form(page.schema, page.fields, static, {})
        form.begin({})
        asked = [each for each in form.every() if each.kind not in ("hidden", "row")]
        bare = [each.path for each in asked if each.path.rpartition(".")[2] not in known()]
        return [
            path
            for path in bare
            if _without_rows(path) not in page.asking or page.asking[_without_rows(path)].label is None
        ]
    columns = list(page.shown) if isinstance(page, ListPage | DetailPage) else []
    if isinstance(page, DetailPage):
        columns += [column for table in page.shown_tables.values() for column in table]
    return [
        each.column.name
        for each in columns
        if each.column.label is None and each.column.name.rpartition(".")[2] not in known()
    ]


def _without_rows(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())


@pytest.mark.parametrize("rule", PAGES)
def test_columns_and_fields_are_of_the_contract(rule: str) -> None:
    page = PAGES[rule]
    if isinstance(page, ListPage | DetailPage):
        strange = [each.column.name for each in page.shown if each.field is None and each.column.show is None]
        assert strange == []
    if isinstance(page, ListPage):
        assert set(page.filters) <= set(page.call.request().fields)
    if isinstance(page, FormPage):
        assert set(page.fields) <= set(page.schema().fields)


@pytest.mark.parametrize("rule", PAGES)
def test_addresses_lead_to_pages(rule: str) -> None:
    """Of rows, actions, ways back and what comes after a form: each fits the rule of a page."""
    others = {"/", "/sign-in"}
    for address in _addresses(PAGES[rule]):
        pattern = re.sub(r"\{[^}]+\}", "X", address.partition("?")[0])
        fits = [each for each in PAGES if re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", each), pattern)]
        assert fits or pattern in others or pattern.startswith(("/classes/", "/v1/")), address


def _addresses(page: Page) -> list[str]:
    found = [action.to for action in getattr(page, "actions", ())]
    found += [page.back[0]] if getattr(page, "back", None) else []
    found += [page.link] if isinstance(page, ListPage) and page.link else []
    return found + ([page.then] if isinstance(page, FormPage) else [])


@pytest.mark.parametrize("rule", PAGES)
def test_templates_are_there(rule: str) -> None:
    page = PAGES[rule]
    assert page.answer is not None or (TEMPLATES / page.template).is_file()


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    found = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if re.search(
            r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\|\s*safe",
            path.read_text("utf-8"),
        )
    ]
    assert found == []


def test_every_field_that_a_command_asks_for_has_a_label() -> None:
    """So that a page for any command begins with words, and not with names of fields."""
    bare = {
        each for command in COMMANDS.values() for each in _names(command.request()) if each not in known()
    }
    assert sorted(bare) == []


def _names(schema: Schema) -> set[str]:
    found = set(schema.fields)
    for each in schema.fields.values():
        inner = each.inner if isinstance(each, fields.List) else each
        if isinstance(inner, fields.Nested):
            found |= _names(inner.schema)
    return found
