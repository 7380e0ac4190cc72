"""Where things stand in the demo world: the addresses of cases, claims and people, found before a browser starts."""

from functools import cached_property
from pathlib import Path
from uuid import UUID

from django.core.management import call_command

from certificates.models import OfficialDocument
from core.claims.models import Claim
from core.parties.models import Delegation, Enterprise, User
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.imports.models import Batch
from licensing.models import Application, Deregistration, ProductionLicence, SamplingReview, StandingOrder
from portal.demo.accounts import login_link
from portal.demo.people import ENTERPRISES, HOLDERS


class Places:
    """Looks things up by whose they are. What is missing is an error: the world has changed, the list must follow."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def _cases(self, username: str) -> "list[Application]":
        name = next(told.name for told in (*ENTERPRISES, *HOLDERS) if told.username == username)
        return list(Application.objects.filter(enterprise__name=name).order_by("pk"))

    def case(self, username: str, status: str) -> UUID:
        """The case of this enterprise that stands so."""
        found = {row.status: row.public_id for row in self._cases(username)}
        if status not in found:
            raise LookupError(f"{username} has no case that is {status}: {sorted(found)}")
        return found[status]

    def draft(self, username: str, kind: str) -> UUID:
        """A draft of this kind."""
        found = (row for row in self._cases(username) if row.is_draft and row.kind == kind)
        return next(row.public_id for row in found)

    def number(self, username: str) -> str:
        """The number of an enterprise's first case."""
        return str(self._cases(username)[0].number)

    @cached_property
    def issued(self) -> UUID:
        """The first case whose certificate is there."""
        return self.case("jinsui", "certificate_issued")

    @cached_property
    def licence(self) -> str:
        """The number of a licence in force."""
        return ProductionLicence.objects.get(cases__public_id=self.issued).number

    def number_of_licence(self, username: str) -> str:
        """The number of an enterprise's first licence."""
        name = next(told.name for told in (*ENTERPRISES, *HOLDERS) if told.username == username)
        return str(ProductionLicence.objects.filter(enterprise__name=name).earliest("pk").number)

    @cached_property
    def renewable(self) -> str:
        """A licence of the first demo account whose renewal can be filed."""
        return self.number_of_licence("jinsui")

    @cached_property
    def straight(self) -> UUID:
        """A renewal granted by a standing order."""
        return Application.objects.filter(decided_by_order=True).earliest("pk").public_id

    @cached_property
    def order(self) -> UUID:
        """The first standing order."""
        return StandingOrder.objects.earliest("pk").public_id

    @cached_property
    def sample(self) -> UUID:
        """A decision drawn to be looked at again."""
        return SamplingReview.objects.earliest("pk").public_id

    @cached_property
    def correction(self) -> UUID:
        """A correction that waits for a second person."""
        return CertificateCorrection.objects.filter(status="proposed").earliest("pk").public_id

    @cached_property
    def correction_request(self) -> UUID:
        """What a holder asked to have corrected."""
        return CorrectionRequest.objects.earliest("pk").public_id

    @cached_property
    def batch(self) -> UUID:
        """A file of paper licences that was checked."""
        return Batch.objects.filter(status="checked").earliest("pk").public_id

    @cached_property
    def document(self) -> str:
        """The code of an official document."""
        return OfficialDocument.objects.filter(status="issued").earliest("pk").public_id

    def uscc(self, username: str) -> str:
        """The credit code of an enterprise."""
        name = next(told.name for told in (*ENTERPRISES, *HOLDERS) if told.username == username)
        return str(Enterprise.objects.get(name=name).uscc)

    @cached_property
    def deregistration(self) -> UUID:
        """A licence that expired and is to be closed."""
        return Deregistration.objects.filter(result="").earliest("pk").public_id

    @cached_property
    def certificate(self) -> Path:
        """An electronic certificate, as its holder has it."""
        path = self.state / "certificate.pdf"
        call_command("export_certificate", self.licence, str(path))
        return path

    @cached_property
    def delegation(self) -> UUID:
        """The first stage a province has entrusted."""
        return Delegation.objects.earliest("pk").public_id

    def claim(self, username: str) -> UUID:
        """The first claim somebody filed."""
        return Claim.objects.filter(claimant__username=username).earliest("pk").public_id

    def enterprise(self, username: str) -> UUID:
        """The enterprise of this account."""
        name = next(told.name for told in ENTERPRISES if told.username == username)
        return Enterprise.objects.get(name=name).public_id

    def person(self, username: str) -> UUID:
        """One account."""
        return User.objects.get(username=username).public_id

    def door(self, username: str) -> str:
        """The link by which this person enters, once."""
        return login_link(username)
