"""A form from a contract's schema: its controls, what was typed, what is wrong, the body that it makes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage, MultiDict

from contracts.fields import Base64
from gateway.web.frame import inputs
from gateway.web.frame.choices import Choice, choices_of
from gateway.web.frame.labels import Named, named
from gateway.web.language import Text

YES_NO: Final[list[Choice]] = [("true", Text("是", "Yes")), ("false", Text("否", "No"))]
MOST_ROWS: Final = 200
Names = Sequence[str] | None
Errors = dict[str, list[Text]]


@dataclass(frozen=True)
class Asking:
    """How a page asks for one field, where the contract and the vocabulary of labels do not say it.

    choices: codes with words, in place of the vocabulary; kind: another control; only: the fields of a nested
    one that are asked; rows: how many rows a list shows at first; hint, label: other words.
    """

    label: Text | None = None
    hint: Text | None = None
    choices: Sequence[Choice] | Callable[[Any], Sequence[Choice]] | None = None
    kind: str | None = None
    only: Names = None
    rows: int = 1
    required: bool | None = None


@dataclass
class Input:
    """One control with what is in it. path: dotted, as refusals name fields; typed: text as typed."""

    path: str
    kind: str
    named: Named
    required: bool
    choices: Sequence[Choice] = ()
    typed: list[str] = field(default_factory=list)
    errors: list[Text] = field(default_factory=list)
    inside: list["Input"] = field(default_factory=list)
    longest: int | None = None

    @property
    def html_id(self) -> str:
        """The control's id, which the error summary links to."""
        return f"f-{self.path.replace('.', '-')}"

    @property
    def text(self) -> str:
        """What is typed in a control that takes one text."""
        return self.typed[0] if self.typed else ""

    @property
    def first(self) -> str:
        """Where the error summary's link leads: the first choice of several."""
        return f"{self.html_id}-1" if self.kind in ("radios", "checkboxes") else self.html_id


class Form:
    """A form for some fields of a schema, in the order given. asking: by dotted path without row numbers."""

    def __init__(
        self, schema: type[Schema], names: Names, asking: Mapping[str, Asking], context: Any
    ) -> None:
        self.schema = schema()
        self.names = list(names or self.schema.fields)
        self._asking, self._context = asking, context
        self.inputs: list[Input] = []
        self.errors: Errors = {}

    def begin(self, initial: Mapping[str, Any]) -> None:
        """Show the form with values to begin with."""
        self.inputs = [
            self._shown(name, self.schema.fields[name], name, initial.get(name)) for name in self.names
        ]

    def read(self, form: "MultiDict[str, str]", files: "MultiDict[str, FileStorage]") -> dict[str, Any]:
        """Take what was typed and return the body that it makes; what is no value stands in `errors`."""
        self._form, self._files = form, files
        body: dict[str, Any] = {}
        self.inputs = []
        for name in self.names:
            value, control = self._taken(name, self.schema.fields[name], name)
            self.inputs.append(control)
            if value is not None:
                body[name] = value
        return body

    def blame(self, errors: Errors) -> list[tuple[str | None, Text]]:
        """Put the errors beside their fields; return all for the summary, with the id that each links to."""
        controls = {each.path: each for each in self.every()}
        summary: list[tuple[str | None, Text]] = []
        order = {each.path: place for place, each in enumerate(self.every())}
        for path, texts in sorted(errors.items(), key=lambda one: order.get(one[0], len(order))):
            control = controls.get(path) or controls.get(path.rpartition(".")[0])
            for text in texts:
                if control is not None and text not in control.errors:
                    control.errors.append(text)
                if control is None:
                    summary.append((None, text))
                else:
                    label = control.named.label
                    said = Text(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}")
                    summary.append((control.first, said))
        return summary

    def every(self) -> list[Input]:
        """Return all controls, those within others too."""
        return _flat(self.inputs)

    @property
    def has_files(self) -> bool:
        """Whether a file is asked for."""
        return any(each.kind == "file" for each in self.every())

    def _asked(self, path: str) -> Asking:
        bare = ".".join(part for part in path.split(".") if not part.isdigit())
        return self._asking.get(bare, Asking())

    def _control(self, name: str, schema_field: fields.Field[Any], path: str) -> Input:
        asked = self._asked(path)
        known = named(name)
        choices: Any = asked.choices(self._context) if callable(asked.choices) else asked.choices
        if choices is None:
            choices = YES_NO if isinstance(schema_field, fields.Boolean) else choices_of(name, schema_field)
        kind = asked.kind or inputs.kind_of(name, schema_field)
        if asked.choices is not None and not asked.kind:
            listed = isinstance(schema_field, fields.List)
            kind = "checkboxes" if listed else "radios" if len(choices) <= inputs.MOST_RADIOS else "select"
        label = Named(asked.label or known.label, asked.hint or known.hint)
        required = schema_field.required if asked.required is None else asked.required
        return Input(path, kind, label, required, choices, longest=inputs.longest(schema_field))

    def _shown(self, name: str, schema_field: fields.Field[Any], path: str, value: Any) -> Input:
        control = self._control(name, schema_field, path)
        if control.kind == "group":
            nested = value if isinstance(value, Mapping) else {}
            control.inside = [
                self._shown(inner, one, f"{path}.{inner}", nested.get(inner))
                for inner, one in self._inner(schema_field, path)
            ]
        elif control.kind == "rows":
            rows = list(value or []) or [{}] * self._asked(path).rows
            control.inside = [
                self._shown_row(schema_field, f"{path}.{place}", row) for place, row in enumerate(rows)
            ]
        elif control.kind == "checkboxes":
            control.typed = [str(each) for each in value or []]
        elif control.kind == "lines":
            control.typed = ["\n".join(str(each) for each in value or [])]
        elif value is not None or schema_field.load_default not in (None, ...):
            default = schema_field.load_default
            plain = default if isinstance(default, str | int) else None
            control.typed = [inputs.typed(control.kind, plain if value is None else value)]
        return control

    def _shown_row(self, listed: Any, path: str, row: Any) -> Input:
        inside = [
            self._shown(inner, one, f"{path}.{inner}", row.get(inner) if isinstance(row, Mapping) else None)
            for inner, one in self._inner(listed.inner, path)
        ]
        return Input(path, "row", named(path.split(".")[-2]), False, inside=inside)

    def _inner(self, nested: Any, path: str) -> list[tuple[str, fields.Field[Any]]]:
        only = self._asked(path).only
        return [(name, one) for name, one in nested.schema.fields.items() if only is None or name in only]

    def _taken(self, name: str, schema_field: fields.Field[Any], path: str) -> tuple[Any, Input]:
        control = self._control(name, schema_field, path)
        if control.kind == "group":
            return self._taken_group(schema_field, control), control
        if control.kind == "rows":
            return self._taken_rows(schema_field, control), control
        if control.kind == "file":
            return self._taken_file(schema_field, control), control
        control.typed = self._form.getlist(path)
        try:
            if control.kind == "checkboxes":
                return (control.typed or (None if not schema_field.required else [])), control
            text = control.text
            if not text.strip():
                return None, control
            if control.kind == "lines":
                return inputs.lines_of(schema_field, text), control  # type: ignore[arg-type]
            return inputs.value_of(inputs.kind_of(name, schema_field), schema_field, text), control
        except inputs.Wrong as wrong:
            zh, _, en = str(wrong).partition(" / ")
            self.errors.setdefault(path, []).append(Text(zh, en))
            return None, control

    def _taken_group(self, schema_field: Any, control: Input) -> dict[str, Any] | None:
        found = {}
        for inner, one in self._inner(schema_field, control.path):
            value, inside = self._taken(inner, one, f"{control.path}.{inner}")
            control.inside.append(inside)
            if value is not None:
                found[inner] = value
        empty = not found and not any(each.text.strip() for each in _flat(control.inside))
        return None if empty and not control.required else found

    def _taken_rows(self, schema_field: Any, control: Input) -> list[Any] | None:
        rows = []
        for place in self._places(control.path):
            path = f"{control.path}.{place}"
            row = Input(path, "row", control.named, False)
            value = {}
            for inner, one in self._inner(schema_field.inner, path):
                found, inside = self._taken(inner, one, f"{path}.{inner}")
                row.inside.append(inside)
                if found is not None:
                    value[inner] = found
            rows.append(value)
            control.inside.append(row)
        return rows if any(rows) or control.required else None

    def _places(self, path: str) -> range:
        """Return the row numbers that were sent, with what the buttons `add` and `remove` made of them."""
        prefix = f"{path}."
        sent = [name[len(prefix) :].partition(".")[0] for name in self._form if name.startswith(prefix)]
        numbers = [int(each) for each in sent if each.isdigit() and len(each) < 4]
        return range(min(MOST_ROWS, max(numbers, default=-1) + 1))

    def _taken_file(self, schema_field: Any, control: Input) -> str | None:
        stored = self._files.get(control.path)
        if stored is None or not stored.filename:
            return None
        most = schema_field.most if isinstance(schema_field, Base64) else 1_000_000
        try:
            return inputs.file_text(stored, most)
        except inputs.Wrong as wrong:
            zh, _, en = str(wrong).partition(" / ")
            self.errors.setdefault(control.path, []).append(Text(zh, en))
            return None


def with_rows(form: "MultiDict[str, str]", button: str) -> "MultiDict[str, str]":
    """Return what was typed after a button `add:PATH` or `remove:PATH.NUMBER` was pressed."""
    what, _, path = button.partition(":")
    changed: MultiDict[str, str] = MultiDict(form)
    if what == "add":
        sent = {name[len(path) + 1 :].partition(".")[0] for name in form if name.startswith(f"{path}.")}
        changed.add(f"{path}.{max((int(each) for each in sent if each.isdigit()), default=-1) + 1}.-", "")
        return changed
    listed, _, number = path.rpartition(".")
    if what != "remove" or not number.isdigit():
        return changed
    shifted: MultiDict[str, str] = MultiDict()
    for name, value in form.items(multi=True):
        rest = name[len(listed) + 1 :].partition(".") if name.startswith(f"{listed}.") else None
        if rest is None or not rest[0].isdigit():
            shifted.add(name, value)
        elif int(rest[0]) != int(number):
            place = int(rest[0]) - (int(rest[0]) > int(number))
            shifted.add(f"{listed}.{place}.{rest[2]}", value)
    return shifted


def _flat(controls: Sequence[Input]) -> list[Input]:
    return [each for one in controls for each in (one, *_flat(one.inside))]


def most_rows(schema_field: Any) -> int:
    """Return how many rows a list takes."""
    checks = [
        check.max for check in schema_field.validators if isinstance(check, validate.Length) and check.max
    ]
    return min([MOST_ROWS, *checks])
