import pytest
from tests.support import imports
from core.ledger.models import LedgerEntry
from licensing.models import *
pytestmark = pytest.mark.django_db

def test_it():
    office=imports.Office()
    b=office.checked(imports.as_csv(imports.row(1),imports.row(2)))
    print(b.status,b.rows_ready,imports.found(b))
    office.ordered(b)
    b=imports.finish(b,imports.world.at(hour=12))
    print(b.status,b.rows_loaded, b.part)
    for l in ProductionLicence.objects.all(): print(l.__dict__)
    print(NumberCounter.objects.values())
    print(LedgerEntry.objects.values_list("act","subject_id","effective_at","dating","actor_kind"))
    assert 0
