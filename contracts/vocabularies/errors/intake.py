"""Refusals of intake (提单)."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {
    "intake.person_known": E(
        409,
        "该身份证号码已由其他账号登记",
        "This citizen number is registered by another account",
        "如系本人，请用原账号登录，或持证件到经办机构核实",
        "Sign in with that account, or go to an office with the card",
    ),
    "intake.account_has_person": E(
        409,
        "本账号已登记人员信息",
        "This account has registered a person already",
        "无需重复登记；银行账号可以单独更正",
        "No need to register again; the bank account can be corrected by itself",
    ),
    "intake.account_has_body": E(
        409,
        "本账号已登记单位信息",
        "This account has registered a body already",
        "无需重复登记；银行账号可以单独更正",
        "No need to register again; the bank account can be corrected by itself",
    ),
    "intake.body_known": E(
        409,
        "该统一社会信用代码已由其他账号登记",
        "This credit code is registered by another account",
        "请用原账号登录，或联系经办机构核实",
        "Sign in with that account, or ask an office",
    ),
    "intake.body_kind": E(
        422,
        "账号角色与单位类别不一致",
        "The account's role and the kind of body do not agree",
        "请选择与账号角色一致的类别：{role}",
        "Choose the kind of the account's role: {role}",
    ),
    "intake.not_registered": E(
        409,
        "本账号尚未登记人员或单位信息",
        "This account has not registered a person or a body yet",
        "请先登记",
        "Register first",
    ),
    "intake.person_needed": E(
        422,
        "首次提单须同时填写人员信息",
        "The first demand has to carry the person's details",
        "请填写 person 一栏",
        "Fill in the `person` block",
    ),
    "intake.person_mismatch": E(
        409,
        "所填身份证号码与本账号登记的不一致",
        "The citizen number is not the one that this account registered",
        "请用本人账号提单",
        "Post with the account of that person",
    ),
    "intake.check_refused": E(
        409,
        "联网核查未通过：{reason}",
        "The registry check failed: {reason}",
        "请更正登记信息后再提单",
        "Correct what was registered, then post again",
    ),
    "intake.agency_unverified": E(
        409,
        "代办机构尚未通过联网核查",
        "The agency has not passed its registry check yet",
        "核查通过后方可代为提单",
        "Post on others' behalf once the check has passed",
    ),
    "intake.wanted_from": E(
        422,
        "期望开始日期应在 {first} 至 {last} 之间",
        "The wanted start must be between {first} and {last}",
        "请更正日期",
        "Correct the date",
    ),
    "intake.demand_in_project": E(
        409,
        "该人员的需求已列入项目，暂不能注销",
        "A demand of this person is in a project, so the person cannot be forgotten now",
        "请先撤回需求 {demand_id}",
        "Withdraw demand {demand_id} first",
    ),
    "intake.no_account": E(
        409,
        "该收款人未登记银行账号",
        "This payee has given no bank account",
        "请收款人先登记银行账号",
        "Ask the payee to give one",
    ),
}
