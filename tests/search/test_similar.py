"""Similar items and likely answers: by words and, where there are vectors, by meaning."""

import numpy as np
import pytest

from intake import services
from intake.models import Submission, Triage
from search import similar
from search.closeness import cosine, shared, weights
from search.indexes import SUBMISSIONS
from search.lexicon import count
from search.meaning import DIMENSIONS
from search.query import Results
from search.similar import answers_like, nearest
from search.sync import sync
from tests.search.conftest import index, refresh
from tests.search.test_suggest import published  # noqa: F401 (a fixture)

pytestmark = pytest.mark.usefixtures("_server")
HANGS = "Phần mềm một cửa của xã sáng nào cũng treo, người dân chờ hai giờ mới nộp được hồ sơ đăng ký kết hôn."
AGAIN = "phan mem mot cua cua xa sang nao cung treo, nguoi dan cho hai gio moi nop duoc ho so dang ky ket hon"
LIKE = "Hệ thống một cửa điện tử của xã chúng tôi hay treo vào buổi sáng, hồ sơ không nộp được."
OTHER = "Đề nghị phủ sóng di động cho bốn bản vùng cao, học sinh phải lên đồi bắt sóng."


@pytest.fixture(autouse=True)
def _counted(words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "lexicon", lambda index: words)


def found(submission: Submission, user, k: int = 5) -> list[int]:
    return [one.submission.pk for one in nearest(submission, user, k)]


def test_near_duplicates_stand_first_and_say_so(indexed, coordinator):
    one, like, again, _ = indexed(HANGS), indexed(LIKE), indexed(AGAIN), indexed(OTHER)
    near = nearest(one, coordinator)
    assert [item.submission for item in near][0] == again
    assert near[0].reason.startswith("gần như trùng: 100 %")
    assert near[0].score > 0.9
    assert [item.submission.pk for item in near[1:]] in ([like.pk], [])


def test_nothing_is_similar_to_what_stands_alone(indexed, coordinator):
    one = indexed(HANGS)
    indexed(OTHER)
    assert nearest(one, coordinator) == []


def test_what_one_may_not_see_is_never_similar(indexed, coordinator, officer, ministry):
    one, hidden = indexed(HANGS), indexed(AGAIN)
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    assert found(one, officer) == []
    services.assign(hidden, lead=ministry, actor=coordinator)
    index(hidden)
    assert found(one, officer) == [hidden.pk]


def test_what_the_index_wrongly_holds_is_not_similar(indexed, officer, coordinator, ministry, monkeypatch):
    one, hidden = indexed(HANGS), indexed(AGAIN)
    services.assign(one, lead=ministry, actor=coordinator)
    monkeypatch.setattr(similar, "search_submissions", lambda query: Results(ids=[hidden.pk], total=1))
    assert found(one, coordinator) == [hidden.pk]
    assert found(one, officer) == []


def test_at_most_as_many_as_asked_for(indexed, coordinator):
    one = indexed(HANGS)
    for _ in range(7):
        indexed(AGAIN)
    assert len(nearest(one, coordinator)) == 5
    assert len(nearest(one, coordinator, 2)) == 2


def give_vector(submission: Submission, *at: tuple[int, float]) -> None:
    vector = np.zeros(DIMENSIONS, np.float32)
    for place, value in at:
        vector[place] = value
    Triage.objects.create(
        submission=submission, model_version="t", decision="abstain", vector=vector.astype(np.float16).tobytes()
    )
    sync(SUBMISSIONS, [submission.pk])
    refresh()


def test_the_same_meaning_in_other_words_is_found(indexed, coordinator):
    one, same, other = indexed(HANGS), indexed(OTHER), indexed("Xin cấp lại sổ tiêm của cháu bé")
    give_vector(one, (0, 30.0))
    give_vector(same, (0, 30.0), (1, 3.0))
    give_vector(other, (2, 30.0))
    near = nearest(one, coordinator)
    assert [item.submission.pk for item in near] == [same.pk]
    assert near[0].reason.startswith("cùng ý")


def test_an_answer_to_the_same_question_is_shown(published):  # noqa: F811
    page = published("Phần mềm một cửa hay treo", question=HANGS)
    published("Phủ sóng vùng cao", question=OTHER)
    assert [one.page.pk for one in answers_like(AGAIN)] == [page.pk]


@pytest.mark.parametrize("text", ["", "xin chào", "Giá vàng hôm nay lên hay xuống?", "\0", "a " * 50_000, OTHER[:12]])
def test_it_is_quiet_when_nothing_is_good(published, text):  # noqa: F811
    published("Phần mềm một cửa hay treo", question=HANGS)
    assert answers_like(text) == []


def test_closeness_is_a_share():
    known = count([HANGS, OTHER])
    one, other = weights("phan mem treo".split(), known), weights("song di dong".split(), known)
    assert cosine(one, one) == pytest.approx(1.0)
    assert cosine(one, other) == 0.0
    eight = "phan mem nghen treo ho so giay xe".split()
    assert shared([*eight, "va"], [*eight, "xa"]) == 1.0  # small words say nothing
    assert shared(["phan", "mem"], eight) == 0.25  # two words are no copy
    assert shared([], ["phan"]) == 0.0
