"""Generated submissions for `bench/search.py`: synthetic texts in the words of the training corpus.

Each has what a real one has for the index: events, a leading agency once it is routed, and a prepared
copy, as if its sync had run. The first `TRIAGED` have the model's guesses as rows too; the others have
them in their copies alone. No sentence vectors.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.db import connection
from django.utils.timezone import now

from classifier.text import fold, syllables
from intake.models import Agency, Assignment, Province, Submission, Triage
from intake.workflow import Status
from search.analysis import VERSION, Prepared
from search.models import SubmissionEntry

CORPUS = Path(__file__).resolve().parent.parent / "classifier" / "corpus"
BATCH = 10_000
TRIAGED = 10_000
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


Text = tuple[str, Prepared]


def chain(rng: random.Random) -> Callable[[int], Text]:
    """Texts whose neighbouring words are neighbours in the corpus: words come as often as there.

    One word in a hundred is followed by a number, so that the vocabulary grows as it does in life. Each
    comes prepared, word by word: a text of 100 words takes a tenth of the time of `prepare`.
    """
    follows: dict[str, list[str]] = defaultdict(list)
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = json.loads(line).get("text", "").split()
            for one, other in zip(words, words[1:], strict=False):
                follows[one].append(other)
    starts = list(follows)

    prepared = lru_cache(maxsize=None)(_prepared)

    def text(length: int) -> Text:
        word, words = "", []
        while len(words) < length:
            word = rng.choice(follows.get(word) or starts)
            words.append(word)
            if rng.random() < 0.01:
                words.append(str(rng.randint(1, 99_999)))
        pairs = [prepared(one) for one in words]
        exact, folded = (" ".join(one for one in side if one) for side in zip(*pairs, strict=True))
        return " ".join(words), Prepared(f" {exact} ", f" {folded} ")

    return text


def _prepared(word: str) -> tuple[str, str]:
    exact = " ".join(syllables(word))
    return exact, fold(exact)


def fill(count: int, seed: int = 57) -> None:
    """Bring the table to this many submissions."""
    there = Submission.objects.count()
    rng = random.Random(f"{seed} {there}")
    text = chain(rng)
    agencies = list(Agency.objects.filter(kind="government"))
    provinces = list(Province.objects.values_list("pk", flat=True))
    while there < count:
        texts = [(text(rng.randint(4, 10)), text(rng.randint(40, 220))) for _ in range(min(BATCH, count - there))]
        made = [_submission(rng, title[0], body[0], provinces) for title, body in texts]
        for number, one in enumerate(made, start=there):
            one.receipt_code = f"57-{number:08}"  # a million drawn by lot would hold two alike
        made = Submission.objects.bulk_create(made, batch_size=1_000)
        leads = {one.pk: rng.choice(agencies) for one in made}
        Assignment.objects.bulk_create(
            [Assignment(submission=one, agency=leads[one.pk], role="lead") for one in made if one.nature],
            batch_size=2_000,
        )
        _events(made[0].pk - 1)
        if there < TRIAGED:
            _triage(made[0].pk - 1, agencies)
        copies = [
            _copy(one, title[1], body[1], leads[one.pk].code) for one, (title, body) in zip(made, texts, strict=True)
        ]
        SubmissionEntry.objects.bulk_create(copies, batch_size=1_000)
        there += len(made)


def _copy(one: Submission, title: Prepared, body: Prepared, lead: str) -> SubmissionEntry:
    sure = 0.2 + one.pk % 79 / 100
    return SubmissionEntry(
        submission=one,
        version=one.version + 2,
        analysis=VERSION,
        title=title.exact,
        title_folded=title.folded,
        body=body.exact,
        body_folded=body.folded,
        nature=one.nature or "in_scope",
        system=(one.system_id or 0) if one.nature else one.pk % 6 + 1,
        initiative=0 if one.nature else one.pk % 30 + 1,
        lead=lead,
        confirmed=bool(one.nature),
        decision="abstain" if one.pk % 4 == 0 else "suggest",
        p_initiative=sure,
        p_lead=sure,
        language_form="accented",
        files=False,
        supports=0,
    )


def _submission(rng: random.Random, title: str, body: str, provinces: list[str]) -> Submission:
    (status,) = rng.choices(list(STATUSES), STATUSES.values())
    sent = now() - timedelta(minutes=rng.randint(0, YEARS))
    kind = rng.choice(("feedback", "feedback", "petition", "initiative", "solution"))
    routed = status != Status.RECEIVED
    system = rng.randint(0, 6) if routed else 0
    return Submission(
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


def _events(after: int) -> None:
    with connection.cursor() as cursor:
        for name in ("received", "triaged"):
            cursor.execute(
                "INSERT INTO intake_event (submission_id, name, from_status, to_status, note, data, created_at,"
                " dispatched_at) SELECT id, %s, '', '', '', '{}', created_at, created_at FROM intake_submission"
                " WHERE id > %s",
                [name, after],
            )


def _triage(after: int, agencies: list[Agency]) -> None:
    """By the database, from the rows of submissions after this key."""
    codes = ", ".join(f"({number}, {one.pk}, '{one.code}')" for number, one in enumerate(agencies))
    pick = f"WITH a(number, id, code) AS (VALUES {codes})"  # noqa: S608 (codes of our own directory)
    moment = now()
    with connection.cursor() as cursor:
        last = Triage.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        cursor.execute(
            f"INSERT INTO intake_triage (submission_id, model_version, decision, lead_id, basis, language_form,"  # noqa: S608
            f" reasons, likely, sampled, created_at) {pick} SELECT s.id, 'bench', CASE s.id %% 4 WHEN 0 THEN 'abstain'"
            f" ELSE 'suggest' END, a.id, '', 'accented', '[]', '{{}}', (1 = 0), %s FROM intake_submission s"
            f" JOIN a ON a.number = s.id %% {len(agencies)} WHERE s.id > %s",
            [moment, after],
        )
        for level, value in PREDICTIONS.items():
            cursor.execute(
                f"INSERT INTO intake_prediction (triage_id, level, rank, value, p) SELECT t.id, %s, 1, {value},"  # noqa: S608
                " 0.2 + (t.id %% 79) / 100.0 FROM intake_triage t LEFT JOIN intake_agency a ON a.id = t.lead_id"
                " WHERE t.id > %s",
                [level, last],
            )
