"""Claiming an enterprise: the code is public, so a claim by itself moves nothing and reveals nothing (R-88)."""

import pytest

from core.claims.actions import filing
from core.claims.errors import (
    AlreadyMember,
    AlreadyRepresentative,
    ClaimOpenAlready,
    NoAuthority,
    RefusedTooOften,
    TooManyClaims,
)
from core.claims.models import Claim
from core.claims.queries import authority_of, typed_facts
from core.ledger.models import LedgerEntry, PersonalValue
from core.outbox.models import Event
from core.parties.competence import standing_of
from core.parties.identifiers import UsccCharacter, UsccCheckDigit, UsccLength, UsccOrganisationCheckDigit
from core.parties.models import Enterprise, Membership
from licensing.actions.act import NotAuthorised
from licensing.actions.filing import submit
from tests.support import claims, world
from tests.support.claims import filed, new_uscc

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


def test_a_claim_gives_drafts_and_no_filing() -> None:
    person = world.user()
    claim = filed(person)
    assert (claim.status, claim.version, claim.authority.code) == ("pending", 1, "320000")
    standing = standing_of(person, world.DAY)
    assert standing.memberships == ()
    assert standing.claimed_ids == {claim.enterprise_id}
    assert not standing.claims[0].may_file
    assert claims.acts_on(claim) == [("claims.file", 1)]
    assert claims.told(person) == ["claims.filed"]
    assert Event.objects.filter(type="claims.file", subject_id=str(claim.public_id)).count() == 1


def test_a_claimant_s_submission_is_refused_and_the_draft_kept() -> None:
    cast = world.Cast()
    cast.applicant = world.user("周敏")
    Membership.objects.filter(enterprise=cast.enterprise).update(valid_to=world.EPOCH.replace(year=2016))
    filed(cast.applicant, uscc=cast.enterprise.uscc)
    draft = world.filled_draft(cast)
    with pytest.raises(NotAuthorised):
        submit(
            public_id=draft.public_id, draft_version=draft.draft_version, actor=world.actor(cast.applicant),
            at=world.at(hour=12),
        )  # fmt: skip
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_law_is_named_and_nothing_personal_is_in_the_clear() -> None:
    claim = filed(world.user("张认领"), name="昆山密名肥业有限公司", phone="13900001111")
    entry = LedgerEntry.objects.get(subject_id=str(claim.public_id))
    assert entry.legal_basis == [{"instrument": "DESIGN", "article": "企业账号认领"}]
    clear = str([entry.public, entry.internal, entry.personal, entry.act])
    for secret in ("密名", "13900001111", "张认领", "周敏", "春晖路"):
        assert secret not in clear
    assert PersonalValue.objects.filter(entry=entry, field="phone").exists()


@pytest.mark.parametrize("typed", ["{} ", " {}", "lower", "spaced", "wide"])
def test_the_code_is_taken_as_people_type_it(typed: str) -> None:
    code = new_uscc()
    ways = {
        "lower": code.lower(),
        "spaced": " ".join(code[i : i + 4] for i in range(0, 18, 4)),
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in code),
    }
    assert filed(world.user(), uscc=ways.get(typed, typed.format(code))).enterprise.uscc == code


def other(character: str) -> str:
    return "0" if character != "0" else "1"


@pytest.mark.parametrize("fault", ["check digit", "inner digit", "letter", "short"])
def test_a_wrong_code_is_refused_at_its_field_and_leaves_nothing(fault: str) -> None:
    code = new_uscc()
    from stdnum.cn import uscc as stdnum

    inner = code[:16] + other(code[16])
    wrong, error = {
        "check digit": (code[:17] + other(code[17]), UsccCheckDigit),
        "inner digit": (inner + stdnum.calc_check_digit(inner), UsccOrganisationCheckDigit),
        "letter": (code[:9] + "O" + code[10:], UsccCharacter),
        "short": (code[:17], UsccLength),
    }[fault]
    before = Enterprise.objects.count()
    with pytest.raises(error) as refused:
        filed(world.user(), uscc=wrong)
    assert refused.value.field == "uscc"
    assert (Claim.objects.count(), Enterprise.objects.count()) == (0, before)


def test_a_code_already_claimed_is_answered_like_any_other() -> None:
    known = claims.proved(world.enterprise(name="苏州已证肥业有限公司"))
    representative = world.member(known)
    before = Enterprise.objects.values().get(pk=known.pk)
    stranger = world.user("陌生人")
    to_known = filed(stranger, uscc=known.uscc, name="随便写的名字", phone="0512-11111111")
    to_nobody = filed(stranger, name="随便写的名字", phone="0512-11111111")
    shown = ("status", "name", "legal_representative", "registered_address", "phone", "authority_id", "proof")
    assert [getattr(to_known, f) for f in shown] == [getattr(to_nobody, f) for f in shown]
    assert Enterprise.objects.values().get(pk=known.pk) == before
    assert claims.told(stranger) == ["claims.filed", "claims.filed"]
    assert claims.told(representative) == []


def test_a_claimant_reads_his_own_words_and_never_the_register_s() -> None:
    known = claims.proved(world.enterprise(name="苏州已证肥业有限公司"))
    world.member(known)
    stranger = world.user()
    filed(stranger, uscc=known.uscc, name="我写的名字", phone="0512-22222222")
    told = typed_facts(stranger.pk, frozenset({known.pk}))[known.pk]
    assert (told["name"], told["phone"]) == ("我写的名字", "0512-22222222")
    assert typed_facts(world.user().pk, frozenset({known.pk})) == {}


def test_two_claimants_of_one_new_code_do_not_see_each_other() -> None:
    first, second, code = world.user(), world.user(), new_uscc()
    one = filed(first, uscc=code, name="甲说的名字")
    two = filed(second, uscc=code, name="乙说的名字")
    assert one.enterprise_id == two.enterprise_id
    assert two.name == "乙说的名字"
    assert Enterprise.objects.get(uscc=code).name == "甲说的名字"


def test_one_open_claim_per_person_and_enterprise() -> None:
    person, code = world.user(), new_uscc()
    filed(person, uscc=code)
    with pytest.raises(ClaimOpenAlready):
        filed(person, uscc=code)
    assert Claim.objects.count() == 1


def test_nobody_collects_claims() -> None:
    person = world.user()
    for _number in range(5):
        filed(person)
    with pytest.raises(TooManyClaims):
        filed(person)


def test_members_need_no_claim_and_an_agent_may_claim_to_be_the_representative() -> None:
    enterprise = world.enterprise()
    with pytest.raises(AlreadyRepresentative):
        filed(world.member(enterprise), uscc=enterprise.uscc)
    agent = claims.agent_of(enterprise)
    with pytest.raises(AlreadyMember):
        filed(agent, uscc=enterprise.uscc, role="agent")
    filed(agent, uscc=enterprise.uscc)
    assert [m.role for m in standing_of(agent, world.DAY).memberships] == ["agent"]


def test_a_third_refusal_in_a_year_sends_to_the_counter() -> None:
    person, code = world.user(), new_uscc()
    clerk = world.official("320000", "acceptance")
    from core.claims.actions import review

    for _number in range(3):
        claim = claims.shown(filed(person, uscc=code))
        review.refuse(
            public_id=claim.public_id, reasons="印章模糊", expected_version=claim.version, actor=world.actor(clerk),
            at=world.at(hour=11),
        )  # fmt: skip
    with pytest.raises(RefusedTooOften):
        filed(person, uscc=code)


@pytest.mark.parametrize(
    ("division", "code"),
    [("320583", "320000"), ("110105", "110000"), ("659001", "XPCC"), ("650102", "650000")],
)
def test_the_province_of_the_registered_address_reviews(division: str, code: str) -> None:
    assert authority_of(division, world.DAY).code == code


@pytest.mark.parametrize("division", ["810101", "999999"])
def test_a_place_without_authority_is_refused_at_its_field(division: str) -> None:
    with pytest.raises(NoAuthority) as refused:
        filed(world.user(), division=division)
    assert refused.value.field == "division"


def test_withdrawing_ends_the_right_to_drafts_and_claiming_again_gives_it_back() -> None:
    person, code = world.user(), new_uscc()
    claim = filed(person, uscc=code)
    filing.withdraw(public_id=claim.public_id, actor=world.actor(person), at=world.at(hour=10))
    assert standing_of(person, world.DAY).claims == ()
    again = filed(person, uscc=code, at=world.at(hour=11))
    assert standing_of(person, world.DAY).claimed_ids == {again.enterprise_id}
