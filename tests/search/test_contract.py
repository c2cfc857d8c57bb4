"""What every engine must do alike: filters, facets, order, pages, permissions, hostile queries."""

from datetime import timedelta

from django.utils.timezone import now

from intake import services
from intake.models import Agency, Submission, Triage
from intake.models.triage import Prediction
from intake.outbox import record
from intake.workflow import Status, Visibility
from search.abbreviations import synonyms
from search.analysis import Width
from search.query import SUBMISSION_FILTERS, Due, Sort
from tests.search.conftest import ask, index


def triage(submission: Submission, *, initiative: int, agency: str, p: float = 0.8, decision: str = "suggest") -> None:
    row = Triage.objects.create(
        submission=submission, model_version="t", decision=decision, lead=Agency.objects.get(code=agency)
    )
    guesses = {"nature": "in_scope", "system": "1", "initiative": str(initiative), "agency": agency}
    for level, value in guesses.items():
        Prediction.objects.create(triage=row, level=level, rank=1, value=value, p=p)
    record(submission, "triaged")


def due(submission: Submission, **left: float) -> None:
    Submission.objects.filter(pk=submission.pk).update(due_at=now() + timedelta(**left))


def test_it_finds_a_submission(engine, indexed, coordinator):
    one = indexed("Cột sóng 5G ở bản Nậm Chà")
    results = ask(engine, coordinator, "nam cha")
    assert (results.ids, results.total, results.degraded) == ([one.pk], 1, False)


def test_without_words_everything_newest_first(engine, indexed, coordinator):
    ids = [indexed(f"phiếu {n}", created_at=now() - timedelta(days=n)).pk for n in range(3)]
    assert ask(engine, coordinator).ids == ids


def test_filters_are_joined_by_and_values_by_or(engine, indexed, coordinator, ministry):
    one = indexed("một", kind="petition")
    two = indexed("hai", kind="feedback")
    indexed("ba", kind="solution")
    services.assign(two, lead=ministry, actor=coordinator)
    index(two)
    assert set(ask(engine, coordinator, filters={"kind": ("petition", "feedback")}).ids) == {one.pk, two.pk}
    both = {"kind": ("petition", "feedback"), "status": (Status.ASSIGNED,)}
    assert ask(engine, coordinator, filters=both).ids == [two.pk]


def test_an_agency_has_what_is_assigned_to_it_and_a_suggestion_is_no_assignment(
    engine, indexed, coordinator, officer, ministry
):
    """Those who lead and those who help; what is handed back belongs to nobody."""
    guessed, led, helped, back = (indexed(text) for text in ("một", "hai", "ba", "bốn"))
    health = Agency.objects.get(code="BYT")
    triage(guessed, initiative=3, agency="BKHCN")
    triage(led, initiative=3, agency="BYT")
    services.assign(led, lead=ministry, actor=coordinator)
    services.assign(helped, lead=health, co_agencies=[ministry], actor=coordinator)
    services.assign(back, lead=ministry, actor=coordinator)
    services.hand_back(back, actor=officer, note="không thuộc")
    index(guessed, led, helped, back)
    for facets in (("agency", "suggested"), ("agency", "suggested", "category", "kind")):
        counted = ask(engine, coordinator, facets=facets).facets
        assert (counted["agency"], counted["suggested"]) == ([("BKHCN", 2), ("BYT", 1)], [("BKHCN", 1)])
    assert set(ask(engine, coordinator, filters={"agency": ("BKHCN",)}).ids) == {led.pk, helped.pk}
    assert set(ask(engine, coordinator, filters={"-agency": ("BKHCN",)}).ids) == {guessed.pk, back.pk}
    assert ask(engine, coordinator, filters={"suggested": ("BKHCN",)}).ids == [guessed.pk]
    counted = ask(engine, officer, facets=("agency", "suggested"), filters={"agency": ("BYT",)}).facets
    assert (counted["agency"], counted["suggested"]) == ([("BKHCN", 2), ("BYT", 1)], [])


def test_a_guess_can_be_filtered_by_until_a_person_confirms(engine, indexed, coordinator):
    one = indexed("một")
    triage(one, initiative=3, agency="BYT")
    index(one)
    assert ask(engine, coordinator, filters={"initiative": ("3",), "suggested": ("BYT",)}).ids == [one.pk]
    services.confirm_routing(one, actor=coordinator, nature="out_of_scope", system=None, initiative=None)
    index(one)
    assert ask(engine, coordinator, filters={"initiative": ("3",)}).ids == []
    assert ask(engine, coordinator, filters={"initiative": ("0",), "nature": ("out_of_scope",)}).ids == [one.pk]


def test_an_unknown_value_matches_nothing(engine, indexed, coordinator):
    indexed("một")
    for value in ("x" * 40, "99999999", "-1", "1 OR 1=1", "\u0661", "null", "%"):
        found = {name: ask(engine, coordinator, filters={name: (value,)}).ids for name in SUBMISSION_FILTERS}
        assert found == dict.fromkeys(SUBMISSION_FILTERS, [])


def test_the_deadline_states_part_the_open_submissions(engine, indexed, coordinator):
    late, soon, later, never = (indexed(text) for text in ("một", "hai", "ba", "bốn"))
    for submission, hours in ((late, -1), (soon, 5), (later, 24 * 9)):
        due(submission, hours=hours)
    Submission.objects.filter(pk=never.pk).update(status=Status.CLOSED)
    index(late, soon, later, never)
    found = {state: ask(engine, coordinator, filters={"due": (state,)}).ids for state in Due}
    assert found == {"overdue": [late.pk], "soon": [soon.pk], "later": [later.pk], "none": [never.pk]}
    facet = dict(ask(engine, coordinator, facets=("due",)).facets["due"])
    assert facet == {"overdue": 1, "soon": 1, "later": 1, "none": 1}


def test_sorted_by_deadline_the_nearest_open_one_stands_first(engine, indexed, coordinator):
    far, near, closed = indexed("một"), indexed("hai"), indexed("ba")
    due(far, days=9)
    due(near, days=-1)
    due(closed, days=-5)
    Submission.objects.filter(pk=closed.pk).update(status=Status.ANSWERED)
    index(far, near, closed)
    assert ask(engine, coordinator, sort=Sort.DEADLINE).ids == [near.pk, far.pk, closed.pk]


def test_facets_ignore_their_own_filter_and_no_other(engine, indexed, coordinator):
    indexed("một lá đơn", kind="petition")
    indexed("hai lá đơn", kind="feedback")
    indexed("ba lá thư", kind="feedback")
    results = ask(
        engine, coordinator, "đơn", filters={"kind": ("petition",)}, facets=("kind", "status"),
    )  # fmt: skip
    assert results.total == 1
    assert dict(results.facets["kind"]) == {"petition": 1, "feedback": 1}
    assert dict(results.facets["status"]) == {"received": 1}


def test_the_view_holds_for_facets_too(engine, indexed, coordinator, ministry):
    one = indexed("một")
    services.assign(one, lead=ministry, actor=coordinator)
    index(one)
    indexed("hai")
    views = {"waiting": {"status": (Status.RECEIVED,)}, "all": {}}
    results = ask(engine, coordinator, within=views["waiting"], facets=("status",), views=views)
    assert dict(results.facets["status"]) == {"received": 1}
    assert dict(results.views) == {"waiting": 1, "all": 2}


def test_pages_hold_everything_once(engine, indexed, coordinator):
    same_moment = now()
    ids = {indexed("lá đơn", created_at=same_moment).pk for _ in range(7)}
    for changes in ({"text": "đơn"}, {"sort": Sort.NEWEST}, {"sort": Sort.DEADLINE}):
        pages = [ask(engine, coordinator, page=page, size=3, **changes) for page in (1, 2, 3, 4)]
        seen = [pk for page in pages for pk in page.ids]
        assert sorted(seen) == sorted(ids)
        assert {page.total for page in pages} == {7}


def test_a_receipt_code_finds_that_submission(engine, indexed, coordinator):
    one = indexed("một")
    indexed("hai")
    assert ask(engine, coordinator, code=one.receipt_code).ids == [one.pk]


def test_if_no_text_has_every_word_some_are_enough(engine, indexed, coordinator):
    one = indexed("Nộp hồ sơ đất đai")
    indexed("Phủ sóng di động")
    results = ask(engine, coordinator, "làm sao để nộp hồ sơ xây dựng qua mạng")
    assert (results.ids, results.width) == ([one.pk], Width.PAIR)


def test_more_hits_than_are_counted_on_the_way(engine, indexed, coordinator, monkeypatch):
    monkeypatch.setattr("search.engines.elastic_asking.DEEPEST", 2)
    for n in range(5):
        indexed(f"lá đơn {n}")
    assert ask(engine, coordinator, "lá đơn", size=1).total == 5
    assert len(ask(engine, coordinator, "lá đơn", size=4, uncounted=True).ids) == 4


def test_small_words_are_not_insisted_on(engine, indexed, coordinator):
    one = indexed("Nộp hồ sơ đất đai")
    results = ask(engine, coordinator, "tôi xin hỏi về nộp hồ sơ đất đai")
    assert (results.ids, results.width) == ([one.pk], Width.CONTENT)


def test_an_edited_abbreviation_works_at_once(engine, indexed, coordinator):
    from search.models import Abbreviation

    one = indexed("Hệ thống một cửa điện tử")
    assert ask(engine, coordinator, "mcdt").ids == []
    Abbreviation.objects.create(written="MCĐT", means="một cửa điện tử")
    assert ask(engine, coordinator, "mcdt").ids == [one.pk]


def test_abbreviations_are_not_read_for_every_search(db, django_assert_num_queries):
    held = synonyms()
    with django_assert_num_queries(0):
        assert synonyms() is held


def test_marks_stand_on_the_text_as_it_was_written(engine, indexed, coordinator):
    one = indexed("Xã đẩy mạnh Chuyển Đổi Số")
    marker = ask(engine, coordinator, "chuyen doi so").marker
    assert marker.title(one.redacted_body) == "Xã đẩy mạnh <mark>Chuyển Đổi Số</mark>"


HOSTILE = {
    "quotes": "\"' OR '1'='1",
    "an open quote": '"chuyển',
    "operators": "a AND NOT b NEAR(c d, 2) OR * ^ title:x",
    "columns": "{title body} : x -y +z",
    "wildcards": "%_%\\* ? [a-z]",
    "json": '{"match_all": {}}',
    "nul": "chuyển\0đổi",
    "surrogate": "chuyển \ud800 đổi",
    "emoji": "👩‍👩‍👧 🇻🇳 đổi",
    "long": "chuyển đổi " * 1_000,
    "one long word": "ă" * 10_000,
    "marks": "a" + "\u0301" * 5_000,
    "bidi": "\u202echuyển\u2066 đổi",
    "only signs": "!!! ??? ---",
    "blank": " \t\n ",
    "html": "<script>alert(1)</script>",
    "other scripts": "数字化 цифровой رقمي",
    "ligatures": "ﬁ Å ㎏ ²",
}


def test_no_query_is_an_error(engine, indexed, coordinator):
    indexed("chuyển đổi số")
    for text in HOSTILE.values():
        for sort in Sort:
            results = ask(engine, coordinator, text, sort=sort, facets=SUBMISSION_FILTERS)
            assert results.total >= len(results.ids)


def test_sealed_submissions_are_in_no_index(engine, indexed, coordinator):
    sealed = indexed("TUYỆT MẬT\nkế hoạch mật của đơn vị chúng tôi")
    assert sealed.visibility == Visibility.SEALED
    assert ask(engine, coordinator, "kế hoạch mật").ids == []
    assert ask(engine, coordinator).total == 0


def test_one_sealed_later_leaves_the_index(engine, indexed, coordinator):
    one = indexed("kế hoạch của đơn vị")
    Submission.objects.filter(pk=one.pk).update(visibility=Visibility.SEALED)
    record(one, "sealed")
    index(one)
    assert ask(engine, coordinator, "kế hoạch").ids == []
