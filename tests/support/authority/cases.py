"""What the acts of the matrix are done to: cases of three products in every state, claims, delegations."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import ProductCategory
from core.claims.actions import review as claim_review
from core.claims.models import Claim
from core.parties.models import Authority, Delegation
from core.staff.actions import absences
from licensing.actions import bars, correction, decision, delegation, extension, pauses
from licensing.actions.papers import write_papers
from licensing.imports.models import Batch
from licensing.lifecycle import REFUSAL_BASIS
from licensing.models import Application, Bar
from tests.support import claims, imports, world
from tests.support.authority import licences
from tests.support.authority.people import People
from tests.support.cases import signed

PRODUCTS = {
    "provincial": ("fertilizer-phosphate", "320000", "320000"),
    "delegated": ("cable", "320500", "320500"),
    "national": ("rebar", "320000", "AQSIQ"),
}
"""Which category, and where its acceptance and review, and its approval, are done: column `case` of the matrix."""


class Office:
    """Everything prepared the day before. A thing is made when first asked for, and the same one ever after."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.day = people.day
        self.delegations = {stage: self._entrusted(stage) for stage in ("acceptance", "review", "approval")}
        self.casts = {product: self._cast(product) for product in PRODUCTS}
        self._made: dict[tuple[str, str], Any] = {}

    def _entrusted(self, stage: str) -> Delegation:
        head = self.people.official("head of authority", "own province")
        return delegation.delegate(
            delegator=Authority.objects.get(code="320000"), to=Authority.objects.get(code="320500"), stage=stage,
            category_key="cable", valid_from=self.day, valid_to=None, document=world.PDF, filename="委托书.pdf",
            basis_instrument="某省行政许可委托办法", basis_article="第三条", actor=world.actor(head, self.day),
            at=self.people.at(8),
        )  # fmt: skip

    def _cast(self, product: str) -> world.Cast:
        _category, filing, deciding = PRODUCTS[product]
        cast = world.Cast(filing, "320583", deciding)
        cast.enterprise, cast.applicant = self.people.enterprise, self.people.holder
        return cast

    def get(self, thing: str, product: str = "") -> Any:
        """What an act is done to, as of now."""
        made = self._made.get((thing, product))
        if made is None:
            with transaction.atomic():
                made = self._made[thing, product] = MAKERS[thing](self, product or "provincial")
        made.refresh_from_db()
        return made

    def actor(self, product: str, role: str) -> Any:
        return world.actor(getattr(self.casts[product], role), self.day)


def _plain(make: Callable[..., Application]) -> Callable[[Office, str], Application]:
    return lambda office, product: make(office.casts[product], PRODUCTS[product][0], office.day)


def _submitted(office: Office, product: str) -> Application:
    case = _plain(world.submitted)(office, product)
    write_papers(public_id=case.public_id, at=world.at(office.day, 10, 1))
    return case


def _noticed(office: Office, product: str) -> Application:
    case = _submitted(office, product)
    return correction.request_correction(
        public_id=case.public_id, expected_version=case.version, items={"enterprise.phone": "号码少一位"},
        actor=office.actor(product, "clerk"), at=office.people.at(11),
    )  # fmt: skip


def _answered(office: Office, product: str) -> Application:
    case = _noticed(office, product)
    correction.resubmit(
        public_id=case.public_id, draft_version=case.draft_version, actor=office.actor(product, "applicant"),
        at=office.people.at(12),
    )  # fmt: skip
    write_papers(public_id=case.public_id, at=world.at(office.day, 12, 1))
    return case


def _visited(office: Office, product: str) -> Application:
    case = _plain(world.taken)(office, product)
    return world.record(office.casts[product], case, "onsite", day=office.day)


def _reviewed(office: Office, product: str) -> Application:
    case = _visited(office, product)
    return world.record(office.casts[product], case, "testing", day=office.day)


def paused(case: Application, ground: str, day: Any, **who: Any) -> Any:
    """Stop the clock of a case; also the act itself, where the matrix asks who may."""
    return pauses.pause(
        public_id=case.public_id, expected_version=case.version, ground=ground, started_on=day,
        expected_until=world.date.fromordinal(day.toordinal() + 20), notice="需要二十天。", **who,
    )  # fmt: skip


def _testing(office: Office, product: str) -> Application:
    case = _visited(office, product)
    paused(case, "testing", office.day, actor=office.actor(product, "reviewer"), at=office.people.at(15))
    return case


def _hearing(office: Office, product: str) -> Application:
    case = _plain(world.pending)(office, product)
    paused(case, "hearing", office.day, actor=office.actor(product, "approver"), at=office.people.at(16))
    return case


def _proposed(office: Office, product: str) -> Application:
    case = _plain(world.pending)(office, product)
    extension.propose_extension(
        public_id=case.public_id, expected_version=case.version, days=5, reasons="资料较多",
        actor=office.actor(product, "approver"), at=office.people.at(16),
    )  # fmt: skip
    return case


def _failed(office: Office, product: str) -> Application:
    return world.pending(office.casts[product], PRODUCTS[product][0], office.day, failed=True)


def _refused(office: Office, product: str) -> Application:
    case = _failed(office, product)
    return decision.refuse(
        public_id=case.public_id, expected_version=case.version, basis=REFUSAL_BASIS, reasons="设备不符",
        no_conflict=True, actor=office.actor(product, "approver"), at=office.people.at(16),
    )  # fmt: skip


def _granted(office: Office, product: str) -> Application:
    return signed(world.granted_licence(office.casts[product], PRODUCTS[product][0], office.day))


def _draft_of_claimant(office: Office, product: str) -> Application:
    cast = world.Cast()
    cast.enterprise, cast.applicant = (
        office.people.enterprise,
        office.people.find("claimant", "own enterprise"),
    )
    return world.filled_draft(cast, PRODUCTS[product][0], office.day)


def _claim(office: Office, product: str) -> Claim:
    return claims.shown(claims.filed(world.user("吴认"), at=office.people.at(9)), at=office.people.at(10))


def _bare_claim(office: Office, product: str) -> Claim:
    return claims.filed(world.user("吴认"), at=office.people.at(9))


def _asking(office: Office, product: str) -> Claim:
    return claims.filed(
        world.user("吴代"), at=office.people.at(9), uscc=office.people.enterprise.uscc, role="agent"
    )


def _dispute(office: Office, product: str) -> Claim:
    person, code = world.user("吴争"), office.people.enterprise.uscc
    filed = claims.filed(person, at=office.people.at(9), uscc=code, ground="changed")
    return claims.shown(filed, at=office.people.at(10))


def _heard(office: Office, product: str) -> Claim:
    claim = _dispute(office, product)
    holder = world.actor(office.people.holder, office.day)
    claim_review.state_case(
        public_id=claim.public_id, text="我一直在任。", actor=holder, at=office.people.at(11)
    )
    return claim


def _bar(office: Office, product: str) -> Bar:
    return bars.record_bar(
        enterprise=office.people.neighbour, category=category_of(product), cause="false_material",
        decided_on=office.day, instrument="苏市监〔2026〕1号", document=world.PDF, filename="决定书.pdf",
        actor=office.actor(product, "approver"), at=office.people.at(12),
    )  # fmt: skip


def category_of(product: str) -> ProductCategory:
    return ProductCategory.objects.get(key=PRODUCTS[product or "provincial"][0])


def _absence(office: Office, product: str) -> Any:
    people = office.people
    return absences.record_absence(
        public_id=people.absent.public_id, substitute=people.stand_in.public_id, away_from=people.today,
        back_on=people.today + timedelta(days=3), at=timezone.now(),
        actor=people.actor(people.official("organisation administrator", "own province")),
    )  # fmt: skip


def _import(office: Office, product: str) -> Batch:
    """A checked file of the province, uploaded by somebody who is no person of the matrix.

    Its number is one that no case granted beside it takes.
    """
    return imports.Office().checked(imports.as_csv(imports.row(80_001)), at=office.people.at(9))


MAKERS: dict[str, Callable[[Office, str], Any]] = {
    "draft": _plain(world.signed_draft), "unsigned draft": _plain(world.filled_draft),
    "claimant's draft": _draft_of_claimant, "submitted": _submitted, "noticed": _noticed, "answered": _answered,
    "accepted": _plain(world.accepted), "taken": _plain(world.taken), "visited": _visited, "reviewed": _reviewed,
    "testing": _testing, "pending": _plain(world.pending), "hearing": _hearing, "proposed": _proposed,
    "failed": _failed, "refused": _refused, "granted": _granted, "claim": _claim, "bare claim": _bare_claim,
    "asking": _asking, "dispute": _dispute, "heard dispute": _heard, "bar": _bar,
    "delegation": lambda office, product: office.delegations["approval"],
    "enterprise": lambda office, product: office.people.enterprise,
    "person": lambda office, product: office.people.colleague,
    "duty": lambda office, product: office.people.colleague.duties.get(), "absence": _absence,
    "power": lambda office, product: office.people.power,
    "authority": lambda office, product: Authority.objects.get(code="320000"), "import": _import,
    **{name: _plain(make) for name, make in licences.MAKERS.items()},
}  # fmt: skip
"""How each thing named by an act is made; another act's thing gets its line here."""
