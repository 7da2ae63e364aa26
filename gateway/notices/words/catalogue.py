"""What the catalogue's facts (列单) are told as: entries of the pools, and the matching board."""

from typing import Final

from contracts.events import catalogue_pools as c
from gateway.notices.table import Notice

_OWNER: Final = ("owner_ref",)
_WORDS: Final = {
    "培训品牌": ("training brand", c.BRAND_PUBLISHED, c.BRAND_REFUSED, c.BRAND_WITHDRAWN),
    "实训基地": ("training base", c.BASE_PUBLISHED, c.BASE_REFUSED, c.BASE_WITHDRAWN),
    "教师资料": ("teacher's profile", c.TEACHER_PUBLISHED, c.TEACHER_REFUSED, c.TEACHER_WITHDRAWN),
    "教材课件": ("material", c.MATERIAL_PUBLISHED, c.MATERIAL_REFUSED, c.MATERIAL_WITHDRAWN),
    "培训案例": ("case", c.CASE_PUBLISHED, c.CASE_REFUSED, c.CASE_WITHDRAWN),
}


def _entries() -> list[Notice]:
    """Return the notices of every kind of entry: published, refused, withdrawn."""
    made = []
    for zh, (en, published, refused, withdrawn) in _WORDS.items():
        made += [
            Notice(published, _OWNER, f"您申报的{zh}已入库公布", f"Your {en} was published"),
            Notice(
                refused,
                _OWNER,
                f"您申报的{zh}未予入库：{{reason}}",
                f"Your {en} was not taken in: {{reason}}",
            ),
            Notice(withdrawn, _OWNER, f"您的{zh}已出库：{{reason}}", f"Your {en} was withdrawn: {{reason}}"),
        ]
    return made


NOTICES: Final = [
    *_entries(),
    Notice(
        c.TEACHER_USED,
        _OWNER,
        "您已被列为一个班次的授课教师",
        "You were entered as a teacher of a class",
    ),
    Notice(
        c.NEED_RETURNED,
        _OWNER,
        "您的培训需求已退回补充：{reason}",
        "Your need was returned to be completed: {reason}",
    ),
    Notice(c.NEED_LISTED, _OWNER, "您的培训需求已列入清单", "Your need is on the list"),
    Notice(
        c.NEED_OFFERED,
        _OWNER,
        "有机构为您的需求配课：{course}，{hours}学时，{seats}人",
        "A body offers a course for your need: {course}, {hours} class hours, {seats} people",
    ),
    Notice(
        c.NEED_MATCHED,
        ("provider_ref", "declined_refs"),
        "您配课的需求已由企业选定，请查看结果",
        "A firm has chosen among the courses offered, yours among them; see which",
    ),
]
