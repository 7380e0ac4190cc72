"""What a delegation rests on beside its row: the document, who gave it, and its place in the ledger (R-19)."""

from django.db import models

from core.files.models import StoredFile
from core.parties.models import Delegation
from licensing.models.application import _person


class DelegationFile(models.Model):
    """The file of one delegation. `version` counts the acts on it: given, suspended, resumed, ended."""

    delegation = models.OneToOneField(Delegation, on_delete=models.PROTECT, related_name="file")
    document = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    version = models.PositiveIntegerField(default=1)
    given_by = _person("delegations_given")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.delegation_id} v{self.version}"
