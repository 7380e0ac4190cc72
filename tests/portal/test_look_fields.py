"""Form fields and error summaries as assistive technology meets them (WCAG 1.3.1, 3.3.1, 3.3.3, 4.1.2)."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override


class Tree(HTMLParser):
    """Every start tag with its attributes, in document order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def ids(self) -> set[str | None]:
        return {attrs["id"] for _name, attrs in self.tags if attrs.get("id")}


class Filing(forms.Form):
    name = forms.CharField(label="企业名称", help_text="与营业执照<b>一致</b>")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"placeholder": "x"}))
    change = forms.ChoiceField(
        label="有没有改变？", widget=forms.RadioSelect, choices=[("n", "没有"), ("y", "有")]
    )
    units = forms.MultipleChoiceField(
        label="单元", widget=forms.CheckboxSelectMultiple, choices=[("a", "甲")]
    )
    paper = forms.FileField(label="营业执照")
    agreed = forms.BooleanField(label="我承诺")
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


def drawn(form: forms.Form, name: str, extra: str = "") -> str:
    template = Template(f"{{% load portal %}}{{% field form.{name} {extra} %}}")
    with override("zh-hans"):
        return template.render(Context({"form": form}))


@pytest.fixture
def bad() -> Filing:
    form = Filing({}, {})
    assert not form.is_valid()
    return form


@pytest.mark.req("R-49")
@pytest.mark.parametrize(("name", "control"), [("name", "input"), ("note", "textarea"), ("paper", "input")])
def test_the_label_belongs_to_its_control(name: str, control: str):
    tree = Tree(drawn(Filing(), name))
    assert tree.all("label")[0]["for"] == tree.all(control)[0]["id"] == f"id_{name}"


def test_hint_and_error_are_heard_with_the_control_in_that_order(bad: Filing):
    html = drawn(bad, "name")
    tree = Tree(html)
    control = tree.all("input")[0]
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert control["aria-invalid"] == "true"
    assert {"id_name_helptext", "id_name_error"} <= tree.ids()
    assert html.index("id_name_helptext") < html.index("id_name_error") < html.index("<input")


def test_a_field_without_an_error_claims_none():
    control = Tree(drawn(Filing(), "name")).all("input")[0]
    assert "aria-invalid" not in control
    assert control["aria-describedby"] == "id_name_helptext"


def test_help_text_of_a_form_is_escaped_unless_marked_safe():
    assert "<b>" not in drawn(Filing(), "name")


def test_a_group_of_options_is_a_fieldset_with_its_question_as_legend(bad: Filing):
    html = drawn(bad, "change")
    tree = Tree(html)
    assert "<legend>有没有改变？" in html
    assert tree.all("fieldset")[0]["aria-describedby"] == "id_change_error"
    assert [label["for"] for label in tree.all("label")] == ["id_change_0", "id_change_1"]
    assert all(option["aria-invalid"] == "true" and "required" not in option for option in tree.all("input"))


def test_an_optional_field_says_so_and_a_placeholder_never_replaces_the_label():
    html = drawn(Filing(), "note")
    assert "（选填）" in html
    assert "placeholder" not in html
    assert "（选填）" not in drawn(Filing(), "name")


def test_one_tick_has_its_label_after_it_and_a_hidden_field_has_none():
    html = drawn(Filing(), "agreed")
    assert html.index("<input") < html.index('<label for="id_agreed"')
    assert "<label" not in drawn(Filing(), "secret")


def test_a_stored_file_is_shown_and_can_be_replaced():
    template = Template("{% load portal %}{% field form.paper stored=stored %}")
    stored = {"url": "/f/1/", "name": "<执照>.pdf", "size": 365_000}
    html = template.render(Context({"form": Filing(), "stored": stored}))
    assert 'href="/f/1/"' in html and "&lt;执照&gt;.pdf" in html and "356 KB" in html
    assert Tree(html).all("input")[0]["type"] == "file"


def test_the_summary_links_to_every_control_that_must_change(bad: Filing):
    bad.add_error(None, "三份材料不齐")
    with override("zh-hans"):
        html = Template("{% load portal %}{% error_summary form %}").render(Context({"form": bad}))
    tree = Tree(html)
    targets = [link["href"] for link in tree.all("a")]
    assert targets == ["#id_name", "#id_change_0", "#id_units_0", "#id_paper", "#id_agreed", "#id_secret"]
    page = Tree("".join(drawn(bad, name) for name in bad.fields))
    assert {str(target)[1:] for target in targets} <= page.ids()
    assert "三份材料不齐" in html and tree.all("div")[0]["role"] == "alert"


def test_no_summary_where_nothing_is_wrong():
    html = Template("{% load portal %}{% error_summary form %}").render(Context({"form": Filing()}))
    assert html.strip() == ""
