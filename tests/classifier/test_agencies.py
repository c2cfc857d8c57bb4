"""How what was learnt, what is named and where the sender lives become the likelihood of a body."""

import numpy as np
import pytest

from classifier.agencies import AgencyBlend
from classifier.heads import Shares
from classifier.model import LOCAL, Settings
from classifier.reading import read_text


@pytest.fixture(scope="module")
def blend(taxonomy):
    return AgencyBlend(taxonomy, Settings(), ("BKHCN", LOCAL))


def _p(blend, text, place="", local=0.4):
    outside = Shares((0,), np.ones((1, 1)))
    found = blend.blend([read_text(text)], np.array([[1 - local, local]]), outside, [place])
    return dict(zip(found.labels, found.p[0].tolist(), strict=True))


def test_a_district_named_says_which_province_and_that_it_is_local(blend):
    p = _p(blend, "Chợ hoa Đà Lạt ngập rác")
    assert max(p, key=p.__getitem__) == "UBND-68"


def test_without_a_place_no_province_is_likelier_than_another(blend):
    p = _p(blend, "Chợ hoa ngập rác")
    assert max(p, key=p.__getitem__) == "BKHCN"
    assert p["UBND-68"] == pytest.approx(p["UBND-79"])


def test_the_senders_own_province_says_where_but_not_that_it_is_local(blend):
    p = _p(blend, "Chợ hoa ngập rác", place="68")
    assert p["UBND-68"] > 10 * p["UBND-79"]
    assert max(p, key=p.__getitem__) == "BKHCN"


def test_a_place_makes_nothing_of_a_matter_that_is_not_local(blend):
    p = _p(blend, "Cử tri Đà Lạt hỏi quỹ khoa học", local=0.02)
    assert max(p, key=p.__getitem__) == "BKHCN"


def test_what_the_table_alone_says_stands_behind_what_was_learnt(blend, taxonomy):
    lead, _ = taxonomy.leads[25]
    surely = Shares((25,), np.ones((1, 1)))
    found = blend.blend([read_text("Sai thì được làm lại")], np.array([[0.9, 0.1]]), surely)
    best = [found.labels[i] for i in np.argsort(-found.p[0])[:3]]
    assert lead not in ("BKHCN", LOCAL)
    assert best[:2] == ["BKHCN", lead]
