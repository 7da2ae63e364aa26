"""Where each field of a rule file stands, line by line, so that a mistake can be pointed at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TABLE = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r'\s*("[^"]*"|[\w-]+(?:\.[\w-]+)*)\s*=')
_INNER = re.compile(r"[{,]\s*([\w-]+)\s*=")
DEFAULTS = -1
TOP = -2


@dataclass(slots=True)
class Places:
    """Lines (from 1) of each field, by the number of its rule from 0; DEFAULTS and TOP stand beside them."""

    starts: dict[int, int] = field(default_factory=dict)
    fields: dict[tuple[int, str], int] = field(default_factory=dict)

    def line(self, rule: int, name: str) -> int:
        """Return the line of a rule's field: its own, that of the defaults, or where the rule begins."""
        part = name.partition(".")[0]
        for key in ((rule, name), (rule, part), (DEFAULTS, name), (DEFAULTS, part)):
            if key in self.fields:
                return self.fields[key]
        return self.fields.get((rule, "id"), self.starts.get(rule, 1))

    def from_defaults(self, rule: int, name: str) -> bool:
        """Return whether a field of a rule comes from the file's defaults."""
        part = name.partition(".")[0]
        return (rule, part) not in self.fields and (DEFAULTS, part) in self.fields


def places(text: str) -> Places:
    """Return where the fields of a TOML file of rules stand."""
    found = Places()
    rule, under = TOP, ""
    for number, line in _outside_long_texts(text):
        table = _TABLE.match(line)
        if table:
            name = table[1]
            if line.lstrip().startswith("[[rule]]"):
                rule, under = max([*found.starts, -1]) + 1, ""
                found.starts[rule] = number
            elif name.startswith("rule."):
                under = name.removeprefix("rule.") + "."
                found.fields.setdefault((rule, under[:-1]), number)
            else:
                rule, under = (DEFAULTS if name.partition(".")[0] == "defaults" else TOP), ""
                found.fields.setdefault((TOP, name.partition(".")[0]), number)
            continue
        key = _KEY.match(line)
        if key:
            name = under + key[1].strip('"')
            found.fields.setdefault((rule, name), number)
            for inner in _INNER.finditer(line, key.end()):
                found.fields.setdefault((rule, f"{name}.{inner[1]}"), number)
    return found


def field_at(text: str, line: int, column: int | None = None) -> str:
    """Return the field that stands at a line and column (from 1), `-` where there is none."""
    lines = text.splitlines()
    if not 0 < line <= len(lines):
        return "-"
    before = lines[line - 1] if column is None else lines[line - 1][:column]
    key = _KEY.match(before)
    if key is None:
        return "-"
    inner = _INNER.findall(before, key.end())
    return ".".join([key[1].strip('"'), *inner[-1:]])


def rule_at(text: str, line: int) -> str:
    """Return the id of the rule that a line belongs to, `-` where it has none."""
    found = "-"
    for content in text.splitlines()[:line]:
        if content.lstrip().startswith("["):
            found = "-" if not content.lstrip().startswith("[rule.") else found
        named = re.match(r'\s*id\s*=\s*"([^"]+)"', content)
        found = named[1] if named else found
    return found


def _outside_long_texts(text: str) -> Iterator[tuple[int, str]]:
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            yield number, line
        if sum(line.count(mark) for mark in ('"""', "'''")) % 2:
            inside = not inside
