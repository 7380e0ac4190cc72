"""Who says to act for an enterprise, what he shows for it, and how that was settled (R-88)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.claims.lifecycle import OPEN, Status
from core.parties.models import Authority, Enterprise

USER = settings.AUTH_USER_MODEL


class Claim(models.Model):
    """One person's claim to act for one enterprise.

    The facts are the claimant's own words until the claim is proved; they are never mixed with what the
    register knows of the enterprise. `holder` is the legal representative in place when a dispute began.
    """

    class Role(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
        AGENT = "agent", _("代理人")

    class Ground(models.TextChoices):
        FIRST = "first", _("没有，或者不清楚")
        CHANGED = "changed", _("有，法定代表人已经变更")
        UNREACHABLE = "unreachable", _("有，原来的人已经离职、去世或者联系不上")

    class Proof(models.TextChoices):
        NONE = "", _("还没有证明")
        IDENTITY = "identity", _("身份认证")
        SEALED_DOCUMENT = "sealed_document", _("盖章授权书")
        REPRESENTATIVE = "representative", _("法定代表人同意")
        DECISION = "decision", _("争议裁定")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="claims")
    role = models.CharField(max_length=24, choices=Role.choices)
    ground = models.CharField(max_length=16, choices=Ground.choices, default=Ground.FIRST)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")

    name = models.CharField(max_length=100)
    legal_representative = models.CharField(max_length=100)
    registered_division = models.CharField(max_length=6)
    registered_address = models.CharField(max_length=200)
    phone = models.CharField(max_length=32)

    filed_at = models.DateTimeField()
    proof = models.CharField(max_length=16, choices=Proof.choices, blank=True)
    proof_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    identity_subject = models.CharField(max_length=300, blank=True)

    holder = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    disputed_at = models.DateTimeField(null=True, blank=True)

    decided_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claimant", "enterprise"],
                condition=Q(status__in=[str(state) for state in OPEN]),
                name="claim_open_once",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="claim_status_known"),
            models.CheckConstraint(
                condition=Q(role__in=["legal_representative", "agent"]), name="claim_role_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["proved", "refused"])
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reasons="")
                | Q(status="proved", proof="identity", decided_at__isnull=False),
                name="claim_decided_by_a_person_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(status="disputed") | Q(holder__isnull=False, disputed_at__isnull=False),
                name="claim_dispute_has_two_sides",
            ),
            models.CheckConstraint(
                condition=~Q(status="proved") | ~Q(proof=""), name="claim_proved_by_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["authority", "status", "proof_at"],
                condition=Q(status__in=["pending", "disputed"]),
                name="claim_desk",
            ),
            models.Index(fields=["claimant", "-filed_at"], name="claim_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def for_representative(self) -> bool:
        """Whether the claimant says to be the legal representative himself."""
        return self.role == self.Role.LEGAL_REPRESENTATIVE


class Statement(models.Model):
    """What one side of a dispute has to say: once, with at most one document. Read by the authority alone."""

    class Side(models.TextChoices):
        HOLDER = "holder", _("现任法定代表人账号")
        CLAIMANT = "claimant", _("认领人")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="statements")
    side = models.CharField(max_length=8, choices=Side.choices)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    document = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "author"], name="statement_once"),
            models.CheckConstraint(condition=Q(side__in=["holder", "claimant"]), name="statement_side_known"),
            models.CheckConstraint(condition=~Q(text=""), name="statement_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.side}"


class IdentityAttempt(models.Model):
    """One journey to the identity port and back: the secrets that tie the answer to the question. Used once."""

    state_hash = models.CharField(max_length=64, unique=True)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=128)
    language = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="identity_attempt_age")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.started_at:%Y-%m-%d %H:%M}"


class Roster(models.Model):
    """The acts of one enterprise about its own people, in one order: the version its ledger entries count."""

    enterprise = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="roster")
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.enterprise_id} v{self.version}"


class Invitation(models.Model):
    """The legal representative asks somebody to be an agent, by user name or e-mail as typed.

    Whether such an account exists is never said; an invitation to nobody simply stays open until it runs out.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("等待对方接受")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("对方未接受")
        WITHDRAWN = "withdrawn", _("已撤回")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=254)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    invited_at = models.DateTimeField()
    expires_on = models.DateField()
    answered_by = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "address"], condition=Q(status="open"), name="invitation_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "accepted", "declined", "withdrawn"]),
                name="invitation_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "declined"]) | Q(answered_by__isnull=False),
                name="invitation_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["address"], condition=Q(status="open"), name="invitation_to")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.status}"
