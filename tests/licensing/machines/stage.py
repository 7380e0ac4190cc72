"""Where a machine plays: an enterprise, its licence, its drafts, and everybody who might act on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.parties.models import Enterprise, User
from licensing.kinds import Kind
from licensing.models import Application, ProductionLicence
from tests.support import holders, world

DECIDERS: Final = frozenset({"approver", "second_approver", "all_duties"})
REVIEWERS: Final = frozenset({"reviewer", "all_duties"})
CLERKS: Final = frozenset({"clerk", "all_duties"})
APPLICANT: Final = frozenset({"applicant"})
HEAD: Final = frozenset({"head"})
MAY: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("submit", "correct", "resubmit", "retract", "deliver"), APPLICANT),
    **dict.fromkeys(("accept", "tell_not_required", "request_correction", "refuse_acceptance"), CLERKS),
    **dict.fromkeys(
        ("take_review", "onsite_passed", "onsite_failed", "testing_passed", "testing_failed", "conclude_review"),
        REVIEWERS,
    ),
    **dict.fromkeys(
        ("pause_testing", "pause_hearing", "pause_appraisal", "pause_expert_review", "resume"),
        REVIEWERS | DECIDERS,
    ),
    "pause_untold": frozenset(),
    "recall_decision": DECIDERS | HEAD,
    **dict.fromkeys(("hold_grant", "hold_refusal"), DECIDERS),
    **dict.fromkeys(("propose_extension", "grant", "refuse", "return_to_review", "confirm_renewal"), DECIDERS),
    **dict.fromkeys(("extend", "decline_extension"), HEAD),
    "propose_deregistration": REVIEWERS,
    "deregister": DECIDERS,
    "assign_review": HEAD,
    "take_over": REVIEWERS,
    "recuse": CLERKS | REVIEWERS | DECIDERS | HEAD,
}  # fmt: skip
"""Who holds the duty an act asks for, from DOMAIN §8 and not from the code; whether he may in this case is another
question. Nobody may stop the clock without telling the applicant (K7)."""
UNVERSIONED: Final = frozenset(
    {"submit", "correct", "resubmit", "deliver", "propose_deregistration", "deregister"}
)
"""Acts that say in another way what their page had seen."""


@dataclass
class Stage:
    """Made once and rolled back to after every example; `aside` is another draft on the same licence."""

    kind: str
    day: date
    enterprise: Enterprise = field(init=False)
    licence: ProductionLicence | None = field(init=False, default=None)
    main: Application = field(init=False)
    aside: Application | None = field(init=False, default=None)
    people: dict[str, User] = field(init=False)

    def __post_init__(self) -> None:
        if self.kind == Kind.NEW:
            cast = world.Cast()
            self.main = world.signed_draft(cast, day=self.day)
        else:
            cast = holder = holders.Holder()
            self.licence = holder.fresh()
            self.main = holders.ready(holder, self.kind, self.day)
            other = Kind.CHANGE if self.kind == Kind.DEREGISTRATION else Kind.DEREGISTRATION
            self.aside = holders.ready(holder, other, self.day)
        self.enterprise = cast.enterprise
        self.people = self._cast(cast)

    def _cast(self, cast: world.Cast) -> dict[str, User]:
        """Those of the case, those with the same duties, and those from elsewhere."""
        three = ("acceptance", "review", "approval")
        return {
            "applicant": cast.applicant, "clerk": cast.clerk, "reviewer": cast.reviewer, "approver": cast.approver,
            "second_approver": world.official("320000", "approval", name="孙审批"),
            "head": world.official("320000", "head", name="钱局"),
            "all_duties": world.official("320000", *three, name="郑全"),
            "another_province": world.official("330000", *three, "head", name="浙办"),
            "another_enterprise": world.member(world.enterprise(), "吴外"),
        }  # fmt: skip

    def name_of(self, person_id: int | None) -> str:
        """The part a person plays."""
        return next(name for name, person in self.people.items() if person.pk == person_id)
