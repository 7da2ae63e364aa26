"""The columns of a population file, and what each cell may hold. docs/operations.md shows them as a table.

A row is one subsidy case of one person: a place in a project or a class, claimed by who ran it or by the
person, or in an oriented class; living costs or transport during a class; a certificate of a batch.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from contracts.vocabularies import groups, levels, modes, occupations, regions
from contracts.vocabularies.money import PAYEES

PROJECT: Final = "project"
CLASS_TRAINING: Final = "class_training"
PERSON_TRAINING: Final = "person_training"
ORIENTED_TRAINING: Final = "oriented_training"
LIVING_COST: Final = "living_cost"
TRANSPORT: Final = "transport"
CERTIFICATE_BATCH: Final = "certificate_batch"
Parse = Callable[[str], Any]

_REF: Final = re.compile(r"(?![0-9]{17}[0-9Xx]\Z)[A-Za-z0-9_-]{1,64}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_CITIZEN: Final = re.compile(r"[0-9]{17}[0-9Xx]", re.ASCII)
_WORDS: Final = {"yes": True, "no": False, "是": True, "否": False}


class Row(NamedTuple):
    """One row as it was read. Days are those of Asia/Shanghai, money is in fen."""

    kind: str
    region: str
    groups: tuple[str, ...]
    groups_proven: bool
    graduated_on: date | None
    pension: bool | None
    real_name: bool
    enrolled_on: date | None
    occupation: str
    level: str
    training_kind: str
    payee: str
    organiser: str
    first_day: date | None
    hours: int | None
    price_fen: int | None
    project: str
    advance: bool
    day: date
    days: int
    completed: bool
    certificate: str
    certified_on: date | None
    employed_from: date | None


@dataclass(frozen=True)
class Column:
    """One column: how a cell is read, what an empty cell (or no such column) means, and its words."""

    parse: Parse
    empty: str
    zh: str
    en: str


def ref(cell: str) -> str:
    """Return an opaque id. Raises ValueError: a citizen number has no place in an estimate."""
    if not _REF.fullmatch(cell):
        if _CITIZEN.fullmatch(cell):
            raise ValueError("不得使用身份证号码 / a citizen number has no place here")
        raise ValueError("应为 1 至 64 位字母、数字、-、_ / 1 to 64 letters, digits, - or _ are needed")
    return cell


def _maybe(parse: Parse) -> Parse:
    return lambda cell: parse(cell) if cell else None


def _known_or_not(cell: str) -> bool | None:
    return None if cell.lower() in ("unknown", "未知") else _yes(cell)


def _yes(cell: str) -> bool:
    if cell.lower() not in _WORDS:
        raise ValueError("应为 yes 或 no / yes or no is needed")
    return _WORDS[cell.lower()]


def _day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell) if len(cell) == 10 else None
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise ValueError("应为 YYYY-MM-DD 的日期 / a day as YYYY-MM-DD is needed")
    return found


def _number(most: int) -> Parse:
    def parse(cell: str) -> int:
        if not _NUMBER.fullmatch(cell) or int(cell) > most:
            raise ValueError(f"应为 0 至 {most} 的整数 / a whole number from 0 to {most} is needed")
        return int(cell)

    return parse


def _code(known: Callable[[str], bool], what: str) -> Parse:
    def parse(cell: str) -> str:
        if not known(cell):
            raise ValueError(f"未知代码 / unknown {what}")
        return cell

    return parse


def _groups(cell: str) -> tuple[str, ...]:
    found = tuple(cell.split(";")) if cell else ()
    if not all(groups.exists(each) for each in found):
        raise ValueError("未知人员类别（多个以 ; 分隔） / unknown group (several are parted by ;)")
    return found


def _text(parse: Parse) -> Parse:
    return lambda cell: parse(cell) if cell else ""


def _certificate(cell: str) -> bool:
    return levels.exists(cell) or cell == "first_operation"


COLUMNS: Final[Mapping[str, Column]] = {
    "kind": Column(lambda cell: _code(REQUIRED.__contains__, "kind")(cell), "", "类别", "kind of case"),
    "region": Column(_code(regions.exists, "region"), "", "行政区划代码", "region code"),
    "groups": Column(_groups, "", "人员类别，首个用于汇总", "groups, the first is reported"),
    "groups_proven": Column(_yes, "yes", "类别已证明", "groups are proven"),
    "graduated_on": Column(_maybe(_day), "", "毕业日期", "day of graduation"),
    "pension": Column(_known_or_not, "no", "具有按月领取养老金资格", "entitled to a monthly pension"),
    "real_name": Column(_yes, "yes", "实名信息完整", "the real-name record is complete"),
    "enrolled_on": Column(_maybe(_day), "", "入班日期，空为 day", "day of the roster; none: day"),
    "occupation": Column(_text(_code(occupations.exists, "occupation")), "", "职业", "occupation code"),
    "level": Column(_text(_code(levels.exists, "level")), "", "等级", "level"),
    "training_kind": Column(
        _code(modes.KINDS.exists, "kind of training"), modes.EMPLOYMENT_SKILLS, "培训类型", "kind of training"
    ),
    "payee": Column(_code(PAYEES.exists, "payee"), "provider", "领取人", "payee"),
    "organiser": Column(
        _text(_code(PAYEES.exists, "organiser")),
        "",
        "办班主体，空为领取人",
        "who ran the class; none: the payee",
    ),
    "first_day": Column(_maybe(_day), "", "首次课日期", "first session"),
    "hours": Column(_maybe(_number(10_000)), "", "学时", "hours held"),
    "price_fen": Column(_maybe(_number(10**10)), "", "每人价格（分）", "price of one person, fen"),
    "project": Column(_text(ref), "", "项目编号", "project"),
    "advance": Column(_yes, "yes", "先行拨付", "the advance is taken"),
    "day": Column(_day, "", "末次课、末次出勤或发证日期", "last session, last day attended or of issue"),
    "days": Column(_number(366), "1", "出勤天数", "days attended"),
    "completed": Column(_yes, "yes", "结业", "completed"),
    "certificate": Column(
        _text(_code(_certificate, "certificate")), "", "所取证书等级", "level of the certificate earned"
    ),
    "certified_on": Column(_maybe(_day), "", "发证日期，空为 day", "day of issue; none: day"),
    "employed_from": Column(_maybe(_day), "", "就业日期（已证明）", "proven employment since"),
}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    PROJECT: ("occupation", "level", "project"),
    CLASS_TRAINING: ("occupation", "level"),
    PERSON_TRAINING: ("occupation", "level", "organiser"),
    ORIENTED_TRAINING: ("occupation", "price_fen", "first_day"),
    LIVING_COST: (),
    TRANSPORT: (),
    CERTIFICATE_BATCH: ("certificate",),
}
DAYS: Final = ("graduated_on", "enrolled_on", "first_day", "day", "certified_on", "employed_from")
HEAD: Final = ("person", *COLUMNS)
ALWAYS: Final = ("person", "kind", "region", "day")
assert tuple(COLUMNS) == Row._fields  # noqa: S101
