"""Words of the pools beside the catalogue: themes, bases, teachers, materials."""

from typing import Final

from contracts.vocabularies.terms import Term, Vocabulary

THEMES = Vocabulary(
    "themes of one county one project",
    (
        Term("ten_industries", "十强产业", "the ten strong industries", "7 专栏6"),
        Term("rural_revival", "乡村振兴", "rural revival", "7 专栏6"),
        Term("heritage", "非物质文化遗产传承", "intangible cultural heritage", "7 专栏6"),
        Term("lu_cuisine", "鲁菜师傅", "masters of Lu cuisine", "7 专栏6"),
        Term("target_groups", "重点群体就业", "work for target groups", "7 专栏6"),
    ),
)
BASE_KINDS = Vocabulary(
    "kinds of bases",
    (
        Term("training_base", "公共实训基地", "public training base", "AP; 7 §10"),
        Term("master_studio", "技能大师工作室", "skill-master studio", "AP; 7 专栏1"),
        Term("high_skill_base", "高技能人才培养基地", "base for training the highly skilled", "AP"),
    ),
)
GRADES = Vocabulary(
    "grades of bases",
    (
        Term("national", "国家级", "national", "7 专栏1"),
        Term("provincial", "省级", "provincial"),
        Term("city", "市级", "of a city", "AP"),
        Term("county", "县级", "of a county"),
    ),
)
HONOURS = Vocabulary(
    "honours of teachers",
    (
        Term("taishan", "泰山产业技能领军人才", "Taishan leading talent in industrial skills", "37 §15"),
        Term("shandong_master", "山东省技术技能大师", "Shandong master of technical skills", "37 §15"),
        Term("qilu_chief", "齐鲁首席技师", "Qilu chief technician", "37 §15"),
        Term("other", "其他高层次技能人才", "other highly skilled person", "37 §15"),
    ),
)
TEACHER_SOURCES = Vocabulary(
    "where teachers come from",
    (
        Term("technician_college", "技工院校", "technician college", "37 §15"),
        Term("vocational_college", "职业院校", "vocational college", "37 §15"),
        Term("university", "高校", "university", "37 §15"),
        Term("enterprise", "企业", "enterprise", "37 §15"),
        Term("training_body", "培训机构", "training body"),
    ),
)
MATERIAL_KINDS = Vocabulary(
    "kinds of materials",
    (
        Term("textbook", "培训教材", "textbook", "AP"),
        Term("courseware", "网络课件", "online courseware", "AP"),
        Term("course", "培训课程", "course", "7 §11"),
    ),
)
SUPPORT_KINDS = Vocabulary(
    "kinds of support",
    (
        Term("facilities", "培训设施设备升级", "better facilities", "AP"),
        Term("accessibility", "无障碍改造", "access without barriers", "AP"),
        Term("by_results", "按培训实训人数扶持", "by the number of people trained", "AP"),
    ),
)
# statuses, with the words shown on pages
ENTRY: Final = {
    "proposed": "待入库审核",
    "published": "已入库公布",
    "refused": "不予入库",
    "withdrawn": "已出库",
}
NEED: Final = {
    "stated": "企业已提需求",
    "returned": "退回补充",
    "listed": "已列清单",
    "matched": "已对接",
    "concluded": "已办结",
    "withdrawn": "已撤销",
}
OFFER: Final = {"offered": "已配课", "taken": "已采纳", "declined": "未采纳", "withdrawn": "已撤回"}
COUNTY_PROJECT: Final = {"on_list": "在列", "ended": "已退出清单"}
