"""Where somebody who is refused may turn (L1 art. 38 ¶2; 行政复议法, 行政诉讼法)."""

from core.parties.models import Authority


def remedies_text(authority: Authority) -> str:
    """Reconsideration within sixty days, suit within six months, and before whom, as a decision states it."""
    where = f"{authority.parent.name_zh}或者本级人民政府" if authority.parent else authority.name_zh
    return (
        f"如不服本决定，可以自收到本决定之日起六十日内向{where}申请行政复议，"
        "也可以自收到本决定之日起六个月内依法向人民法院提起行政诉讼。"
    )


REMEDIES_EN = (
    "You may apply for administrative reconsideration within 60 days, or bring an action before the people's court "
    "within six months, of receiving this decision."
)
