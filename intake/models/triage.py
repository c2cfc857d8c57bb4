from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .submission import Nature


class Triage(models.Model):
    """What one model said of one submission: its guesses, its reasons, the suggested assignment."""

    class Decision(models.TextChoices):
        ASSIGN = "assign", _("Chắc chắn")
        SUGGEST = "suggest", _("Gợi ý")
        ABSTAIN = "abstain", _("Cần người phân loại")

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="triages")
    model_version = models.CharField(max_length=40)
    decision = models.CharField(max_length=8, choices=Decision)
    lead = models.ForeignKey("intake.Agency", models.PROTECT, null=True, related_name="+")
    co_agencies = models.ManyToManyField("intake.Agency", related_name="+")
    basis = models.TextField(blank=True, help_text="why this agency: the rule and where it comes from")
    language_form = models.CharField(max_length=12, blank=True)
    # [{"phrase", "start", "end", "weight"}]: offsets in the redacted title + "\n" + redacted body.
    reasons = models.JSONField(default=list)
    vector = models.BinaryField(null=True, help_text="float16 sentence vector of the redacted text")
    # Share, 0 to 1, of the words that the model had never met; null from models that did not say.
    unknown = models.FloatField(null=True)
    # {level: [values]}: the labels that hold the right one nine times in ten.
    likely = models.JSONField(default=dict)
    # Drawn by lot: a person decides it whatever the policy says, and the honest accuracy counts it.
    sampled = models.BooleanField(default=False)
    # The policy that held; null: as shipped.
    policy = models.ForeignKey("intake.RoutingPolicy", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "model_version"], name="triage_once_per_model")]
        indexes = [models.Index(fields=["created_at"], name="triage_created")]

    def __str__(self) -> str:
        return f"{self.model_version} {self.submission_id}"

    def best(self, level: str) -> "Prediction | None":
        return next((p for p in self.predictions.all() if p.level == level and p.rank == 1), None)


class Prediction(models.Model):
    """One label that a model proposed: level, rank from 1, probability in [0, 1]."""

    class Level(models.TextChoices):
        NATURE = "nature", _("Tính chất")
        SYSTEM = "system", _("Hệ thống")
        INITIATIVE = "initiative", _("Sáng kiến")
        AGENCY = "agency", _("Cơ quan")

    triage = models.ForeignKey(Triage, models.CASCADE, related_name="predictions")
    level = models.CharField(max_length=10, choices=Level)
    rank = models.PositiveSmallIntegerField()
    # A nature, the number of a system or initiative (0: outside the scope), the code of an agency.
    value = models.CharField(max_length=20)
    p = models.FloatField()

    class Meta:
        ordering = ["level", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["triage", "level", "rank"], name="prediction_rank_once"),
            models.CheckConstraint(condition=models.Q(p__gte=0, p__lte=1), name="prediction_p_is_a_probability"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.value} {self.p:.2f}"


class StandingDecisions(models.Manager):
    """Without those that were withdrawn: a slip is kept and counts for nothing."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(withdrawn_at=None)


class RoutingDecision(models.Model):
    """What a person decided about the routing, beside what was suggested: a labelled example."""

    class Reason(models.TextChoices):
        AGREED = "agreed", _("Đồng ý với gợi ý")
        WRONG_SUBJECT = "wrong_subject", _("Sai chủ đề")
        TWO_SUBJECTS = "two_subjects", _("Có hai chủ đề")
        NOT_OUR_REMIT = "not_our_remit", _("Không thuộc thẩm quyền cơ quan được gợi ý")
        MOVED_AGENCY = "moved_agency", _("Nhiệm vụ đã chuyển cơ quan khác")

    class Learning(models.TextChoices):
        OPEN = "open", _("Được học")
        HELD = "held", _("Để riêng, không học")
        CLEARED = "cleared", _("Đã xem, được học")

    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="routing_decisions")
    triage = models.ForeignKey(Triage, models.SET_NULL, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=16, choices=Nature)
    system = models.ForeignKey("intake.StrategicSystem", models.PROTECT, null=True, related_name="+")
    initiative = models.ForeignKey("intake.Initiative", models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey("intake.Agency", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason, default=Reason.AGREED)
    # Whether the machine may learn from it; an administrator answers when the guard has asked.
    learning = models.CharField(max_length=8, choices=Learning, default=Learning.OPEN)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = StandingDecisions()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], name="routingdecision_created")]

    def __str__(self) -> str:
        return f"{self.reason} {self.submission_id}"
