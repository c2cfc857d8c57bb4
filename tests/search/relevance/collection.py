"""The example answers and submissions in the database and in the index, and what a query finds there."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.management import call_command
from django.utils.timezone import now

from cms.demo.content import load_answers
from cms.models import AnswerIndexPage, AnswerPage
from cms.publishing import slug_for
from cms.site import read
from intake.models import Kind, Province, Submission, Triage
from intake.services import NewSubmission, Sender, submit
from intake.triage import text_of
from search import meaning, vectors, vocabulary
from search.abbreviations import synonyms
from search.analysis import parse
from search.asking import ask_widely
from search.indexes import ANSWERS, SUBMISSIONS
from search.query import Query, Sort
from search.sync import sync
from tests.search.relevance.measures import Judged, averages

SIZE = 20
INDICES = {index.name: index for index in (ANSWERS, SUBMISSIONS)}


class Collection:
    """Loads the demo once; `names` tells its texts by index and key."""

    def __init__(self) -> None:
        call_command("load_site")
        load_answers(AnswerIndexPage.objects.get())
        pages = dict(AnswerPage.objects.values_list("slug", "pk"))
        answers = {pages[slug_for(one["title"], n)]: f"A{n}" for n, one in enumerate(read("answers"), start=1)}
        submissions = {_sent(one).pk: f"S{n}" for n, one in enumerate(read("submissions"), start=1)}
        self.names = {ANSWERS.name: answers, SUBMISSIONS.name: submissions}
        sync(ANSWERS, answers)
        sync(SUBMISSIONS, submissions)
        for index in INDICES.values():
            vocabulary.recount(index, force=True)
        vocabulary.forget()
        self._give_vectors(list(submissions))
        vectors.forget()

    def add_items(self, items: Sequence[Mapping[str, str]]) -> None:
        """Petitions with `id` and `text` beside the example submissions, called by their id."""
        sent = {_sent(_as_sent(item["text"])).pk: item["id"] for item in items}
        self.names[SUBMISSIONS.name] |= sent
        sync(SUBMISSIONS, list(sent))
        vocabulary.recount(SUBMISSIONS, force=True)
        vocabulary.forget()
        self._give_vectors(list(sent))
        vectors.forget()

    def _give_vectors(self, keys: Sequence[int]) -> None:
        """As the worker's triage leaves them; the rest of what it says has no part in this."""
        encoder = meaning.encoder()
        if encoder is None:
            return
        from classifier.reading import for_encoder, read_text

        lexicon = vocabulary.lexicon(SUBMISSIONS)
        sent = list(Submission.objects.filter(pk__in=keys))
        rows = encoder.encode([for_encoder(read_text(text_of(one)), lexicon.accents) for one in sent])
        Triage.objects.bulk_create(
            Triage(submission=one, model_version="-", decision="abstain", vector=row.astype("float16").tobytes())
            for one, row in zip(sent, rows, strict=True)
        )
        sync(SUBMISSIONS, keys)

    def found(self, engine: Any, one: Judged, user: Any, **changes: Any) -> list[str]:
        """The names of what stands on the first page."""
        query = Query(terms=parse(one.text, synonyms()), user=user, sort=Sort.RELEVANCE, size=SIZE)
        results = ask_widely(engine, INDICES[one.index], replace(query, **changes))
        return [self.names[one.index][key] for key in results.ids]

    def measure(self, engine: Any, queries: Sequence[Judged], user: Any, **changes: Any) -> dict[str, float]:
        return averages({one.id: self.found(engine, one, user, **changes) for one in queries}, queries)


def _as_sent(text: str) -> dict[str, Any]:
    """Titled by how it begins."""
    return {"title": textwrap.shorten(text, 90, placeholder="…"), "body": text, "kind": Kind.PETITION, "province": ""}


def _sent(item: dict[str, Any]) -> Submission:
    return submit(
        NewSubmission(
            title=item["title"],
            body=item["body"],
            kind=item["kind"],
            province=Province.objects.filter(code=item["province"]).first(),
            sender=Sender(name="Người gửi ví dụ", address="Địa chỉ ví dụ"),
            created_at=now(),
        )
    )
