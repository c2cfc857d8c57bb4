"""The officers' filters as SQL conditions over `Submission` and its prepared copy."""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from intake.models import Answer, Assignment, Event, Submission
from intake.templatetags.deadlines import SOON
from intake.workflow import OPEN, Status

from ..filters import AGES, BANDS, NOBODY, Age, Band, Files, age_span, approver_of, dates, shares
from ..query import Due

NOTHING = Q(pk=None)
Condition = Callable[[tuple[str, ...], datetime], Q]


def numbers(values: tuple[str, ...]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10]


def any_of(conditions: list[Q]) -> Q:
    return reduce(or_, conditions) if conditions else NOTHING  # beside `OR NULL` no index is used


def due_condition(state: str, at: datetime) -> Q:
    """Open submissions by their deadline; `none` is everything that has none running."""
    running = Q(status__in=OPEN, due_at__isnull=False)
    soon = at + SOON
    conditions: dict[str, Q] = {
        Due.OVERDUE: running & Q(due_at__lt=at),
        Due.SOON: running & Q(due_at__gte=at, due_at__lt=soon),
        Due.LATER: running & Q(due_at__gte=soon),
        Due.NONE: ~running,
    }
    return conditions.get(state, NOTHING)


def _between(column: str, first: object, last: object, *, over: str = "gte", under: str = "lt") -> Q:
    found = Q()
    if first is not None:
        found &= Q(**{f"{column}__{over}": first})
    if last is not None:
        found &= Q(**{f"{column}__{under}": last})
    return found


def _due(values: tuple[str, ...], at: datetime) -> Q:
    return any_of([due_condition(value, at) for value in values])


def _age(values: tuple[str, ...], at: datetime) -> Q:
    asked = [Age(value) for value in values if value in set(AGES)]
    return any_of([_between("created_at", *age_span(age, at), over="gt", under="lte") for age in asked])


def _band(values: tuple[str, ...], at: datetime) -> Q:
    found = [_between("entry__p_initiative", *span) for band, span in BANDS.items() if band in values]
    return any_of([*found, *([Q(entry__p_initiative=None)] if Band.NONE in values else [])])


def _received(values: tuple[str, ...], at: datetime) -> Q:
    return any_of([_between("created_at", *span) for span in dates(values)])


def _deadline(values: tuple[str, ...], at: datetime) -> Q:
    return any_of([Q(due_at__isnull=False) & _between("due_at", *span) for span in dates(values)])


def _confidence(values: tuple[str, ...], at: datetime) -> Q:
    return any_of([_between("entry__p_initiative", *span, under="lte") for span in shares(values)])


def _files(values: tuple[str, ...], at: datetime) -> Q:
    has = {Files.YES: Q(entry__files=True), Files.NO: ~Q(entry__files=True)}
    return any_of([has[Files(value)] for value in values if value in set(Files)])


def _handler(values: tuple[str, ...], at: datetime) -> Q:
    found = [Q(handler__in=numbers(values))]
    return any_of([*found, *([Q(handler=None)] if NOBODY in values else [])])


def _category(values: tuple[str, ...], at: datetime) -> Q:
    links = Submission.categories.through.objects.filter(submission=OuterRef("pk"), category__code__in=values)
    return Q(Exists(links))


def _assigned(**to: object) -> Exists:
    return Exists(Assignment.objects.filter(submission=OuterRef("pk"), ended_at=None, **to))


def _agency(values: tuple[str, ...], at: datetime) -> Q:
    return Q(_assigned(agency__code__in=values))


def _suggested(values: tuple[str, ...], at: datetime) -> Q:
    return Q(entry__lead__in=values) & ~Q(_assigned())


def _approver(values: tuple[str, ...], at: datetime) -> Q:
    found = []
    for agency, user in filter(None, map(approver_of, values)):
        returned = Event.objects.filter(
            submission=OuterRef("submission"), name=Event.Name.ANSWER_RETURNED, pk__gt=OuterRef("pk")
        )
        wrote = Event.objects.filter(
            ~Exists(returned), submission=OuterRef("pk"), name=Event.Name.ANSWER_DRAFTED, actor=user
        )
        drafted = Answer.objects.filter(submission=OuterRef("pk"), drafted_by=user)
        leads = Q(status=Status.AWAITING_APPROVAL, entry__lead=agency)
        found.append(leads & ~Q(Exists(wrote)) & ~Q(Exists(drafted)))
    return any_of(found)


CONDITIONS: dict[str, Condition] = {
    "due": _due,
    "age": _age,
    "band": _band,
    "received": _received,
    "deadline": _deadline,
    "confidence": _confidence,
    "files": _files,
    "handler": _handler,
    "category": _category,
    "approver": _approver,
    "agency": _agency,
    "suggested": _suggested,
}


def _counted(hits: QuerySet, conditions: dict[str, Q]) -> list[tuple[str, int]]:
    counts = hits.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    return [(name, counts[name]) for name in conditions if counts[name]]


def _agencies(hits: QuerySet, at: datetime) -> list[tuple[str, int]]:
    """Not by a join with the hits, which one's own permissions have joined already."""
    held = Assignment.objects.filter(ended_at=None, submission__in=hits.order_by().values("pk"))
    counted = held.values(value=F("agency__code")).annotate(hits=Count("submission", distinct=True))
    return [(row["value"], row["hits"]) for row in counted.order_by("-hits", "value")]


def _suggestions(hits: QuerySet, at: datetime) -> list[tuple[str, int]]:
    counted = hits.filter(~Q(_assigned())).order_by().values(value=F("entry__lead")).annotate(hits=Count("pk"))
    return [(row["value"], row["hits"]) for row in counted.order_by("-hits", "value") if row["value"]]


def _handlers(hits: QuerySet, at: datetime) -> list[tuple[str, int]]:
    rows = hits.order_by().values(value=F("handler")).annotate(hits=Count("pk")).order_by("-hits", "value")
    return [(NOBODY if row["value"] is None else str(row["value"]), row["hits"]) for row in rows]


FACETS: dict[str, Callable[[QuerySet, datetime], list[tuple[str, int]]]] = {
    "due": lambda hits, at: _counted(hits, {state: due_condition(state, at) for state in Due}),
    "age": lambda hits, at: _counted(hits, {age: _age((age,), at) for age in Age}),
    "band": lambda hits, at: _counted(hits, {band: _band((band,), at) for band in Band}),
    "files": lambda hits, at: _counted(hits, {value: _files((value,), at) for value in Files}),
    "handler": _handlers,
    "agency": _agencies,
    "suggested": _suggestions,
}
