"""What a field of a contract is called on pages: one vocabulary, Chinese and English, with hints."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gateway.web.language import Text

_FOLDER = Path(__file__).parent


class Named(NamedTuple):
    """label: of the field; hint: what to enter and in which form, None where the label says it."""

    label: Text
    hint: Text | None = None


def files() -> list[Path]:
    """Return the files of labels in the order of their names."""
    return sorted(_FOLDER.glob("*.toml"))


@cache
def known() -> dict[str, Named]:
    """Return every label by the field's name (a test finds one that is told twice).

    Each line of the files is `name = [zh, en]` or `name = [zh, en, hint zh, hint en]`.
    """
    found: dict[str, Named] = {}
    for path in files():
        for name, words in tomllib.loads(path.read_text("utf-8")).items():
            hint = Text(words[2], words[3]) if len(words) == 4 else None
            found[name] = Named(Text(words[0], words[1]), hint)
    return found


def named(name: str) -> Named:
    """Return a field's label and hint; the bare name where none is told (a test finds those)."""
    bare = name.replace("_", " ")
    return known().get(name, Named(Text(bare, bare)))
