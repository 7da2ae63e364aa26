"""Facts as plain tables and back: what cases and stored calculations are written in."""

import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints

from services import policy

_MANY = (Sequence, Iterable, Collection, list, tuple)
_WORDS = {"yes": True, "no": False}


def plain(value: Any) -> Any:
    """Return facts as dicts, lists, strings and numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def facts(hint: Any, value: Any) -> Any:
    """Return what a type hint asks for, from plain values or words.

    Raises TypeError for a name that is not a fact.
    """
    if value is None or hint is Any:
        return value
    if get_origin(hint) in (Union, types.UnionType):
        return facts(next(each for each in get_args(hint) if each is not type(None)), value)
    if is_dataclass(hint):
        return _record(hint, value)
    if get_origin(hint) in _MANY:
        many = value.split("、") if isinstance(value, str) else value
        return tuple(facts(get_args(hint)[0], each) for each in many)
    if get_origin(hint) is Mapping:
        return {name: facts(get_args(hint)[1], each) for name, each in value.items()}
    if isinstance(value, str):
        return {bool: _WORDS.get, int: int, date: date.fromisoformat}.get(hint, str)(value)
    return value


def ask(name: str, given: Mapping[str, Any], rules: policy.RuleSet | None = None) -> Any:
    """Call a function of services.policy with plain arguments; `rules` None means the published set."""
    function = getattr(policy, name)
    hints = get_type_hints(function)
    return function(**{key: facts(hints[key], value) for key, value in given.items()}, rules=rules)


def _record(kind: Any, value: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    strange = set(value) - set(hints)
    if strange:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(strange))}")
    return kind(**{name: facts(hints[name], each) for name, each in value.items()})
