"""Grounds and measures of recovery (追回) and sanctions (处理), each with the clause that it rests on."""

from typing import Final

from contracts.vocabularies.terms import Term, Vocabulary

RECOVERY_GROUNDS: Final = Vocabulary(
    "recovery grounds",
    (
        Term("body_fraud", "机构弄虚作假", "fraud by the body", "37 §19; 600 §7; 7 §24"),
        Term("person_fraud", "个人弄虚作假", "fraud by the person", "37 §19; 600 §7"),
        Term("not_eligible", "不符合补贴条件", "not eligible", "600 §7; AP"),
        Term("not_completed", "预付后未结业取证", "advanced, and no certificate followed", "AP"),
        Term("overpaid", "多付", "paid too much", "600 §7"),
    ),
)
SANCTION_GROUNDS: Final = Vocabulary(
    "sanction grounds",
    (
        Term("fraud", "套取骗取补贴", "subsidy obtained by fraud", "37 §19; 600 §7"),
        Term("false_records", "培训或考核记录不实", "false records of training or tests", "37 §19; 7 §24"),
        Term("false_advertising", "虚假宣传", "false advertising", "7 §24"),
        Term("subcontracting", "转包分包", "subcontracting", "7 §24"),
        Term("refused_recovery", "拒不退回追回款", "money demanded back is not returned", "37 §19; 600 §7"),
    ),
)
# measures are ours (the documents leave them to each place): S11, S23
MEASURES: Final = Vocabulary(
    "sanction measures",
    (
        Term("warning", "警告", "warning"),
        Term("claims_barred", "暂停申请补贴", "barred from claims until a day"),
        Term("exit", "建议退出目录", "exit from the catalogue proposed"),
        Term("handed_on", "移送有关部门", "case handed on"),
    ),
)
