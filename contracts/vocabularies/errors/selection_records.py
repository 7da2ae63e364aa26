"""Refusals of records, consents and credentials."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "selection.correction_open": E(
        409,
        "该条目的更正申请 {correction_id} 尚未答复",
        "Correction {correction_id} of this entry is not answered yet",
        "请等待答复，或查看该申请",
        "Wait for the answer, or look at that request",
    ),
    "selection.correction_office": E(
        403,
        "该条目来自 {source}，由该业务的工作人员答复",
        "This entry comes from {source}, whose officers answer for it",
        "请转由来源业务的工作人员答复",
        "Leave it to an officer of the source",
    ),
    "selection.correction_field": E(
        422,
        "“{kind}”类条目没有可更正的 {name}",
        "An entry of kind {kind} has no {name} to correct",
        "请只填写该类条目可更正的字段；不属于本人的条目请剔除",
        "Give only fields of that kind; strike an entry that is not the person's",
    ),
    "selection.reader_unknown": E(
        422,
        "没有以此统一社会信用代码核验通过的单位",
        "No verified body is registered under this credit code",
        "请核对代码；对方须先在平台登记并通过核验",
        "Check the code; the reader has to be registered and verified first",
    ),
    "selection.consent_term": E(
        422,
        "授权须在 {latest} 之前到期，且晚于当前时间",
        "A consent ends after now and before {latest}",
        "请缩短期限",
        "Choose a shorter term",
    ),
    "selection.consent_closed": E(
        403,
        "该授权已不再有效：{status}",
        "The consent is no longer open: {status}",
        "请向本人重新取得授权",
        "Ask the person for a new consent",
    ),
    "selection.consent_field": E(
        403,
        "该授权未包括 {name}",
        "The consent does not include {name}",
        "请向本人取得包括该项的授权",
        "Ask the person for a consent that includes it",
    ),
    "selection.entry_struck": E(
        409,
        "该条目已剔除，不能出具凭证或认定学分",
        "The entry was struck: no credential and no credit comes of it",
        "请选择其他条目",
        "Choose another entry",
    ),
    "selection.entry_kind": E(
        422,
        "只有证书条目可以出具证书凭证",
        "Only an entry of a certificate makes a certificate's credential",
        "请选择证书条目，或出具档案凭证",
        "Choose a certificate, or a credential of the record",
    ),
    "selection.credential_closed": E(
        409,
        "该凭证已不再有效：{status}",
        "The credential is no longer valid: {status}",
        "请出具新的凭证",
        "Issue a new one",
    ),
    "selection.no_credits": E(
        422,
        "条目 {entry_id} 没有技能学分",
        "Entry {entry_id} carries no credits",
        "请只选择有学分的条目",
        "Choose entries that carry credits",
    ),
    "selection.credits_recognised": E(
        409,
        "条目 {entry_id} 的学分已由本单位认定",
        "The credits of entry {entry_id} were recognised by this body already",
        "每个条目在同一单位只认定一次",
        "A body recognises an entry once",
    ),
}
