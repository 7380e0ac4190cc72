"""What an answer altered, field by field, in the reader's language and without colour."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from licensing.actions import correction, drafts
from licensing.models import Application
from licensing.workbench.diff import Line, field_changes, line_changes
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.workbench import to_accept

TEXT = some.lists(some.sampled_from(["甲", "乙", "丙", "丁"]), max_size=6)


@given(TEXT, TEXT)
def test_lines_hold_both_texts_whole_and_in_order(before: list[str], after: list[str]) -> None:
    """What is not put in is the old text, what is not taken out the new one."""
    lines = line_changes(before, after)
    assert [row.text for row in lines if row.mark != "in"] == before
    assert [row.text for row in lines if row.mark != "out"] == after
    assert {row.mark for row in lines} <= {"same", "in", "out"}


def test_equal_facts_differ_in_nothing() -> None:
    facts = {"enterprise": {"phone": "1"}, "units": [{"id": "u", "name_zh": "甲", "name_en": "A"}]}
    assert field_changes(facts, facts) == ()
    assert field_changes(facts, {**facts, "enterprise": {"phone": None}})[0].lines == (
        Line("out", "1"),
        Line("in", "None"),
    )


def test_a_unit_is_called_by_its_name_in_the_reader_s_language() -> None:
    one, two = (
        {"id": "1", "name_zh": "磷肥", "name_en": "Phosphate"},
        {"id": "2", "name_zh": "钾肥", "name_en": "Potash"},
    )
    before, after = {"units": [one]}, {"units": [one, two]}
    assert field_changes(before, after)[0].lines == (Line("same", "磷肥"), Line("in", "钾肥"))
    assert field_changes(before, after, english=True)[0].lines == (
        Line("same", "Phosphate"),
        Line("in", "Potash"),
    )


def answered(cast: world.Cast) -> Application:
    """A case whose telephone number was put right in answer to the notice."""
    case = to_accept(cast)
    day = today() - timedelta(days=1)
    noticed = correction.request_correction(
        public_id=case.public_id, expected_version=case.version, items={"enterprise.phone": "号码少一位"},
        actor=world.actor(cast.clerk), at=world.at(day, 14),
    )  # fmt: skip
    enterprise = {**noticed.draft["enterprise"], "phone": "0512-57009999"}
    who = world.actor(cast.applicant)
    drafts.save_section(
        public_id=case.public_id, section="enterprise", data=enterprise, draft_version=world.draft_version(case),
        actor=who, at=world.at(day, 15),
    )  # fmt: skip
    drafts.sign_commitment(
        public_id=case.public_id, signer="周敏", draft_version=world.draft_version(case), actor=who,
        at=world.at(day, 15),
    )  # fmt: skip
    return correction.resubmit(
        public_id=case.public_id, draft_version=world.draft_version(case), actor=who, at=world.at(day, 16)
    )


@pytest.mark.django_db
def test_the_difference_is_a_paper_at_the_desk_and_on_the_case_page() -> None:
    cast = world.Cast()
    case = answered(cast)
    desk = signed_in(cast.clerk).get(reverse("licensing:accept", args=[case.public_id]), {"paper": "answer"})
    pages = [desk.content.decode()]
    for person in (cast.clerk, cast.applicant):
        pages.append(signed_in(person).get(reverse("licensing:case", args=[case.public_id])).content.decode())
    for page in pages:
        assert '<del><span class="visually-hidden">删去：</span>0512-57000000</del>' in page
        assert '<ins><span class="visually-hidden">新增：</span>0512-57009999</ins>' in page
    assert [row.code for row in desk.context["papers"]][-1] == "answer"
    english = signed_in(cast.clerk).get(f"/en/cases/{case.public_id}/").content.decode()
    assert "Removed: " in english and "Added: " in english


@pytest.mark.django_db
def test_before_an_answer_there_is_no_such_paper() -> None:
    cast = world.Cast()
    case = to_accept(cast)
    desk = signed_in(cast.clerk).get(reverse("licensing:accept", args=[case.public_id]), {"paper": "answer"})
    assert desk.status_code == 200 and desk.context["answer"] is None and b"<del>" not in desk.content
