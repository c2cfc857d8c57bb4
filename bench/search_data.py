"""Generated submissions for `bench/search.py`, written to the tables as fast as the database takes them.

Each has what a real one has for the index: events, a leading agency once it is routed, and a prepared
copy, as if its sync had run. One in ten has the model's guesses and a sentence vector as rows too; the
others have the guesses in their copies alone.
"""

import random
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils.timezone import now
from search_texts import Text, Writer, vectors

from intake.models import Agency, Assignment, Province, Submission, Triage
from intake.workflow import Status
from search.analysis import VERSION
from search.meaning import _centres
from search.models import SubmissionEntry

BATCH = 10_000
EVERY = 10  # one of so many has a triage
# Most of an archive is done with.
STATUSES = {
    Status.RECEIVED: 6,
    Status.ASSIGNED: 6,
    Status.IN_PROGRESS: 10,
    Status.AWAITING_APPROVAL: 3,
    Status.ANSWERED: 15,
    Status.CLOSED: 60,
}
YEARS = 525_600 * 3  # minutes in which they came
PREDICTIONS = {
    "initiative": "CAST(t.id %% 30 + 1 AS VARCHAR(20))",
    "system": "CAST(t.id %% 6 + 1 AS VARCHAR(20))",
    "nature": "'in_scope'",
    "agency": "a.code",
}


def fill(count: int, seed: int = 57) -> None:
    """Bring the table to this many submissions."""
    there = Submission.objects.count()
    if there >= count:
        return
    writer = Writer()
    agencies = list(Agency.objects.filter(kind="government"))
    provinces = list(Province.objects.values_list("pk", flat=True))
    while there < count:
        size, rng = min(BATCH, count - there), random.Random(f"{seed} {there}")
        words = np.random.default_rng([seed, there])
        titles = writer.texts(words, [rng.randint(4, 10) for _ in range(size)])
        bodies = writer.texts(words, [rng.randint(40, 220) for _ in range(size)])
        first = (Submission.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        made = [
            _submission(first + at, there + at, rng, title[0], body[0], provinces)
            for at, (title, body) in enumerate(zip(titles, bodies, strict=True))
        ]
        with transaction.atomic():
            _write(made, [rng.choice(agencies) for _ in made], titles, bodies, agencies, words)
        there += size


def _write(
    made: Sequence[Submission],
    leads: Sequence[Agency],
    titles: Sequence[Text],
    bodies: Sequence[Text],
    agencies: Sequence[Agency],
    rng: np.random.Generator,
) -> None:
    first, routed = made[0].pk, [(one, lead) for one, lead in zip(made, leads, strict=True) if one.nature]
    key = (Assignment.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    insert(made)
    insert([Assignment(pk=key + at, submission=one, agency=lead, role="lead") for at, (one, lead) in enumerate(routed)])
    insert([_copy(*one) for one in zip(made, titles, bodies, leads, strict=True)])
    _events(first)
    _triage([one for one in made if one.pk % EVERY == 0], agencies, rng)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Submission, Assignment, Triage]):
            cursor.execute(statement)


def insert(rows: Sequence[models.Model]) -> None:
    """Rows of one model, their keys given: by COPY where the database has it, a tenth of `bulk_create`."""
    if not rows:
        return
    fields, table = rows[0]._meta.concrete_fields, connection.ops.quote_name(rows[0]._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as line:
                for row in values:
                    line.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 (our models)


def _copy(one: Submission, title: Text, body: Text, lead: Agency) -> SubmissionEntry:
    sure = 0.2 + one.pk % 79 / 100
    return SubmissionEntry(
        submission=one,
        version=one.version + 2,
        analysis=VERSION,
        title=title[1].exact,
        title_folded=title[1].folded,
        body=body[1].exact,
        body_folded=body[1].folded,
        nature=one.nature or "in_scope",
        system=(one.system_id or 0) if one.nature else one.pk % 6 + 1,
        initiative=0 if one.nature else one.pk % 30 + 1,
        lead=lead.code,
        confirmed=bool(one.nature),
        decision="abstain" if one.pk % 4 == 0 else "suggest",
        p_initiative=sure,
        p_lead=sure,
        language_form="accented",
        files=False,
        supports=0,
    )


def _submission(
    key: int, number: int, rng: random.Random, title: str, body: str, provinces: Sequence[str]
) -> Submission:
    (status,) = rng.choices(list(STATUSES), STATUSES.values())
    sent = now() - timedelta(minutes=rng.randint(0, YEARS))
    kind = rng.choice(("feedback", "feedback", "petition", "initiative", "solution"))
    routed = status != Status.RECEIVED
    system = rng.randint(0, 6) if routed else 0
    return Submission(
        pk=key,
        receipt_code=f"57-{number:08}",  # a million drawn by lot would hold two alike
        kind=kind,
        kind_sent=kind,
        title=title,
        body=body,
        redacted_title=title,
        redacted_body=body,
        province_id=rng.choice(provinces),
        status=status,
        nature=("in_scope" if system else "out_of_scope") if routed else "",
        system_id=system or None,
        created_at=sent,
        due_at=sent + timedelta(days=rng.randint(5, 60)) if routed else None,
    )


def _events(first: int) -> None:
    with connection.cursor() as cursor:
        for name in ("received", "triaged"):
            cursor.execute(
                "INSERT INTO intake_event (submission_id, name, from_status, to_status, note, data, created_at,"
                " dispatched_at) SELECT id, %s, '', '', '', '{}', created_at, created_at FROM intake_submission"
                " WHERE id >= %s",
                [name, first],
            )


def _triage(made: Sequence[Submission], agencies: Sequence[Agency], rng: np.random.Generator) -> None:
    """The model's guesses, those of a level by the database from the rows before."""
    first = (Triage.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    meant = (vectors(rng, len(made)) + _centres()["texts"]).astype(np.float16)
    insert(
        [
            Triage(
                pk=first + at,
                submission=one,
                model_version="bench",
                decision="abstain" if one.pk % 4 == 0 else "suggest",
                lead=agencies[one.pk % len(agencies)],
                language_form="accented",
                vector=meant[at].tobytes(),
            )
            for at, one in enumerate(made)
        ]
    )
    with connection.cursor() as cursor:
        for level, value in PREDICTIONS.items():
            cursor.execute(
                f"INSERT INTO intake_prediction (triage_id, level, rank, value, p) SELECT t.id, %s, 1, {value},"  # noqa: S608
                " 0.2 + (t.id %% 79) / 100.0 FROM intake_triage t LEFT JOIN intake_agency a ON a.id = t.lead_id"
                " WHERE t.id >= %s",
                [level, first],
            )
