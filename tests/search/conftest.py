"""One helper to make documents and ask for them, on every engine that runs here."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from classifier.corpus import load_corpus
from intake.models import Submission
from search import abbreviations, meaning, suggest, vectors, vocabulary
from search.abbreviations import synonyms
from search.analysis import parse
from search.engines import local_engine
from search.engines.database import DatabaseEngine
from search.indexes import ANSWERS, SUBMISSIONS, Index, servers
from search.lexicon import Lexicon, count
from search.query import Query, Results, Sort, rest
from search.sync import sync
from tests.conftest import make_submission

ENGINES = ["local", "database", *(["elastic"] if settings.ELASTICSEARCH_URL else [])]


# The indices that a test has written to, or that are not made yet.
_dirty = {SUBMISSIONS, ANSWERS}


@pytest.fixture
def _server(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the cluster profile every test has indices of its own, empty at the start."""
    if not settings.ELASTICSEARCH_URL:
        return
    from search.engines.elastic_server import ElasticServer

    server = ElasticServer()
    for index in list(_dirty):
        server.drop(index)
        server.begin(index).finish()
        _dirty.discard(index)
    for name in ("write", "begin"):
        monkeypatch.setattr(ElasticServer, name, _noting(getattr(ElasticServer, name)))


def _noting(change: Callable) -> Callable:
    def noted(server, index: Index, *given):
        _dirty.add(index)
        return change(server, index, *given)

    return noted


@pytest.fixture(autouse=True)
def _awake() -> None:
    """No test pays for the silence of another's search server."""
    rest.end()


@pytest.fixture(scope="session")
def words() -> Lexicon:
    """Those of the training corpus."""
    return count(example.text for example in load_corpus())


@pytest.fixture(autouse=True)
def _without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vector costs half a second, a count of the corpus two: the tests that are about them have their own."""
    monkeypatch.setattr(meaning, "encoder", lambda: None)
    monkeypatch.setattr(vocabulary, "load_corpus", lambda: [])
    meaning._of_words.cache_clear()
    vocabulary.forget()
    vectors.forget()
    suggest._directory.cache_clear()
    monkeypatch.setattr(abbreviations, "SECONDS", 10**9)  # who counts statements counts the same each time
    abbreviations.forget()


@pytest.fixture(scope="session", autouse=True)
def _no_indices_left() -> Iterator[None]:
    yield
    if settings.ELASTICSEARCH_URL:
        from search.engines.elastic_server import ElasticServer

        for index in (SUBMISSIONS, ANSWERS):
            ElasticServer().drop(index)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, db, _server):
    """Each engine in turn: the same tests hold for all."""
    if request.param == "elastic":
        from search.engines.elastic import ElasticEngine

        return ElasticEngine()
    return local_engine() if request.param == "local" else DatabaseEngine()


@pytest.fixture
def indexed(db) -> Callable[..., Submission]:
    """Make a submission and have it indexed at once."""

    def make(body: str, title: str = "Phiếu thử", **changes) -> Submission:
        submission = make_submission(title=title, body=body, **changes)
        index(submission)
        return submission

    return make


def index(*submissions: Submission) -> None:
    sync(SUBMISSIONS, [submission.pk for submission in submissions])
    refresh()


def refresh() -> None:
    for server in servers():
        server.refresh()


def ask(engine, user, text: str = "", **changes) -> Results:
    query = Query(terms=parse(text, synonyms()), user=user, sort=Sort.RELEVANCE if text else Sort.NEWEST)
    return engine.submissions(replace(query, **changes))
