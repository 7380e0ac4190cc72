"""What whoever decided is told when a held decision did not take effect; nobody else hears of it (DOMAIN §3.2)."""

from django.utils.translation import gettext_lazy as _

from core.ledger.models import LedgerEntry
from core.messages.actions import notify
from core.messages.kinds import register_kind
from core.outbox.subscriptions import Heard, subscribe
from core.parties.models import User
from licensing.notices.cases import CASE, common, read

KIND = "licensing.desk.held_lapsed"

register_kind(
    KIND, title=_("决定没有生效：%(number)s"),
    body=_("%(enterprise)s · %(product)s。等待生效期间情况有变，请登录查看并重新决定。"), category="desk", urgent=True,
    **CASE,
)  # fmt: skip


@subscribe("licensing.held_decision_lapsed", name="licensing.notice.held_decision_lapsed")
def tell_of_lapse(heard: Heard) -> None:
    """The person whose decision it was, by the act that held it."""
    acts = LedgerEntry.objects.filter(subject_kind=heard.subject.kind, subject_id=heard.subject.id)
    lapse = acts.get(subject_version=heard.subject.version)
    made = acts.filter(act="licensing.hold_decision", subject_version__lt=heard.subject.version)
    codes = made.order_by("-subject_version").values_list("actor_code", flat=True)[:1]
    people = User.objects.filter(public_id__in=list(codes), is_active=True)
    case = read(heard.subject.id)
    notify(
        kind=KIND, recipients=list(people.values_list("pk", flat=True)), subject=heard.subject,
        at=lapse.effective_at, params=common(case), url_kwargs={"public_id": str(case.public_id)},
    )  # fmt: skip
