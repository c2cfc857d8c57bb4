"""What officers filter and sort by, and paging by cursor: the same on every engine."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from intake import services
from intake.models import Category, Submission
from intake.models.attachment import Attachment
from intake.workflow import Status
from search import cursor
from search.query import Sort
from tests.conftest import ANSWER
from tests.search.conftest import ask, index
from tests.search.test_contract import triage


def found(engine, user, **filters) -> list[int]:
    return ask(engine, user, filters={name.replace("not_", "-"): values for name, values in filters.items()}).ids


def test_an_exclusion_leaves_the_rest(engine, indexed, coordinator):
    petition, feedback = indexed("một", kind="petition"), indexed("hai", kind="feedback")
    assert found(engine, coordinator, not_kind=("petition",)) == [feedback.pk]
    assert found(engine, coordinator, not_kind=("feedback", "petition")) == []
    assert found(engine, coordinator, not_nature=("spam",)) == [feedback.pk, petition.pk]


def test_what_nobody_labelled_is_not_excluded_by_a_label(engine, indexed, coordinator):
    one, two = indexed("một"), indexed("hai")
    triage(one, initiative=3, agency="BYT")
    index(one)
    assert found(engine, coordinator, not_initiative=("3",)) == [two.pk]
    assert found(engine, coordinator, not_suggested=("BYT",)) == [two.pk]


def test_the_counts_of_a_filter_ignore_its_exclusions_too(engine, indexed, coordinator):
    indexed("một", kind="petition")
    indexed("hai", kind="feedback")
    results = ask(engine, coordinator, filters={"-kind": ("petition",)}, facets=("kind", "status"))
    assert dict(results.facets["kind"]) == {"feedback": 1, "petition": 1}
    assert dict(results.facets["status"]) == {"received": 1}


def test_ages_part_all_submissions(engine, indexed, coordinator):
    ids = {
        age: indexed(age, created_at=now() - timedelta(days=days)).pk
        for age, days in (("day", 0.5), ("week", 3), ("month", 20), ("older", 90))
    }
    assert {age: found(engine, coordinator, age=(age,)) for age in ids} == {age: [pk] for age, pk in ids.items()}
    facet = ask(engine, coordinator, facets=("age",)).facets["age"]
    assert dict(facet) == dict.fromkeys(ids, 1)


def test_bands_and_the_range_of_confidence(engine, indexed, coordinator):
    sure, fair, low, unread = (indexed(text) for text in ("một", "hai", "ba", "bốn"))
    for submission, p in ((sure, 0.93), (fair, 0.61), (low, 0.22)):
        triage(submission, initiative=3, agency="BYT", p=p)
    index(sure, fair, low)
    bands = {band: found(engine, coordinator, band=(band,)) for band in ("high", "fair", "low", "none")}
    assert bands == {"high": [sure.pk], "fair": [fair.pk], "low": [low.pk], "none": [unread.pk]}
    assert found(engine, coordinator, confidence=("60..95",)) == [fair.pk, sure.pk]
    assert found(engine, coordinator, confidence=("..50",)) == [low.pk]
    assert dict(ask(engine, coordinator, facets=("band",)).facets["band"]) == dict.fromkeys(bands, 1)


def test_ranges_of_days_include_both_ends(engine, indexed, coordinator):
    old, new = (indexed(text, created_at=now() - timedelta(days=days)) for text, days in (("một", 10), ("hai", 2)))
    day = f"{localtime(old.created_at):%Y-%m-%d}"
    assert found(engine, coordinator, received=(f"{day}..{day}",)) == [old.pk]
    assert found(engine, coordinator, received=(f"{day}..",)) == [new.pk, old.pk]
    Submission.objects.filter(pk=new.pk).update(due_at=now() + timedelta(days=40))
    index(new)
    due = f"{localtime(now() + timedelta(days=40)):%Y-%m-%d}"
    assert found(engine, coordinator, deadline=(f"{due}..{due}",)) == [new.pk]


@pytest.mark.parametrize("value", ["", "..", "x..y", "2026-13-01..", "9999-12-31..", "..9999-12-31", "1..2", "-1..5"])
def test_a_range_that_cannot_be_read_is_no_error(engine, indexed, coordinator, value):
    one = indexed("một")
    for name in ("received", "deadline", "confidence"):
        assert set(found(engine, coordinator, **{name: (value,)})) <= {one.pk}
        found(engine, coordinator, **{f"not_{name}": (value,)})


def test_files_language_and_category(engine, indexed, coordinator):
    with_file, plain = indexed("một"), indexed("hai")
    Attachment.objects.create(
        submission=with_file, name="a.pdf", extension="pdf", size=1, sha256="0" * 64, file="a.pdf"
    )
    sector, other = Category.objects.all()[:2]
    with_file.categories.set([sector, other])
    triage(with_file, initiative=3, agency="BYT")
    with_file.triages.update(language_form="unaccented")
    index(with_file, plain)
    assert found(engine, coordinator, files=("yes",)) == [with_file.pk]
    assert found(engine, coordinator, files=("no",)) == [plain.pk]
    assert found(engine, coordinator, language=("unaccented",)) == [with_file.pk]
    assert found(engine, coordinator, category=(sector.code, other.code)) == [with_file.pk]
    assert found(engine, coordinator, not_category=(sector.code,)) == [plain.pk]
    facets = ask(engine, coordinator, facets=("category", "files", "language")).facets
    assert dict(facets["category"]) == {sector.code: 1, other.code: 1}
    assert dict(facets["files"]) == {"yes": 1, "no": 1}
    assert dict(facets["language"]) == {"unaccented": 1}


def test_whose_it_is_and_nobodys(engine, indexed, coordinator, officer, ministry):
    mine, free = indexed("một"), indexed("hai")
    services.assign(mine, lead=ministry, actor=coordinator)
    services.accept(mine, actor=officer)
    index(mine)
    assert found(engine, coordinator, handler=(str(officer.pk),)) == [mine.pk]
    assert found(engine, coordinator, handler=("none",)) == [free.pk]
    assert dict(ask(engine, coordinator, facets=("handler",)).facets["handler"]) == {str(officer.pk): 1, "none": 1}


def test_who_wrote_the_draft_is_not_asked_to_approve_it(engine, indexed, coordinator, officer, approver, ministry):
    by_officer, by_approver = indexed("một"), indexed("hai")
    for submission, author in ((by_officer, officer), (by_approver, approver)):
        services.assign(submission, lead=ministry, actor=coordinator)
        services.accept(submission, actor=author)
        services.draft_answer(submission, actor=author, agency=ministry, text=ANSWER, outcome="resolved")
        services.propose_answer(submission, actor=author)
    index(by_officer, by_approver)
    assert found(engine, approver, approver=(f"BKHCN:{approver.pk}",)) == [by_officer.pk]
    assert found(engine, approver, approver=(f"BYT:{approver.pk}",)) == []
    # Returned and written anew by the officer alone, it may be approved.
    services.return_answer(by_approver, actor=approver, note="viết lại")
    services.draft_answer(by_approver, actor=officer, agency=ministry, text=ANSWER, outcome="resolved")
    services.propose_answer(by_approver, actor=officer)
    index(by_approver)
    assert found(engine, approver, approver=(f"BKHCN:{approver.pk}",)) == [by_approver.pk, by_officer.pk]


def test_what_more_people_say_stands_first(engine, indexed, coordinator):
    lone, main, other = (indexed(text) for text in ("một", "hai", "ba"))
    services.merge(other, into=main, actor=coordinator)
    index(main, other)
    assert ask(engine, coordinator, sort=Sort.SUPPORT, filters={"status": ("received",)}).ids == [main.pk, lone.pk]


SORTS = [Sort.DEADLINE, Sort.NEWEST, Sort.OLDEST, Sort.SUPPORT]


@pytest.fixture
def eleven(indexed):
    """Some with the same deadline, some without, some closed."""
    made = [indexed(f"phiếu {n}", created_at=now() - timedelta(hours=n % 4)) for n in range(11)]
    for n, submission in enumerate(made):
        changes = {"due_at": None if n % 5 == 0 else now().replace(microsecond=0) + timedelta(days=n % 3)}
        if n % 4 == 0:
            changes["status"] = Status.CLOSED
        Submission.objects.filter(pk=submission.pk).update(**changes)
    index(*made)
    return made


@pytest.mark.parametrize("sort", SORTS)
def test_forward_by_cursor_every_row_once_and_back_again(engine, eleven, coordinator, sort):
    whole = ask(engine, coordinator, sort=sort, size=50).ids
    assert len(whole) == 11
    pages, after = [], ""
    for page in range(1, 8):
        results = ask(engine, coordinator, sort=sort, size=3, page=page, after=after)
        if not results.ids:
            break
        pages.append(results)
        after = results.ends[1]
    assert [pk for results in pages for pk in results.ids] == whole
    for later, earlier in zip(pages[:0:-1], pages[-2::-1], strict=True):
        assert ask(engine, coordinator, sort=sort, size=3, page=9, before=later.ends[0]).ids == earlier.ids
    assert ask(engine, coordinator, sort=sort, size=3, before=cursor.END).ids == whole[-3:]


def test_a_row_that_leaves_takes_no_other_with_it(engine, eleven, coordinator):
    whole = ask(engine, coordinator, sort=Sort.NEWEST, size=50).ids
    first = ask(engine, coordinator, sort=Sort.NEWEST, size=4)
    Submission.objects.filter(pk__in=first.ids[:2]).update(kind="solution")
    index(*Submission.objects.filter(pk__in=first.ids))
    rest = ask(
        engine, coordinator, sort=Sort.NEWEST, size=50, page=2, after=first.ends[1], filters={"kind": ("feedback",)}
    )
    assert rest.ids == whole[4:]


@pytest.mark.parametrize(
    "given",
    ["x", "!", "e30", cursor.write("s", []), cursor.write("e", ["a", "b", "c"]), cursor.write("s", [1, 2**62, 3])],
)
def test_a_forged_cursor_is_no_error(engine, eleven, coordinator, given):
    for sort in SORTS:
        ask(engine, coordinator, sort=sort, after=given)
        ask(engine, coordinator, sort=sort, before=given)
