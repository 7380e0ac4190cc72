"""The first cases of the demo world: who applies for what, and how far it has come."""

from dataclasses import dataclass

Staff = tuple[str, str, str]
"""Clerk, reviewer and approver of a case."""


@dataclass(frozen=True)
class Story:
    """One case: who applies for what, when it was received, and how far it went.

    `received` and the others count working days before today; None means it has not come to that. `sampled` is when
    the sample reached the laboratory and the clock stopped until its report came (K5).
    """

    applicant: str
    category: str
    staff: Staff
    received: int
    accepted: int | None = None
    onsite: tuple[int, bool] | None = None
    testing: tuple[int, bool] | None = None
    decided: int | None = None
    retracted: int | None = None
    sampled: int | None = None


JIANGSU = ("js-clerk", "js-reviewer", "js-approver")
ZHEJIANG = ("zj-clerk", "zj-reviewer", "zj-approver")
NATIONAL = ("cq-clerk", "cq-reviewer", "aqsiq-approver")

STORIES = (
    Story("jinsui", "fertilizer-phosphate", JIANGSU, 24, 22, (12, True), (5, True), 3),
    Story("yonggu", "cable", JIANGSU, 35, 32, (20, True), (4, True)),
    Story("changfeng", "wire-rope", JIANGSU, 30, 28, (17, True), (2, True), sampled=12),
    Story("haimen", "waterproof-membrane", JIANGSU, 15, 13, (6, True), sampled=4),
    Story("taihu", "dish-detergent", JIANGSU, 2),
    Story("xuzhou", "grinding-wheel", JIANGSU, 20, 18, (8, False), None, 6),
    Story("changzhou", "pressure-cooker", JIANGSU, 12, 10, None, None, None, 7),
    Story("qiantang", "wood-panel", ZHEJIANG, 26, 24, (15, True), (9, True), 8),
    Story("qiantang", "water-pipe", ZHEJIANG, 1),
    Story("shancheng", "bridge-bearing", NATIONAL, 22, 20, (9, True), (2, True)),
)


TEST_TAKES = 21
TEST_NOTICE = (
    "样品已送达省产品质量监督检验研究院检验，需要 15 个工作日。检验期间不计入许可时限，收到报告后接着算。"
)

VERIFIERS = ("孟晓东", "罗静")
"""Who made the visits."""
FAILINGS = {
    "onsite": "不合格：关键生产设备与申请所列不符",
    "testing": "不合格：一项强制性指标不符合国家标准",
}
REASONS = {
    "onsite": "实地核查发现关键生产设备与申请所列不符，不具备与所申请产品相适应的生产条件。",
    "testing": "产品检验有一项强制性指标不符合国家标准，产品质量不符合法定要求。",
}
