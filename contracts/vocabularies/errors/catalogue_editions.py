"""Refusals of editions of catalogues, directories and lists."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "catalogue.edition_open": E(
        409,
        "该目录已有编制中的版次 {edition_id}",
        "Edition {edition_id} of this catalogue is on its way already",
        "请在该版次上继续编制，或先放弃它",
        "Go on with that edition, or discard it first",
    ),
    "catalogue.item_field": E(
        422,
        "条目{zh}“{column}”",
        "An item {en} {column}",
        "请按该类目录的栏目填写",
        "Fill in the columns of this kind of catalogue",
    ),
    "catalogue.item_twice": E(
        422,
        "条目 {key} 重复",
        "Item {key} is given twice",
        "每个条目只填一次",
        "Give each item once",
    ),
    "catalogue.item_unknown": E(
        422,
        "本版次没有条目 {key}",
        "This edition has no item {key}",
        "请先查看本版次的条目",
        "Look at the items of this edition first",
    ),
    "catalogue.items_not_by_hand": E(
        409,
        "该类目录的条目不由人工这样改动",
        "The items of this kind of catalogue are not changed in this way",
        "归集类目录请重新归集；教育部门名单请整单导入",
        "Have it gathered again; take an authority's list in as a whole",
    ),
    "catalogue.not_gathered": E(
        409,
        "该类目录的条目由人工填写或整单导入，不由系统归集",
        "The items of this kind of catalogue are entered or taken in, not gathered",
        "请填写条目，或导入名单",
        "Enter the items, or take the list in",
    ),
    "catalogue.edition_empty": E(
        409,
        "本版次没有任何条目",
        "This edition has no items at all",
        "请先填写、导入或归集条目",
        "Enter, take in or gather items first",
    ),
    "catalogue.source_missing": E(
        409,
        "尚未导入名单，没有来源",
        "No list was taken in, so it has no source",
        "请先整单导入，注明发布机关、文件和日期",
        "Take the list in first, with its authority, document and day",
    ),
    "catalogue.past_day": E(
        422,
        "发布日期 {day} 已过",
        "The day of publication {day} is past",
        "请填写今天或以后的日期",
        "Give today or a later day",
    ),
    "catalogue.own_edition": E(
        403,
        "不能复核自己编制的版次",
        "Nobody reviews an edition that they worked at",
        "请由另一名目录管理人员复核",
        "Ask another catalogue officer",
    ),
}
