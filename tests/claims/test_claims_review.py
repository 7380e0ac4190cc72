"""A sealed authorisation and the clerk in front of it; two clerks at once (R-88; DOMAIN §8)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from core.claims.actions import filing, proof, review
from core.claims.actions.review import ReasonsMissing
from core.claims.errors import NothingToReview, NotYourClaim, OwnInterest, Stale
from core.claims.models import Claim
from core.files.errors import FileKindRefused
from core.files.models import StoredFile
from core.ledger.models import LedgerEntry
from core.lifecycle.errors import Conflict
from core.lifecycle.transitions import WrongState
from core.parties.competence import standing_of
from core.parties.models import User
from tests.support import claims, world
from tests.support.claims import filed, shown

pytestmark = pytest.mark.req("R-88")
db = pytest.mark.django_db


def refused(claim: Claim, clerk: User, reasons: str = "印章上的名称与所填不符") -> Claim:
    return review.refuse(
        public_id=claim.public_id, reasons=reasons, expected_version=claim.version, actor=world.actor(clerk),
        at=world.at(hour=11),
    )  # fmt: skip


@db
def test_an_accepted_authorisation_makes_the_legal_representative() -> None:
    person, clerk = world.user(), world.official("320000", "acceptance")
    claim = shown(filed(person))
    assert claims.told(clerk) == ["claims.to_review"]
    done = claims.accepted(claim, clerk)
    assert (done.status, done.proof, done.decided_by_id) == ("proved", "sealed_document", clerk.pk)
    assert "公章" in done.reasons
    held = standing_of(person, world.DAY).memberships
    assert [(m.role, m.may_file) for m in held] == [("legal_representative", True)]
    done.enterprise.refresh_from_db()
    assert done.enterprise.proved_at == world.at(hour=11)
    assert claims.acts_on(claim) == [("claims.file", 1), ("claims.submit_document", 2), ("claims.accept", 3)]
    assert claims.told(person) == ["claims.filed", "claims.proved"]
    entry = LedgerEntry.objects.get(act="claims.accept")
    assert (entry.organisation, entry.actor_code) == ("320000", str(clerk.public_id))


@db
def test_the_facts_of_the_one_who_proved_it_become_the_enterprise_s() -> None:
    code, clerk = claims.new_uscc(), world.official("320000", "acceptance")
    filed(world.user(), uscc=code, name="先到者写的假名字")
    claim = shown(filed(world.user(), uscc=code, name="昆山真名肥业有限公司"))
    claims.accepted(claim, clerk)
    claim.enterprise.refresh_from_db()
    assert claim.enterprise.name == "昆山真名肥业有限公司"


@db
def test_a_refusal_needs_reasons_and_leaves_the_way_open() -> None:
    person, clerk = world.user(), world.official("320000", "acceptance")
    claim = shown(filed(person))
    with pytest.raises(ReasonsMissing) as missing:
        refused(claim, clerk, "  ")
    assert missing.value.field == "reasons"
    assert refused(claim, clerk).status == "refused"
    assert standing_of(person, world.DAY).claims == ()
    assert claims.told(person)[-1] == "claims.refused"
    assert filed(person, uscc=claim.enterprise.uscc).status == "pending"


@db
@pytest.mark.parametrize(
    ("authority", "duty"), [("330000", "acceptance"), ("320000", "review"), ("320000", "approval")]
)
def test_only_clerks_of_the_province_decide(authority: str, duty: str) -> None:
    claim = shown(filed(world.user()))
    with pytest.raises(NotYourClaim):
        claims.accepted(claim, world.official(authority, duty))


@db
def test_a_clerk_decides_neither_his_own_claim_nor_his_enterprise_s() -> None:
    clerk = world.official("320000", "acceptance")
    own = shown(filed(clerk))
    with pytest.raises(OwnInterest):
        claims.accepted(own, clerk)
    enterprise = world.enterprise()
    insider = world.official("320000", "acceptance")
    insider.memberships.create(enterprise=enterprise, role="agent", valid_from=world.EPOCH)
    claim = shown(filed(world.user(), uscc=enterprise.uscc))
    with pytest.raises(OwnInterest):
        claims.accepted(claim, insider)


@db
def test_without_a_document_there_is_nothing_to_decide() -> None:
    claim = filed(world.user())
    with pytest.raises(NothingToReview):
        claims.accepted(claim, world.official("320000", "acceptance"))


@db
def test_a_withdrawn_claim_is_not_decided() -> None:
    person, clerk = world.user(), world.official("320000", "acceptance")
    claim = shown(filed(person))
    seen = claim.version
    gone = filing.withdraw(
        public_id=claim.public_id, actor=world.actor(person), at=world.at(hour=10, minute=40)
    )
    with pytest.raises(Stale):
        review.accept(
            public_id=claim.public_id,
            checked=["x"],
            expected_version=seen,
            actor=world.actor(clerk),
            at=world.at(hour=11),
        )
    with pytest.raises(WrongState):
        review.accept(
            public_id=claim.public_id, checked=["x"], expected_version=gone.version, actor=world.actor(clerk),
            at=world.at(hour=11),
        )  # fmt: skip
    assert standing_of(person, world.DAY).memberships == ()


@db
def test_another_document_replaces_the_first_and_outdates_the_clerk_s_page() -> None:
    person, clerk = world.user(), world.official("320000", "acceptance")
    claim = shown(filed(person))
    seen, first = claim.version, claim.document_id
    shown(claim, content=world.PDF.replace(b"Sample", b"Second"))
    assert not StoredFile.objects.filter(pk=first).exists()
    with pytest.raises(Stale):
        review.accept(
            public_id=claim.public_id,
            checked=["x"],
            expected_version=seen,
            actor=world.actor(clerk),
            at=world.at(hour=11),
        )


@db
def test_a_document_that_is_none_is_refused_and_the_claim_stays() -> None:
    claim = filed(world.user())
    with pytest.raises(FileKindRefused):
        shown(claim, content=b"MZ not a document")
    claim.refresh_from_db()
    assert (claim.version, claim.document_id) == (1, None)


@db
def test_a_stranger_submits_nothing_for_another_s_claim() -> None:
    claim = filed(world.user())
    stranger = world.actor(world.user())
    with pytest.raises(NotYourClaim):
        proof.submit_document(
            public_id=claim.public_id,
            content=world.PDF,
            filename="a.pdf",
            expected_version=1,
            actor=stranger,
            at=world.at(),
        )
    with pytest.raises(NotYourClaim):
        filing.withdraw(public_id=claim.public_id, actor=stranger, at=world.at())


@db
@pytest.mark.parametrize(
    "broken",
    [
        {"status": "proved", "proof": "sealed_document"},
        {"status": "refused", "decided_at": world.at()},
        {"status": "proved", "decided_at": world.at()},
        {"status": "disputed"},
        {"status": "odd"},
        {"role": "claimant"},
    ],
)
def test_the_database_itself_refuses_half_a_decision(broken: dict[str, object]) -> None:
    claim = filed(world.user())
    with pytest.raises(IntegrityError, match="claim_"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**broken)


@db
def test_the_database_itself_refuses_a_second_open_claim() -> None:
    claim = filed(world.user())
    claim.pk, claim.public_id = None, world.uuid.uuid4()
    with pytest.raises(IntegrityError, match="claim_open_once"), transaction.atomic():
        claim.save(force_insert=True)


@pytest.fixture
def simulated_world(fresh_database: str) -> str:
    """A database for one test alone, where acts may be dated."""
    call_command("create_world", "--simulated", verbosity=0)
    return fresh_database


@pytest.mark.database
@pytest.mark.parametrize("acts", [("accept", "accept"), ("accept", "refuse")])
def test_of_two_clerks_one_decides_and_the_other_is_told(simulated_world: str, acts: tuple[str, str]) -> None:
    claim = shown(filed(world.user()))
    clerks = [world.official("320000", "acceptance") for _act in acts]
    together = Barrier(2)

    def decide(number: int) -> str:
        common = {
            "public_id": claim.public_id, "expected_version": claim.version,
            "actor": world.actor(clerks[number]), "at": world.at(hour=11),
        }  # fmt: skip
        try:
            together.wait(10)
            if acts[number] == "accept":
                return review.accept(checked=["一致"], **common).status
            return review.refuse(reasons="不符", **common).status
        except Conflict as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(decide, range(2)))
    assert "claims.stale" in results
    assert len([r for r in results if r in ("proved", "refused")]) == 1
    assert LedgerEntry.objects.filter(subject_id=str(claim.public_id)).count() == 3


@pytest.mark.database
def test_of_two_documents_accepted_at_once_one_makes_the_representative(simulated_world: str) -> None:
    code = claims.new_uscc()
    both = [shown(filed(world.user(), uscc=code)) for _number in range(2)]
    clerks = [world.official("320000", "acceptance") for _claim in both]
    together = Barrier(2)

    def accept(number: int) -> str:
        try:
            together.wait(10)
            return claims.accepted(both[number], clerks[number]).status
        except Conflict as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(accept, range(2)))
    assert results in (["claims.stale", "proved"], ["lifecycle.wrong_state", "proved"])
    assert sorted(Claim.objects.values_list("status", flat=True)) == ["disputed", "proved"]
