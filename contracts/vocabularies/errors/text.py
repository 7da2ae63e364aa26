"""The words of one refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True)
class ErrorText:
    """HTTP status and words; `{name}` in the words is filled from the refusal's facts."""

    status: int
    zh: str
    en: str
    way_zh: str
    way_en: str

    def say(self, language: str, facts: Mapping[str, Any]) -> str:
        """Return what is wrong, in `zh` or `en`."""
        return (self.zh if language == "zh" else self.en).format_map(_Blank(facts))

    def way_out(self, language: str, facts: Mapping[str, Any]) -> str:
        """Return what the reader can do, in `zh` or `en`."""
        return (self.way_zh if language == "zh" else self.way_en).format_map(_Blank(facts))
