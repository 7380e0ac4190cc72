"""What the demo world shows of the paper era (R-90)."""

import pytest
from django.utils import timezone

from core.claims.models import Claim
from core.parties.models import Membership
from licensing.imports.models import Batch
from licensing.models import ProductionLicence
from portal.demo import imports
from portal.demo.world import Builder
from tests.support.imports import codes

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.req("R-90")]


def test_one_record_is_loaded_and_one_file_waits_for_its_correction() -> None:
    Builder(timezone.now()).build()
    loaded, waiting = Batch.objects.order_by("pk")
    assert (loaded.status, loaded.rows_loaded, loaded.rows_wrong) == ("loaded", 6, 0)
    assert (waiting.status, waiting.encoding, waiting.rows_ready, waiting.rows_same) == (
        "checked",
        "gb18030",
        1,
        1,
    )
    assert codes(waiting) == {
        "imports.normalised", "imports.contradicts_in_file", "licence_number.invalid", "uscc.check_digit",
        "imports.term_long", "imports.same_in_register",
    }  # fmt: skip
    paper = ProductionLicence.objects.filter(imported_from=imports.LOADED)
    free = paper.exclude(enterprise__memberships__in=Membership.objects.all())
    assert paper.count() == 6 and free.count() >= 5
    assert Claim.objects.filter(status="pending", enterprise__licences__in=paper).exists()
