"""Examples in the description: an invented enterprise, as a Chinese and as an English client would write."""

from typing import Any, Final

Sample = dict[str, Any]

START: Final[Sample] = {
    "id": "6d0f1b1e-3c53-4f2b-9a35-0d3b6c7a5f10",
    "category": "fertilizer-phosphate",
    "units": [],
}
FACTS: Final[Sample] = {
    "name": "苏州金穗肥业有限公司", "uscc": "91320583MA9D000137", "legal_representative": "周敏", "division": "320583",
    "address": "春晖路 88 号", "contact": "周敏", "phone": "0512-5700 0000",
}  # fmt: skip
FACTS_EN: Final[Sample] = {**FACTS, "contact": "Zhou Min", "phone": "+86 512 5700 0000"}
PRODUCT: Final[Sample] = {"category": "fertilizer-phosphate", "units": ["single-superphosphate"]}
SITES: Final[Sample] = {"rows": [{"division": "320583", "address": "周市镇优比路 12 号"}]}
CONDITIONS: Final[Sample] = {
    "equipment": [{"name": "主生产线", "model": "LX-0100", "quantity": 1}],
    "instruments": [{"name": "万能试验机", "number": "SY-001", "valid_until": "2030-06-30"}],
    "process": "按企业工艺规程组织生产，执行现行国家标准和行业标准。", "staff": "工艺工程师 2 人，检验员 3 人",
}  # fmt: skip
CONDITIONS_EN: Final[Sample] = {
    "equipment": [{"name": "Main line", "model": "LX-0100", "quantity": 1}],
    "instruments": [{"name": "Testing machine", "number": "SY-001", "valid_until": "2030-06-30"}],
    "process": "Produced by the works' own process rules and the standards in force.",
    "staff": "2 process engineers, 3 inspectors",
}
SIGN: Final[Sample] = {"signer": "周敏", "agreed": True}
SAYING: Final[Sample] = {
    "id": "0b1f4f3e-7b1c-4c53-8a35-5f5b7f0a9d11",
    "text": "实地核查安排在哪一天？",
    "wants_reply": True,
}
SAYING_EN: Final[Sample] = {**SAYING, "text": "On which day will the on-site verification be?"}
CORRECT: Final[Sample] = {"items": {"enterprise.phone": "号码少一位，打不通"}}
CORRECT_EN: Final[Sample] = {
    "items": {"enterprise.phone": "One digit is missing; the number cannot be reached"}
}
EXPLAIN: Final[Sample] = {"explanation": "所生产的是有机肥料，不需要生产许可证。"}
EXPLAIN_EN: Final[Sample] = {"explanation": "Organic fertiliser needs no production licence."}
REFUSE_ACCEPTANCE: Final[Sample] = {
    "ground": "wrong_authority",
    "right_authority": "XPCC",
    "explanation": "企业由兵团管辖，材料已转去。",
}
TAKE: Final[Sample] = {"no_conflict": True}
ASSIGN: Final[Sample] = {
    "reviewer": "3f6b8a52-7c0e-4e0f-9d53-2b1f0c9a7e44", "reason": "原承办人调往外地，改由你承办。",
}  # fmt: skip
ASSIGN_EN: Final[Sample] = {**ASSIGN, "reason": "The former reviewer moved away."}
RECUSE: Final[Sample] = {"reason": "interest", "explanation": "配偶在该企业任职。"}
RECUSE_EN: Final[Sample] = {**RECUSE, "explanation": "My spouse works for the enterprise."}
GRANT: Final[Sample] = {"basis": ["L1 第三十八条第一款", "L2 第二十四条"], "no_conflict": True}
REFUSE: Final[Sample] = {
    "basis": ["L1 第三十八条第二款"], "reasons": "关键生产设备与申请所列不符。", "no_conflict": True,
}  # fmt: skip
REFUSE_EN: Final[Sample] = {**REFUSE, "reasons": "Key equipment differs from what was filed."}
RETURN: Final[Sample] = {"reasons": "检验报告缺少第 3 页"}
RETURN_EN: Final[Sample] = {"reasons": "Page 3 of the test report is missing"}
PAUSE: Final[Sample] = {
    "ground": "testing", "started_on": "2026-11-20", "expected_until": "2026-12-10",
    "notice": "样品已送省质检院检验，需要 15 个工作日，期间不计入时限。",
}  # fmt: skip
PAUSE_EN: Final[Sample] = {
    **PAUSE, "notice": "The sample is at the provincial institute; the test takes 15 working days outside the limit.",
}  # fmt: skip
RESUME: Final[Sample] = {"ended_on": "2026-12-08", "because": "result"}
EXTEND: Final[Sample] = {"days": 5, "reasons": "需要向省外核实生产设备来源。"}
EXTEND_EN: Final[Sample] = {
    **EXTEND, "reasons": "The origin of key equipment is being checked with another province.",
}  # fmt: skip
EXTENDED: Final[Sample] = {"granted": True}

STATEMENT = {"cause": "lost", "happened_on": "2026-11-02", "detail": "证书在搬运档案时遗失，经查找无果。"}
GROUP = {
    "rows": [
        {
            "name": "金穗肥业二厂有限公司",
            "uscc": "91320102MA1X5C7DXJ",
            "division": "320102",
            "address": "中山路 1 号",
        }
    ]
}
PROPOSAL = {
    "number": "(苏)XK13-002-00001",
    "ground": "dissolved",
    "facts": "登记机关通知：企业已于 2026-10-30 注销登记。",
}
SETTLE: Final[Sample] = {
    "reason": "窗口人员培训期间暂停。", "choices": {"6d0f1b1e-3c53-4f2b-9a35-0d3b6c7a5f10": "keep"},
}  # fmt: skip
SETTLE_EN: Final[Sample] = {**SETTLE, "reason": "Suspended while the staff of the counter are trained."}
LIMIT: Final[Sample] = {"days": 20, "valid_from": "2027-01-01"}
RULES: Final[Sample] = {
    "code": "REFORM_2027", "effective_from": "2027-03-01", "intake_days": 2, "decision_days": 20, "simple_days": 10,
    "correction_days": 60, "delegation_allowed": True, "basis_instrument": "国发〔2027〕1号", "basis_article": "二(一)",
}  # fmt: skip

ORDER: Final[Sample] = {
    "valid_from": "2026-12-01", "valid_to": "2027-12-01", "sampling_percent": 10,
    "category": "fertilizer-phosphate",
}  # fmt: skip
REVOKE_ORDER: Final[Sample] = {"reasons": "规则将修订，改由人决定。"}
FINDING: Final[Sample] = {"finding": "upheld", "reasons": "", "no_conflict": True}
PILOT: Final[Sample] = {
    "measure": "onsite_exemption", "province": "320000", "category": "", "least_class": "B",
    "effective_from": "2026-12-01", "basis_instrument": "关于试行免于实地核查的通知", "basis_article": "第二条",
}  # fmt: skip
END_PILOT: Final[Sample] = {"valid_to": "2027-12-01"}
