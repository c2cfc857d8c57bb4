"""A small installation that learns in seconds: five subjects, no encoder, decisions on corpus texts."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.models import User
from django.utils.timezone import now

from classifier.corpus import Example, load_corpus
from classifier.model import Model
from intake.directory import taxonomy
from intake.learning import registry
from intake.learning.making import Recipe
from intake.models import (
    Agency,
    Initiative,
    ModelVersion,
    Prediction,
    RoutingDecision,
    Submission,
    TrainingRun,
    Triage,
)
from tests.conftest import make_submission

SUBJECTS = (0, 10, 16, 19, 29)
WRITTEN = 40
"""Corpus texts of each subject that the small models start from."""
OF_A_NATURE = 15


@lru_cache(maxsize=1)
def texts() -> dict[int, list[Example]]:
    """Subject to its plain corpus texts, of every writer in turn."""
    found: dict[int, list[Example]] = {subject: [] for subject in SUBJECTS}
    for example in sorted(load_corpus(), key=lambda e: (hash_of(e.text), e.id)):
        if example.initiative in found and example.nature in {"in_scope", "out_of_scope"}:
            found[example.initiative].append(example)
    return found


def hash_of(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode())


@lru_cache(maxsize=1)
def corpus() -> tuple[Example, ...]:
    """What ships, in small: some texts of each subject, and of two natures that a person must see."""
    kept = [example for rows in texts().values() for example in rows[:WRITTEN]]
    for nature in ("complaint", "denunciation"):
        kept += [example for example in load_corpus() if example.nature == nature][:OF_A_NATURE]
    return tuple(kept)


def fresh_texts(n: int) -> list[Example]:
    """`n` texts that are in no small corpus, the subjects in turn."""
    rows = [rows[WRITTEN:] for rows in texts().values()]
    return [rows[i % len(rows)][i // len(rows)] for i in range(n)]


RECIPE = Recipe(corpus=corpus, encoder=lambda: None, describe=False)


@lru_cache(maxsize=1)
def small_model() -> Model:
    """Trained on the small corpus alone."""
    from classifier.training import train

    return train(corpus(), taxonomy())


def small_champion() -> ModelVersion:
    """The small model, put to use after the shipped one."""
    registry.shipped()
    version = registry.keep(small_model(), metrics={"encoder": ""})
    registry.promote(version, why="thử")
    return version


def decide(
    examples: Iterable[Example],
    *,
    actor: User,
    wrong: bool = False,
    start_minutes_ago: int = 10_000,
    lead: str = "",
    nature: str = "",
) -> list[RoutingDecision]:
    """People's confirmations of these texts, one a minute; `wrong`: another subject than the text's.

    `lead`, `nature`: where they are not what the text says.
    """
    rows = []
    for minute, example in enumerate(examples):
        subject = SUBJECTS[(SUBJECTS.index(example.initiative) + 2) % len(SUBJECTS)] if wrong else example.initiative
        submission = make_submission(title=example.text[:80], body=example.text)
        rows.append(decision(submission, subject, actor=actor, lead=lead or example.agency or "BKHCN"))
        at = now() - timedelta(minutes=start_minutes_ago - minute)
        said = {"nature": nature or example.nature or rows[-1].nature}
        RoutingDecision.objects.filter(pk=rows[-1].pk).update(created_at=at, **said)
    return rows


def decision(submission: Submission, subject: int, *, actor: User, lead: str = "BKHCN") -> RoutingDecision:
    initiative = Initiative.objects.get(pk=subject) if subject else None
    return RoutingDecision.objects.create(
        submission=submission,
        triage=submission.triages.first(),
        actor=actor,
        nature="in_scope" if subject else "out_of_scope",
        initiative=initiative,
        system=initiative.system if initiative else None,
        lead=Agency.objects.get(code=lead),
    )


def a_run(**changes: object) -> TrainingRun:
    return TrainingRun.objects.create(**changes)


def versions() -> Sequence[str]:
    return list(ModelVersion.objects.values_list("status", flat=True).order_by("pk"))


def judged(n: int, *, actor: User, wrong: int = 0, p: float = 0.8, sampled: bool = False) -> None:
    """`n` guesses of the champion, initiative 16, all but the first `wrong` of which this person confirmed."""
    received = Submission.objects.bulk_create(
        Submission(title=f"Phiếu thử số {i}", body="Nội dung thử.", kind="feedback", kind_sent="feedback")
        for i in range(n)
    )
    model_version = registry.champion().version
    triages = Triage.objects.bulk_create(
        Triage(
            submission=submission,
            model_version=model_version,
            decision="suggest",
            language_form="accented",
            unknown=0.05,
            likely={"initiative": ["16"]},
            sampled=sampled,
        )
        for submission in received
    )
    guesses = {"nature": "in_scope", "system": "4", "initiative": "16", "agency": "BKHCN"}
    Prediction.objects.bulk_create(
        Prediction(triage=triage, level=level, rank=1, value=value, p=p)
        for triage in triages
        for level, value in guesses.items()
    )
    right, other = Initiative.objects.get(pk=16), Initiative.objects.get(pk=19)
    lead = Agency.objects.get(code="BKHCN")
    RoutingDecision.objects.bulk_create(
        RoutingDecision(
            submission=submission,
            triage=triage,
            actor=actor,
            nature="in_scope",
            initiative=right if i >= wrong else other,
            system=(right if i >= wrong else other).system,
            lead=lead,
        )
        for i, (submission, triage) in enumerate(zip(received, triages, strict=True))
    )
