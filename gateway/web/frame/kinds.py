"""The kinds of pages: a list, a detail, a form, and one of a role's own. docs/pages.md shows each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from marshmallow import Schema

from contracts.registry import Call, Command, Query
from gateway.api.endpoint import Endpoint
from gateway.web.frame import calls
from gateway.web.frame.forms import Asking
from gateway.web.frame.showing import Column, Shown, items_schema, shown
from gateway.web.language import Text

Doc = Mapping[str, Any]
Context = Callable[[dict[str, str]], dict[str, Any]]
Columns = Sequence[str | Column]
NOTHING_FITS: Final = Text("没有符合条件的记录。", "There is nothing that fits.")
SUBMIT: Final = Text("提交", "Submit")


def _no_context(_variables: dict[str, str]) -> dict[str, Any]:
    return {}


def _no_initial(_context: dict[str, Any]) -> dict[str, Any]:
    return {}


class Elsewhere(Exception):
    """Raised by a context: something has to be done first, at another address."""

    def __init__(self, address: str, text: Text) -> None:
        super().__init__(address)
        self.address, self.text = address, text


@dataclass(frozen=True)
class Action:
    """A link to what can be done next. to: an address, `{field}` filled from the document;
    when: whether it can be done with this document; secondary, warning: how the button looks.
    """

    to: str
    text: Text
    when: Callable[[Doc], bool] = lambda _doc: True
    secondary: bool = False
    warning: bool = False
    roles: frozenset[str] = frozenset()

    def address(self, doc: Doc) -> str:
        """Return the address for a document."""
        return self.to.format_map({key: "" if value is None else value for key, value in doc.items()})


@dataclass(frozen=True)
class Page:
    """One address. roles: who may reach it (empty: who is signed in; open: anyone).

    register_at: where an account registers that stands for nobody yet (set by the section);
    nav: in the section's navigation; intro: what the page is for, also told on the section's first page.
    """

    rule: str
    title: Text
    roles: frozenset[str]
    template: str
    context: Context = _no_context
    nav: bool = False
    intro: Text | None = None
    open: bool = False
    scripts: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET",)
    answer: Callable[[dict[str, str]], Any] | None = None
    register_at: str = ""

    @property
    def name(self) -> str:
        """The page's endpoint in Flask."""
        return f"page {self.rule}"


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """A list with a cursor. filters: fields of the request that the reader may narrow it by;
    link: the address of an item's own page; fixed: fields that the page sets by itself (of the account too).
    """

    call: Query
    columns: Columns
    filters: tuple[str, ...] = ()
    link: str | None = None
    empty: Text = NOTHING_FITS
    actions: tuple[Action, ...] = ()
    fixed: Callable[[dict[str, str]], dict[str, Any]] = dict
    limit: int = 20

    @cached_property
    def shown(self) -> list[Shown]:
        """The columns with their fields."""
        return shown(items_schema(self.call.answer), self.columns)


@dataclass(frozen=True, kw_only=True)
class DetailPage(Page):
    """One thing. heading: of the document, the page's title when there is none; rows: its values;
    tables: lists within it by field, with their columns; more: what the template needs besides.
    """

    call: Query
    rows: Columns
    heading: Callable[[Doc], Any] | None = None
    tables: Mapping[str, Columns] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    more: Callable[[Doc], dict[str, Any]] | None = None
    back: tuple[str, Text] | None = None
    fresh: Callable[[Doc], bool] = lambda _doc: False

    @cached_property
    def shown(self) -> list[Shown]:
        """The rows with their fields."""
        return shown(self.call.answer, self.rows)

    @cached_property
    def shown_tables(self) -> dict[str, list[Shown]]:
        """The columns of each list within the document."""
        return {name: shown(_inner(self.call.answer, name), columns) for name, columns in self.tables.items()}


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """A form for a command. then: the address afterwards, `{field}` filled from the answer and the address;
    done: what is said there; fields: which of the command's fields are asked, in order (none: a question with
    one button); fixed: fields that the page sets; initial: values to begin with, from context;
    versioned: refuse when `context["doc"]` has changed since it was shown; after: what the response needs
    besides, from the answer.
    """

    endpoint: Endpoint
    then: str
    done: Text | Callable[[Doc], Text]
    fields: tuple[str, ...] = ()
    asking: Mapping[str, Asking] = field(default_factory=dict)
    fixed: Callable[[dict[str, str], dict[str, Any]], dict[str, Any]] = lambda variables, _context: dict(
        variables
    )
    initial: Callable[[dict[str, Any]], dict[str, Any]] = _no_initial
    submit: Text = SUBMIT
    warning: Text | None = None
    back: tuple[str, Text] | None = None
    versioned: bool = False
    stamp: bool = False
    after: Callable[[Doc, Any], None] | None = None

    @property
    def schema(self) -> type[Schema]:
        """The contract of what is asked."""
        return self.endpoint.request


@dataclass(frozen=True)
class Section:
    """A role's workplace: everything below one path. roles: whose it is; order: of the sections of one who
    has several roles; register_at: the page that an account is led to until it stands for a person or a body
    (the section's first page is shown all the same).
    """

    path: str
    title: Text
    roles: frozenset[str]
    pages: Sequence[Page]
    order: int = 50
    intro: Text | None = None
    register_at: str = ""


def list_page(rule: str, call: Query, title: Text, columns: Columns, **more: Any) -> ListPage:
    """Return the page of a list that a query gives."""
    given = {"roles": call.roles, "template": "frame/list.html", **more}
    return ListPage(rule, title, call=call, columns=columns, **given)


def detail_page(rule: str, call: Query, title: Text, rows: Columns, **more: Any) -> DetailPage:
    """Return the page of one thing that a query gives; the rule's variables are the query's fields."""
    given = {"roles": call.roles, "template": "frame/detail.html", **more}
    return DetailPage(rule, title, call=call, rows=rows, **given)


def form_page(
    rule: str, does: Command | Endpoint, title: Text, then: str, done: Any, **more: Any
) -> FormPage:
    """Return the page of a form for a command; the rule's variables are fields of the command."""
    endpoint = calls.endpoint_of(does) if isinstance(does, Call) else does
    given = {"roles": endpoint.roles, "template": "frame/form.html", "methods": ("GET", "POST"), **more}
    return FormPage(rule, title, endpoint=endpoint, then=then, done=done, **given)


def own_page(rule: str, title: Text, roles: frozenset[str], template: str, **more: Any) -> Page:
    """Return a page with a template and a context of its own."""
    return Page(rule, title, roles, template, **more)


def _inner(answer: type[Schema], name: str) -> type[Schema]:
    listed: Any = answer().fields[name]
    return type(listed.inner.schema)
