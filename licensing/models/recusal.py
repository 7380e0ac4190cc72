"""Conflicts of interest that officials declare: who takes no part in a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.parties.models import Authority
from licensing.models.application import Application


class RecusalReason(models.TextChoices):
    """The short closed list; the words beside it say what exactly."""

    INTEREST = "interest", _("本人或近亲属与该企业有利害关系")
    EMPLOYED = "employed", _("曾受雇于该企业，或由其支付报酬")
    OTHER = "other", _("其他可能影响公正办理的情形")


class Recusal(models.Model):
    """An official declared a conflict in one case, as holder of a duty at an authority; it is never taken back."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=8, choices=RecusalReason.choices)
    explanation = models.TextField()
    released = models.BooleanField(default=False)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="recusal_once"),
            models.CheckConstraint(condition=Q(reason__in=RecusalReason.values), name="recusal_reason_known"),
            models.CheckConstraint(condition=~Q(explanation=""), name="recusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.user_id}"
