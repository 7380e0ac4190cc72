"""R-17: which authority takes, decides and supervises (the three examples of DOMAIN §2.3, and the edges)."""

import pytest

from core.parties.jurisdiction import (
    CorpsOutsideXinjiang,
    DivisionUnknown,
    Jurisdiction,
    Matter,
    NoProductionSite,
    Site,
    jurisdiction,
)
from core.parties.reference.authorities import local_authorities
from core.parties.reference.files import divisions, leading_authorities, xpcc_territory

pytestmark = pytest.mark.req("R-17")

CORPS_LAND = frozenset(row.division_code for row in xpcc_territory())
HOLDERS = frozenset(
    row.division_code for row in (*leading_authorities(), *local_authorities(divisions(), CORPS_LAND))
)


def ancestry(division: str) -> tuple[str, ...]:
    ladder = dict.fromkeys((division, division[:4] + "00", division[:2] + "0000"))
    return tuple(code for code in ladder if code in HOLDERS)


def decide(**facts: object) -> Jurisdiction:
    return jurisdiction(Matter(**facts), xpcc_territory=CORPS_LAND, ancestry=ancestry)  # type: ignore[arg-type]


def test_registered_in_shanghai_with_one_plant_in_anhui() -> None:
    found = decide(registered_division="310115", sites=(Site("a", "340104"),), level="provincial")
    assert found.filing_authority == found.deciding_authority == "310000"
    (plant,) = found.supervising
    assert plant.chain == ("340104", "340100", "340000")
    assert plant.readers == ("310000",)


def test_registered_in_jiangsu_with_plants_in_jiangsu_and_zhejiang() -> None:
    sites = (Site("js", "320583"), Site("zj", "330782"))
    found = decide(registered_division="320583", sites=sites, level="provincial")
    assert found.filing_authority == found.deciding_authority == "320000"
    assert [s.chain for s in found.supervising] == [
        ("320583", "320500", "320000"),
        ("330782", "330700", "330000"),
    ]
    assert [s.readers for s in found.supervising] == [(), ("320000",)]


def test_registered_in_xinjiang_having_chosen_the_corps() -> None:
    sites = (Site("in", "659001"), Site("out", "652325"))
    found = decide(registered_division="659001", sites=sites, level="provincial", xpcc_chosen=True)
    assert found.filing_authority == found.deciding_authority == "XPCC"
    inside, outside = found.supervising
    assert inside.chain == ("XPCC",)
    assert outside.chain == ("652325", "652300", "650000")
    assert outside.readers == ("XPCC",)


def test_the_corps_supervises_its_territory_whoever_issued() -> None:
    found = decide(registered_division="650102", sites=(Site("a", "659001"),), level="provincial")
    assert found.filing_authority == "650000"
    assert found.supervising[0].chain == ("XPCC",)
    assert found.supervising[0].readers == ("650000",)


def test_the_corps_takes_nobody_from_elsewhere() -> None:
    with pytest.raises(CorpsOutsideXinjiang) as caught:
        decide(
            registered_division="620102", sites=(Site("a", "659001"),), level="provincial", xpcc_chosen=True
        )
    assert caught.value.code == "jurisdiction.xpcc_outside_xinjiang"


def test_a_national_category_is_filed_with_the_province_and_decided_by_aqsiq() -> None:
    found = decide(registered_division="320583", sites=(Site("a", "320583"),), level="national")
    assert (found.filing_authority, found.deciding_authority) == ("320000", "AQSIQ")
    assert found.supervising[0].readers == ("AQSIQ",)


def test_the_profile_may_go_by_the_production_address() -> None:
    facts = {"registered_division": "310115", "level": "provincial", "filing_address": "production"}
    assert decide(**facts, sites=(Site("a", "340104"),)).filing_authority == "340000"
    with pytest.raises(NoProductionSite):
        decide(**facts, sites=())


@pytest.mark.parametrize(
    ("division", "chain"),
    [
        ("110108", ("110108", "110000")),  # municipality: the node 市辖区 has no authority
        ("429004", ("429004", "420000")),  # county-level city under the province
        ("441900", ("441900", "440000")),  # prefecture without counties
        ("320576", ("320500", "320000")),  # development zone: no division, no bureau of its own
        ("460321", ("460300", "460000")),
    ],
)
def test_chains_at_the_edges_of_the_division_code(division: str, chain: tuple[str, ...]) -> None:
    found = decide(registered_division=division, sites=(Site("a", division),), level="provincial")
    assert found.supervising[0].chain == chain


@pytest.mark.parametrize("division", ["810000", "990101", "", "71"])
def test_a_place_without_licensing_authority_is_an_error_not_a_guess(division: str) -> None:
    with pytest.raises(DivisionUnknown):
        decide(registered_division=division, sites=(), level="provincial")


@pytest.mark.req("R-4")
def test_every_answer_carries_its_clause() -> None:
    found = decide(registered_division="320583", sites=(), level="provincial")
    clauses = (found.filing_clause, found.deciding_clause, found.supervising_clause)
    assert [clause.instrument for clause in clauses] == ["L2", "SEED", "SEED"]
