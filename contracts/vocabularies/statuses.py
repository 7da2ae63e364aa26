"""Kinds and statuses of each thing (states of the domain), with the Chinese words shown on pages."""

from typing import Final

BODY_KINDS: Final = {
    "enterprise": "企业",
    "provider": "培训机构",
    "assessor": "评价机构",
    "agency": "代办机构",
}
PERSON: Final = {"submitted": "待核查", "verified": "已核查", "refused": "核查未通过", "forgotten": "已注销"}
BODY: Final = {"submitted": "待核查", "verified": "已核查", "refused": "核查未通过"}
BODY_STATES: Final = {"active": "存续", "dormant": "休眠", "revoked": "吊销", "unknown": "查无登记"}
DEMAND_KINDS: Final = {"worker": "劳动者需求", "enterprise": "企业需求"}
DEMAND: Final = {
    "draft": "草稿",
    "submitted": "已提交",
    "verified": "已核验",
    "returned": "已退回",
    "listed": "已列单",
    "met": "已满足",
    "lapsed": "已失效",
    "withdrawn": "已撤回",
}
# who posts on behalf of others [AP 五单式]
AGENCY_KINDS: Final = {
    "public_employment": "公共就业服务机构",
    "hr_agency": "人力资源服务机构",
    "association": "行业协会",
    "park": "园区",
}
STUDY_TIMES: Final = {
    "full_time": "脱产集中",
    "weekday": "工作日白天",
    "evening": "工作日晚间",
    "weekend": "周末",
    "shift": "倒班间隙",
}
PROOF_KINDS: Final = {
    "unemployment_registration": "就业创业证（失业登记）",
    "labour_contract": "劳动合同",
    "student_card": "学生证",
    "graduation_certificate": "毕业证书",
    "disability_card": "残疾人证",
    "veteran_card": "退役军人优待证",
    "relief_list": "脱贫户（监测对象）名册",
    "social_relief_certificate": "社会救助证明",
    "residence_booklet": "户口簿",
    "business_licence": "营业执照",
    "other_proof": "其他证明",
}
PROOF: Final = {"given": "待查看", "accepted": "认可", "refused": "不予认可"}
DUPLICATE_GROUNDS: Final = {
    "same_person_occupation": "同一人同一职业",
    "same_enterprise": "同一企业同一职业",
}
MANDATE: Final = {"recorded": "授权有效", "withdrawn": "授权已撤销", "expired": "授权已到期"}
MANDATE_GIVEN: Final = {"account": "账号授权", "paper": "书面授权"}
MANDATE_PARTIES: Final = {"principal": "授权人", "agency": "代办方", "officer": "工作人员"}
PROJECT: Final = {
    "draft": "草稿",
    "listed": "已列单",
    "sourcing": "接单中",
    "awarded": "已定标",
    "running": "实施中",
    "closed": "已结束",
    "withdrawn": "已撤回",
}
SOURCING_WAYS: Final = {
    "open_challenge": "揭榜挂帅",
    "filing": "备案",
    "selection": "遴选",
    "tender": "招投标",
}
SOURCING: Final = {
    "notice": "公告",
    "questions": "答疑",
    "bidding": "应榜",
    "sealed": "截止待开",
    "opened": "已开",
    "scored": "已评",
    "candidate": "候选",
    "public_notice": "公示",
    "awarded": "已定标",
    "failed": "流标",
    "cancelled": "取消",
}
# what a criterion looks at; the price is reckoned, not judged
CRITERION_SUBJECTS: Final = {
    "goal": "目标响应",
    "plan": "培训方案",
    "staff": "师资配备",
    "place": "场地设备",
    "record": "培训业绩",
    "price": "报价",
}
# what puts one bid before another with as many points, in this order
TIE_RULES: Final = {
    "price": "报价低者优先",
    "criterion": "权重最高项得分高者优先",
    "receipt": "回执在先者优先",
}
PANEL_EXCLUDED: Final = {"own_work": "本榜经办人", "body_bids": "所属机构参与应榜"}
CANDIDACY_ENDED: Final = {
    "objection": "异议成立",
    "withdrawn": "主动退出",
    "barred": "名录限制",
    "revoked": "定标撤销",
}
FAILURE_GROUNDS: Final = {
    "no_bids": "无人应榜",
    "too_few_bids": "应榜家数不足",
    "not_opened": "未能开标",
    "none_valid": "无有效标书",
    "no_panel": "评审组无法组成",
    "nobody_left": "无合格候选",
    "winner_withdrew": "中标机构退出",
    "award_revoked": "定标撤销",
}
FILING: Final = {"filed": "已提交备案", "withdrawn": "已撤回", "accepted": "备案通过", "refused": "不予备案"}
PAPER_KINDS: Final = {
    "tender_notice": "招标公告",
    "bid_opening": "开标记录",
    "evaluation": "评标报告",
    "award_notice": "中标公告",
    "contract": "培训服务合同",
    "other": "其他材料",
}
TENDER_METHODS: Final = {"open": "公开招标", "invited": "邀请招标"}
EXPERT: Final = {"active": "在库", "removed": "已出库"}
OPENING_KEY: Final = {"registered": "待验证", "confirmed": "已验证", "retired": "已停用"}
OWNERSHIP: Final = {"public": "公办", "private": "民办"}
APPLICATION: Final = {
    "checking": "联网核验中",
    "check_failed": "核验未通过",
    "to_decide": "待准入",
    "returned": "退回补正",
}
PROVIDER: Final = {
    "applied": "申请准入",
    "admitted": "在册",
    "warned": "已警告",
    "suspended": "已暂停",
    "exited": "已退出名录",
}
MEASURES: Final = {"warning": "警告", "suspension": "暂停", "exit": "清退"}
GRADES: Final = {"A": "A级", "B": "B级", "C": "C级", "D": "D级"}
GRADE_CRITERIA: Final = {
    "results": "培训成效",
    "employment": "就业成效",
    "feedback": "学员评价",
    "credit": "信用记录",
    "money": "资金使用",
}
CLASS: Final = {
    "planned": "计划",
    "filed": "已报备",
    "confirmed": "已确认",
    "returned": "退回补正",
    "enrolling": "报名中",
    "roster_filed": "名册已备案",
    "running": "授课中",
    "carried_out": "授课完毕",
    "assessed": "已考核",
    "completed": "已结业",
    "stopped": "已停办",
}
# what became of a change to a filed plan
CLASS_CHANGE: Final = {"waiting": "变更待批", "accepted": "变更已批", "refused": "变更不予批准"}
# why somebody cannot be on a roster
ROSTER_FINDINGS: Final = {
    "draws_pension": "已按月领取养老金",
    "year_limit": "本年度补贴培训次数已满",
    "same_level": "已有同一职业同一等级证书",
    "overlap": "与另一班课时重叠",
}
PLATFORM: Final = {"admitted": "已准入", "suspended": "评估未通过", "removed": "已退出"}
ASSESSMENT_KINDS: Final = {
    "final_test": "结业考核",
    "skill_level": "职业技能等级认定",
    "special_ability": "专项职业能力考核",
}
RESULTS_TAKEN: Final = {"all_or_none": "全部正确才导入", "good_rows": "只导入正确的行"}
SESSION_KINDS: Final = {
    "theory": "理论",
    "practice": "实操",
    "safety": "安全教育",
    "compulsory": "必修公共内容",
}
ENROLMENT: Final = {
    "held": "待确认",
    "confirmed": "已选",
    "attending": "在学",
    "completed": "结业",
    "failed": "未结业",
    "cancelled": "已取消",
    "dropped": "退学",
    "waiting": "候补",
    "expired": "占位过期",
}
SEATING: Final = {"open": "可选", "closed": "已截止", "stopped": "已停办"}
VOUCHER_BATCH: Final = {"issuing": "发放中", "issued": "已发放"}
VOUCHER: Final = {
    "issued": "已发放",
    "claimed": "已领取",
    "bound": "已绑定",
    "in_use": "使用中",
    "redeemed": "已核销",
    "expired": "已过期",
    "revoked": "已收回",
}
ATTENDANCE: Final = {"confirmed": "已确认", "unconfirmed": "待确认", "rejected": "不予认可", "voided": "作废"}
CLAIM_KINDS: Final = {
    "project_advance": "项目制预付",
    "project_balance": "项目制尾款",
    "living_cost": "培训期间生活费补贴",
    "class_training": "培训补贴",
    "transport": "培训期间交通费补贴",
    "employment_uplift": "就业上浮补贴",
    "certificate_batch": "取证补贴",
    "person_training": "个人培训补贴",
    "wage_month": "以工代训补贴",
    "oriented_training": "产业定向培训补贴",
}
# an operation certificate: special operations, or the operation of special equipment [600 §9(2)]
CERTIFICATE_KINDS: Final = {
    "ordinary": "职业资格、职业技能等级、专项职业能力证书",
    "operation": "特种作业操作证、特种设备作业人员证",
}
CLAIM: Final = {
    "draft": "草稿",
    "submitted": "已提交",
    "computed": "已核算",
    "accepted": "已受理",
    "sent_back": "退回补正",
    "first_reviewed": "已初审",
    "second_reviewed": "已复核",
    "public_notice": "公示中",
    "funds_requested": "已请款",
    "finance_reviewed": "财政已审",
    "ordered": "已开支付令",
    "paid": "已支付",
    "refused": "不予支付",
    "suspended": "中止",
    "withdrawn": "已撤回",
    "recovered": "已追回",
}
PAYMENT_LINE: Final = {
    "ordered": "待发送",
    "sent": "已发送",
    "paid": "已到账",
    "returned": "银行退回",
    "corrected": "已更正",
    "stopped": "已止付",
}
BATCH: Final = {"built": "已组批", "sent": "已发送", "settled": "已结清", "released": "已撤批"}
BANK_FILES: Final = {"receipt": "银行回单", "statement": "银行对账单"}
CLAIM_OBJECTION: Final = {"open": "待答复", "upheld": "成立", "rejected": "不成立", "lapsed": "已终止"}
PREPARED_REVIEW: Final = {
    "commissioned": "已委托",
    "prepared": "已提交",
    "read": "已阅",
    "called_off": "已取消委托",
}
RECOVERY: Final = {"ordered": "追回中", "settled": "已结清"}
SANCTION: Final = {"recorded": "已记录", "lifted": "已解除"}
BID: Final = {
    "sealed": "已密封",
    "withdrawn": "已撤回",
    "opened": "已开",
    "excluded": "不予评审",
    "set_aside": "作废待重投",
}
BID_EXCLUDED: Final = {
    "swapped": "存件与回执不符",
    "unopenable": "无法开启",
    "unreadable": "内容不合格式",
    "not_its_own": "非本机构为本榜所作",
    "above_ceiling": "高于最高限价",
    "not_fixed_price": "未按固定价格报价",
    "attachments_differ": "附件与密封的清单不符",
}
BID_FILE_PROBLEMS: Final = {
    "unopenable": "附件无法解开",
    "differs": "附件与标书所述不符",
    "type": "附件类型或文件名不符",
}
EMPLOYMENT: Final = {"reported": "已报告", "proven": "已核实", "refuted": "未核实"}
EMPLOYMENT_BASES: Final = {"insurance": "参保记录", "contract": "劳动合同", "self_report": "本人申报"}
# what stands in a person's record (电子档案)
RECORD_ENTRY: Final = {
    "training": "参加培训",
    "assessment": "考核记录",
    "certificate": "获得证书",
    "employment": "就业参保",
    "subsidy": "享受补贴",
    "startup_training": "创业能力培训",
    "practice": "就业能力实训",
}
# what a consent may open
RECORD_FIELDS: Final = {**RECORD_ENTRY, "credits": "技能学分", "name": "姓名"}
PRACTICE_KINDS: Final = {"startup_training": "创业能力培训", "practice": "就业能力实训"}
PRACTICE: Final = {"reported": "待确认", "confirmed": "已确认属实", "refused": "未予确认"}
CORRECTION: Final = {"open": "待答复", "upheld": "已更正", "rejected": "不予更正"}
CONSENT: Final = {"given": "授权中", "revoked": "授权已撤回", "ended": "授权期满"}
CREDENTIAL_KINDS: Final = {"certificate": "证书凭证", "record": "档案凭证"}
CREDENTIAL_FORMATS: Final = {"open_badge": "开放徽章", "sd_jwt": "选择性披露凭证"}
CREDENTIAL: Final = {"valid": "凭证有效", "revoked": "凭证已撤销", "ended": "凭证期满"}
STATUS_LIST_FORMS: Final = {"bitstring": "位串状态表", "token": "令牌状态表"}
THREE_ONES: Final = {
    "skill_training": "一次职业技能培训",
    "startup_training": "一次创业能力培训",
    "practice": "一次就业能力实训",
}
VISIT_WAYS: Final = {"phone": "电话回访", "in_person": "上门回访", "online": "线上回访"}
VISIT_OUTCOMES: Final = {
    "employed": "已就业",
    "self_employed": "自主创业",
    "seeking": "求职中",
    "studying": "升学或继续培训",
    "not_seeking": "暂无就业意愿",
    "unreachable": "未联系上",
}
GUIDANCE: Final = {"guidance": "职业指导", "recommendation": "岗位推荐"}
ESTIMATE: Final = {
    "waiting": "待测算",
    "running": "测算中",
    "done": "已完成",
    "failed": "未能完成",
    "cancelled": "已取消",
}
MONTH: Final = {"prepared": "待签署", "signed": "已一签", "closed": "已结账"}
SUPPORT_DECISIONS: Final = {"granted": "已批准", "refused": "不予支持"}
SUPPORT: Final = {"asked": "待审批", **SUPPORT_DECISIONS}
REAL_NAME_GAPS: Final = {
    "not_registered": "未登记",
    "forgotten": "本人已注销",
    "not_verified": "尚未核验",
    "refused": "核验未通过",
    "not_alive": "登记为死亡",
    "pension_unknown": "养老金资格未核实",
    "no_group": "未填人员类别",
    "not_on_roster": "不在备案名册上",
}
BANK_ITEMS: Final = {
    "bank_credit": "银行已收，账上未收",
    "bank_debit": "银行已付，账上未付",
    "book_payment": "账上已付，银行未付",
    "book_receipt": "账上已收，银行未收",
    "missing_bookings": "流水尚未读全",
}
SUSPENSE_KINDS: Final = {"receipt": "暂收款", "fee": "银行手续费"}
SUSPENSE_WAYS: Final = {"given_back": "退还", "made_good": "补足", "recovered": "转作追回"}
SUSPENSE: Final = {
    "proposed": "待复核",
    "booked": "挂账",
    "settling": "清账待复核",
    "settled": "已清账",
    "refused": "不予挂账",
}
TRANSFER_KINDS: Final = {"within_city": "市内调剂", "provincial_support": "省级调剂（奖补）"}
