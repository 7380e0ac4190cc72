"""The commitment letter's versioned text (R-28). A changed text is a new version; signed cases keep theirs."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from licensing.kinds import Kind


@dataclass(frozen=True)
class CommitmentText:
    version: str
    paragraphs: tuple[str, ...]

    def fill(self, *, enterprise: str, product: str) -> str:
        """The letter of one enterprise for one product, paragraph by paragraph."""
        return "\n".join(p.format(enterprise=enterprise, product=product) for p in self.paragraphs)


CURRENT = CommitmentText(
    version="2015-08-04/1",
    paragraphs=(
        "{enterprise}申请工业产品生产许可证（{product}），郑重承诺：",
        "一、所填写的内容和提交的材料真实、准确、完整，与实际生产条件一致。",
        "二、具备与所申请产品相适应的专业技术人员、生产条件和检验检疫手段、技术文件和工艺文件，"
        "建立并有效运行质量管理制度和责任制度。",
        "三、产品符合有关国家标准、行业标准以及保障人体健康和人身、财产安全的要求。",
        "四、符合国家产业政策，不采用国家明令淘汰和禁止投资建设的落后工艺、高耗能、污染环境、浪费资源的方式生产。",
        "五、遵守生产许可的法律法规，自觉接受监督，承担产品质量安全主体责任。",
        "如有不实，愿依法承担撤销许可等法律后果。",
    ),
)


NO_MAJOR_CHANGE = CommitmentText(
    version="2015-08-04/R1",
    paragraphs=(
        *CURRENT.paragraphs[:-2],
        "五、自上次取得生产许可证以来，生产场所、生产线和关键生产设备、生产工艺和技术、检验手段没有发生重大变化；"
        "据此申请免于实地核查，并随时接受监督检查。",
        "六、遵守生产许可的法律法规，自觉接受监督，承担产品质量安全主体责任。",
        CURRENT.paragraphs[-1],
    ),
)
"""The letter of a renewal without major change: what takes the place of the visit (R-23)."""

COMMITS_TO_NO_CHANGE = frozenset({NO_MAJOR_CHANGE.version})
"""Versions, past ones included, in which the signer says that nothing of weight has changed."""


def text_for(kind: str, *, unchanged: bool) -> CommitmentText:
    """The letter to be signed today: a renewal that states no major change commits to just that."""
    return NO_MAJOR_CHANGE if kind == Kind.RENEWAL and unchanged else CURRENT


def letter_hash(*, version: str, text: str, signer: str, signed_at: datetime) -> str:
    """SHA-256 over everything that was signed; the instant counts in UTC, ISO 8601."""
    instant = signed_at.astimezone(UTC).isoformat()
    return hashlib.sha256("\x1f".join((version, text, signer, instant)).encode()).hexdigest()
