"""Cases that ended, or still wait, at intake: one for every answer the law knows (DOMAIN §3.1 S2–S6)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from catalog.models import ProductCategory
from core.lifecycle.dates import shanghai_date
from core.parties.models import Authority, Enterprise
from licensing.actions import acceptance, bars, clockwork, correction, drafts, forwarding
from licensing.actions.papers import write_papers
from licensing.models import Application
from portal.demo import samples

if TYPE_CHECKING:
    from portal.demo.world import Builder

NOTICE = {
    "business_licence": "扫描件右下角登记机关的印章看不清，请重新扫描或拍照",
    "enterprise.phone": "号码少一位，打不通",
    "conditions.instruments": "万能试验机的检定日期与证书不符，请核对",
}


def tell(builder: "Builder") -> None:
    """All of them, in the order of their first receipt."""
    _lapsed(builder)
    _deemed(builder)
    _not_required(builder)
    _forwarded(builder)
    _answered(builder)
    _noticed(builder)
    _barred(builder)


def _at_desk(
    builder: "Builder", application: Application, ago: int, clerk: str = "js-clerk"
) -> dict[str, Any]:
    return {
        "public_id": application.public_id, "expected_version": builder.version(application),
        "actor": builder.actor(clerk), "at": builder.at(ago, 14, 20),
    }  # fmt: skip


def _notify(builder: "Builder", application: Application, ago: int) -> None:
    correction.request_correction(items=NOTICE, **_at_desk(builder, application, ago))


def _run_clock(builder: "Builder", application: Application) -> None:
    """Let every moment come at which the clock would have looked, up to now."""
    while True:
        application.refresh_from_db()
        moment = application.next_check_at
        if moment is None or moment > builder.now:
            return
        clockwork.tick(public_id=application.public_id, at=moment)


def _noticed(builder: "Builder") -> None:
    _notify(builder, builder.file("huishan", "moto-helmet", 6), 3)


def _lapsed(builder: "Builder") -> None:
    application = builder.file("qingjiang", "cotton-machine", 34)
    _notify(builder, application, 31)
    _run_clock(builder, application)


def _deemed(builder: "Builder") -> None:
    _run_clock(builder, builder.file("dantu", "electric-blanket", 9))


def _not_required(builder: "Builder") -> None:
    application = builder.file("dafeng", "fertilizer-compound", 8)
    acceptance.tell_not_required(
        explanation="所生产的是有机肥料，不属于复混肥料单元，不需要生产许可证。",
        **_at_desk(builder, application, 7),
    )


def _forwarded(builder: "Builder") -> None:
    application = builder.file("tianfu", "water-pipe", 5)
    forwarding.forward_elsewhere(
        right_authority=Authority.objects.get(code="XPCC"),
        explanation="企业在第八师石河子市，由新疆生产建设兵团管辖，材料已转去，不用重新提交。",
        **_at_desk(builder, application, 3, "xj-clerk"),
    )


def _answered(builder: "Builder") -> None:
    application = builder.file("yanghe", "food-paper", 10)
    _notify(builder, application, 7)
    application.refresh_from_db()
    actor, at = builder.actor("yanghe"), builder.at(2, 9, 10)
    draft: dict[str, Any] = application.draft
    sent: dict[str, Any] = {"public_id": application.public_id, "actor": actor, "at": at}
    instruments = [
        {**row, "valid_until": str(shanghai_date(at) + timedelta(days=340))}
        for row in draft["conditions"]["instruments"]
    ]
    for section, data in (
        ("enterprise", {**draft["enterprise"], "phone": "0527-8400 0000"}),
        ("conditions", {**draft["conditions"], "instruments": instruments}),
    ):
        drafts.save_section(
            section=section, data=data, draft_version=builder.draft_version(application), **sent
        )
    facts = draft["enterprise"]
    picture = samples.business_licence(
        facts["name"], facts["uscc"], facts["legal_representative"], facts["full_address"] + "　"
    )
    drafts.attach_licence(
        upload=picture,
        filename="营业执照（重扫）.png",
        draft_version=builder.draft_version(application),
        **sent,
    )
    drafts.sign_commitment(
        signer=facts["legal_representative"], draft_version=builder.draft_version(application), **sent
    )
    correction.resubmit(draft_version=builder.draft_version(application), **sent)
    write_papers(public_id=application.public_id, at=at)


def _barred(builder: "Builder") -> None:
    """A penalty of two years ago; the draft it stops at submission lies open."""
    decided = builder.today.replace(year=builder.today.year - 2, day=min(builder.today.day, 28))
    enterprise = Enterprise.objects.get(name="连云港赣榆线缆厂")
    bars.record_bar(
        enterprise=enterprise, category=ProductCategory.objects.get(key="cable"), cause="penalty",
        decided_on=decided, instrument=f"（苏）质监罚字〔{decided.year}〕9 号", filename="吊销决定书.pdf",
        document=samples.record("吊销决定书", enterprise.name, "吊销许可证", "江苏省质监局", decided.isoformat()),
        actor=builder.actor("js-approver"), at=builder.at(20, 10),
    )  # fmt: skip
    builder.open_draft("ganyu", "cable")
