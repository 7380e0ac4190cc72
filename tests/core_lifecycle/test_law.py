"""Clauses as people read them: Chinese as printed, English with numbers."""

import pytest
from django.utils.translation import override

from core.lifecycle.law import Clause, article_in_english


@pytest.mark.parametrize(
    ("article", "english"),
    [
        ("第三十二条第一款第四项", "art. 32(1)(4)"),
        ("第三十八条第一款", "art. 38(1)"),
        ("第四十五条", "art. 45"),
        ("第八十二条", "art. 82"),
        ("第三条", "art. 3"),
        ("第十条", "art. 10"),
        ("第十一条", "art. 11"),
        ("第二十条", "art. 20"),
        ("第一百条", "art. 100"),
        ("第一百零五条", "art. 105"),
        ("第一百一十条", "art. 110"),
        ("第二百零五条第十二项", "art. 205(12)"),
        ("四(四)", "section 4(4)"),
        ("四、（五）", "section 4(5)"),
        ("二（十一）", "section 2(11)"),
    ],
)
def test_articles_and_sections_are_numbered_in_english(article: str, english: str):
    assert article_in_english(article) == english


@pytest.mark.parametrize(
    "article",
    ["撤回申请", "：未核实产品代码的类别不发证", "第三十二条之一", "第三十二条及第三十三条", "四", "art. 5"],
)
def test_other_texts_stay_as_they_are(article: str):
    assert article_in_english(article) == article


def test_a_clause_is_named_in_the_language_of_the_reader():
    clause = Clause("L1", "第三十二条第一款第四项")
    label = clause.label

    with override("zh-hans"):
        assert str(label) == str(clause) == "《行政许可法》第三十二条第一款第四项"
    with override("en"):
        assert str(label) == str(clause) == "Administrative Licensing Law art. 32(1)(4)"
    with override(None):
        assert str(label) == "《行政许可法》第三十二条第一款第四项"


def test_a_section_of_the_opinions_in_both_languages():
    clause = Clause("SEED", "四(二)")

    with override("zh-hans"):
        assert str(clause) == "《质检总局关于深化工业产品生产许可证制度改革的意见》四(二)"
    with override("en"):
        assert str(clause).endswith("Production Licence System section 4(2)")
