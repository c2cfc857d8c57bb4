"""What search keeps in the database: prepared copies, what it owes, how words are also written.

The copies hold redacted text and labels alone. SQLite's FTS5 tables stand over their columns
(migration 0002), so that both are written in one transaction.
"""

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from classifier.text import fold, syllables

from .desk_models import BulkItem, BulkJob, Export, Notice, SavedView  # noqa: F401 (the desk's tables)


class PreparedText(models.Model):
    """The words of a document, one blank around each; see `search.analysis.prepare`."""

    title = models.TextField()
    title_folded = models.TextField()
    body = models.TextField()
    body_folded = models.TextField()
    analysis = models.PositiveSmallIntegerField(null=True, help_text="search.analysis.VERSION that prepared it")

    class Meta:
        abstract = True


class SubmissionEntry(PreparedText):
    """A submission as officers find it: redacted words, and labels a person or the model gave."""

    submission = models.OneToOneField("intake.Submission", models.CASCADE, primary_key=True, related_name="entry")
    version = models.PositiveBigIntegerField()
    # Confirmed by a person, else the newest model's first guess. 0: outside the scope. Null: nobody looked.
    nature = models.CharField(max_length=16, blank=True)
    system = models.PositiveSmallIntegerField(null=True)
    initiative = models.PositiveSmallIntegerField(null=True)
    # Who leads, else whom the model suggests.
    lead = models.CharField(max_length=24, blank=True, help_text="the code of an agency")
    confirmed = models.BooleanField(default=False)
    # The model's own: how sure it was of the initiative and of the agency (0 to 1), what it decided.
    decision = models.CharField(max_length=8, blank=True)
    p_initiative = models.FloatField(null=True)
    p_lead = models.FloatField(null=True)
    # Null in copies from before these columns were: SQLite adds a column with a default by making the table anew,
    # and that loses the triggers on it.
    language_form = models.CharField(max_length=12, null=True)
    files = models.BooleanField(null=True)
    supports = models.PositiveIntegerField(null=True, help_text="others that say the same, merged into it")

    class Meta:
        verbose_name_plural = "submission entries"

    def __str__(self) -> str:
        return f"submission {self.pk}"


class AnswerEntry(PreparedText):
    """A published answer as the public finds it."""

    page = models.OneToOneField("cms.AnswerPage", models.CASCADE, primary_key=True, related_name="entry")
    version = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "answer entries"

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Matches(models.Lookup):
    """`field__matches="…"`: an FTS5 expression. Only `search.engines.fts5` writes them."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} MATCH {right}", [*left_params, *right_params]


class FtsField(models.TextField):
    """The hidden column of an FTS5 table that bears the table's own name."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


FtsField.register_lookup(Matches)


class SubmissionWords(models.Model):
    """SQLite only: the FTS5 table over `SubmissionEntry`."""

    submission = models.OneToOneField(
        "intake.Submission", models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="words"
    )
    fts = FtsField(db_column="search_submission_words")

    class Meta:
        managed = False
        db_table = "search_submission_words"

    def __str__(self) -> str:
        return f"words of submission {self.pk}"


class AnswerWords(models.Model):
    """SQLite only: the FTS5 table over `AnswerEntry`."""

    page = models.OneToOneField(
        "cms.AnswerPage", models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="words"
    )
    fts = FtsField(db_column="search_answer_words")

    class Meta:
        managed = False
        db_table = "search_answer_words"

    def __str__(self) -> str:
        return f"words of answer {self.pk}"


class OwedQuerySet(models.QuerySet["Owed"]):
    def owe(self, kind: str, object_id: int) -> "Owed":
        """Note that the index may differ from the database in this one object."""
        if not self.filter(kind=kind, object_id=object_id).update(turn=models.F("turn") + 1):
            self.get_or_create(kind=kind, object_id=object_id)
        return self.get(kind=kind, object_id=object_id)


class Owed(models.Model):
    """An object the index has yet to be brought into agreement with.

    The row is the promise, the task makes it quick. `turn` counts what happened meanwhile: a sync
    that began before the last change leaves the row for the next.
    """

    class Kind(models.TextChoices):
        SUBMISSION = "submission"
        ANSWER = "answer"

    kind = models.CharField(max_length=10, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    turn = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(default=now)

    objects = OwedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "owed"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_owed_once")]
        indexes = [models.Index(fields=["since"], name="search_owed_since")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Rebuild(models.Model):
    """How far a rebuild has come. Whoever was killed in the middle is followed by whoever comes next."""

    kind = models.CharField(max_length=10, choices=Owed.Kind, unique=True)
    runner = models.CharField(max_length=120, help_text="host and process")
    fresh = models.CharField(max_length=120, blank=True, help_text="the index being filled on a search server")
    last = models.PositiveBigIntegerField(default=0, help_text="every key up to this one is written")
    looked_at = models.PositiveIntegerField(default=0, help_text="objects up to there")
    written = models.PositiveIntegerField(default=0, help_text="documents up to there")
    started_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"rebuild of {self.kind} up to {self.last}"


class Vocabulary(models.Model):
    """What `search.lexicon` has counted over one index; written by the worker, read by every search."""

    kind = models.CharField(max_length=10, choices=Owed.Kind, unique=True)
    counted_at = models.DateTimeField()
    counted = models.JSONField(help_text="search.lexicon.Lexicon.as_json")
    # Of the copies it was counted over: how many, and the sum of their versions.
    of_state = models.CharField(max_length=60)

    class Meta:
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return f"words of {self.kind}"


class AnswerMeaning(models.Model):
    """The sentence vector of a published answer, so that nobody computes it twice."""

    page = models.OneToOneField("cms.AnswerPage", models.CASCADE, primary_key=True, related_name="meaning")
    vector = models.BinaryField(help_text="float16, of unit length, centred: see search.meaning")
    of_text = models.CharField(max_length=64, help_text="hash of the encoder and the texts")

    class Meta:
        verbose_name_plural = "answer meanings"

    def __str__(self) -> str:
        return f"meaning of answer {self.pk}"


class Abbreviation(models.Model):
    """Another way to write something; queries follow it within seconds, no index is rebuilt."""

    written = models.CharField(_("viết tắt hoặc cách viết khác"), max_length=80)
    means = models.CharField(_("nghĩa là"), max_length=160)
    both_ways = models.BooleanField(
        _("tìm cả hai chiều"),
        default=True,
        help_text=_("Bỏ chọn khi tên cũ dẫn tới tên mới mà không ngược lại."),
    )

    class Meta:
        verbose_name = _("viết tắt khi tìm kiếm")
        verbose_name_plural = _("viết tắt khi tìm kiếm")
        ordering = ["written", "means"]
        constraints = [
            models.UniqueConstraint(fields=["written", "means"], name="search_abbreviation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.written} → {self.means}"

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        words = [tuple(map(fold, syllables(text))) for text in (self.written, self.means)]
        if not all(words):
            raise ValidationError(_("Cả hai ô cần có ít nhất một chữ hoặc số."))
        if words[0] == words[1]:
            raise ValidationError(_("Hai cách viết này vốn đã được coi là một khi tìm kiếm."))
