"""The catalogues, directories and lists that are published in editions (目录版次)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabularies.terms import Term, Vocabulary

# how an edition gets its items: officers enter them; another authority's list is taken in whole; they are
# gathered from the records of the platform; they are figures reckoned from the demands
ENTERED, TAKEN_IN, GATHERED, RECKONED = "entered", "taken_in", "gathered", "reckoned"
EDITION: Final = {
    "draft": "草稿",
    "gathering": "归集中",
    "submitted": "待复核",
    "approved": "待发布",
    "published": "已发布",
    "discarded": "已放弃",
}
EDITION_CHANGES: Final = {"entered": "新增", "changed": "调整", "left": "退出"}
FORMATS: Final = {"xlsx": "Excel 工作簿", "csv": "CSV", "json": "JSON"}
MOST_IN_A_LIST: Final = 3000


@dataclass(frozen=True)
class Kind:
    """How a kind of catalogue is made.

    key: the fields that tell its items apart; needs: those each item has; may: others it may have.
    """

    way: str
    key: tuple[str, ...]
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def shows(self) -> tuple[str, ...]:
        """The fields of its items in the order of its files."""
        return (*self.needs, *self.may)

    def key_of(self, values: Mapping[str, Any]) -> str:
        """Return what an item is known by within its catalogue."""
        return ":".join(str(values[name]) for name in self.key)


KINDS: Final[Mapping[str, Kind]] = {
    "key_industry": Kind(ENTERED, ("occupation",), ("occupation", "industry"), ("note",)),
    "general": Kind(ENTERED, ("occupation",), ("occupation",), ("note",)),
    "worker_demand": Kind(
        RECKONED, ("region", "occupation", "level"), ("region", "occupation", "level"), ("workers",)
    ),
    "providers": Kind(
        GATHERED, ("code",), ("code", "name", "region", "body_kind"), ("credit_code", "grade", "occupations")
    ),
    "projects": Kind(
        GATHERED,
        ("code",),
        ("code", "name", "region", "occupation", "level", "mode", "seats", "hours"),
        ("programme", "standard_fen", "illustrative", "status"),
    ),
    "bodies": Kind(GATHERED, ("code",), ("code", "name", "region", "body_kind"), ("credit_code",)),
    "schools": Kind(TAKEN_IN, ("credit_code",), ("credit_code", "name"), ("region", "note")),
    "assessors": Kind(TAKEN_IN, ("credit_code",), ("credit_code", "name"), ("region", "scope", "note")),
    "certificates": Kind(
        TAKEN_IN, ("code",), ("code", "name"), ("issuer", "occupation", "level", "scope", "note")
    ),
}
CATALOGUES: Final = Vocabulary(
    "catalogues",
    (
        Term("key_industry", "重点产业职业培训指导目录", "key-industry guide catalogue", "AP"),
        Term("general", "通用职业培训目录", "general catalogue", "AP"),
        Term("worker_demand", "劳动者培训需求目录", "workers' demand catalogue", "AP"),
        Term("providers", "培训机构目录", "provider catalogue", "AP; 37 §5"),
        Term("projects", "培训项目目录", "training-project directory", "107 §2; 600 §5"),
        Term("bodies", "培训和评价机构目录", "training and assessment-body directory", "107 §2; 600 §5"),
        Term("schools", "院校名单", "schools, by the education authority", "107 §2; 31号 §2"),
        Term("assessors", "评价机构名单", "assessment bodies, by the education authority", "107 §2; 31号 §2"),
        Term("certificates", "证书名单", "certificates, by the education authority", "107 §2; 31号 §2"),
    ),
)
CODES: Final = CATALOGUES.codes
COLUMNS: Final[Mapping[str, str]] = {
    "code": "编号 code",
    "name": "名称 name",
    "credit_code": "统一社会信用代码 credit_code",
    "region": "地区 region",
    "occupation": "职业 occupation",
    "level": "等级 level",
    "industry": "产业 industry",
    "body_kind": "机构类别 body_kind",
    "grade": "等级评定 grade",
    "occupations": "培训职业 occupations",
    "workers": "需求人数 workers",
    "mode": "授课方式 mode",
    "programme": "专项 programme",
    "seats": "计划人数 seats",
    "hours": "课时 hours",
    "standard_fen": "补贴标准（分） standard_fen",
    "illustrative": "示例标准 illustrative",
    "status": "状态 status",
    "issuer": "发证单位 issuer",
    "scope": "范围 scope",
    "note": "说明 note",
}
