"""How a value of an answer is shown: money in yuan, times in China's, codes by their words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from contracts.fields import Day, Fen, Moment, OccupationCode, RegionCode, SignedFen
from gateway.web import language
from gateway.web.frame.choices import codes_of, word
from gateway.web.frame.labels import named
from gateway.web.language import Text

NOTHING = Text("—", "—")


@dataclass(frozen=True)
class Column:
    """One value of a document. name: its field, dotted for one within another.

    show: how to write it, given the document; number: stands to the right.
    """

    name: str
    label: Text | None = None
    show: Callable[[Mapping[str, Any]], Any] | None = None
    number: bool = False


@dataclass(frozen=True)
class Shown:
    """A column with its field: what templates use."""

    column: Column
    field: fields.Field[Any] | None

    @property
    def label(self) -> Text:
        """The heading."""
        return self.column.label or named(self.column.name.rpartition(".")[2]).label

    @property
    def number(self) -> bool:
        """Whether it stands to the right."""
        return self.column.number or isinstance(self.field, Fen | SignedFen | fields.Integer)

    def told(self, doc: Mapping[str, Any]) -> bool:
        """Whether the document says anything here: a detail leaves out what it does not."""
        return self.column.show is not None or value_at(doc, self.column.name) not in (None, "", [])

    def of(self, doc: Mapping[str, Any]) -> Any:
        """Return the text of a document's value."""
        if self.column.show is not None:
            return self.column.show(doc)
        return text_of(self.column.name.rpartition(".")[2], self.field, value_at(doc, self.column.name))


def shown(schema: type[Schema], columns: Sequence[str | Column]) -> list[Shown]:
    """Return the columns with their fields of a schema."""
    whole = [Column(each) if isinstance(each, str) else each for each in columns]
    return [Shown(each, field_at(schema(), each.name)) for each in whole]


def field_at(schema: Schema, name: str) -> fields.Field[Any] | None:
    """Return a schema's field by its dotted name, None where there is none."""
    first, _, rest = name.partition(".")
    found = schema.fields.get(first)
    if not rest:
        return found
    return field_at(found.schema, rest) if isinstance(found, fields.Nested) else None


def items_schema(answer: type[Schema]) -> type[Schema]:
    """Return the schema of a list's items."""
    inner = answer().fields["items"]
    if isinstance(inner, fields.List) and isinstance(inner.inner, fields.Nested):
        return type(inner.inner.schema)
    raise TypeError(f"{answer.__name__} has no items of one kind")


def value_at(doc: Mapping[str, Any], name: str) -> Any:
    """Return a document's value by its dotted name, None where there is none."""
    value: Any = doc
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def text_of(name: str, field: fields.Field[Any] | None, value: Any) -> Any:
    """Return a value as text in the reader's language."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return Text("是", "Yes") if value else Text("否", "No")
    if isinstance(value, list):
        inner = field.inner if isinstance(field, fields.List) else None
        return language.t("、", ", ").join(str(text_of(name, inner, each)) for each in value)
    if isinstance(field, Fen | SignedFen) or (name.endswith("_fen") and isinstance(value, int)):
        return language.money(value)
    if isinstance(field, Moment):
        return language.moment(value)
    if isinstance(field, Day | fields.Date):
        return language.day(value)
    if isinstance(value, int | float):
        return value if name in ("year", "version") else language.number(value)
    if isinstance(value, str) and (codes_of(field) or isinstance(field, RegionCode | OccupationCode)):
        return word(name, field, value)
    return value
