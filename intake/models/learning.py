"""How the machine may act, what it has learnt and when, and what somebody ought to look at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.Model):
    """A line of a history: written once, never edited, never deleted."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never edited: write a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(f"{type(self).__name__} rows are never deleted.")


class RoutingPolicy(AppendOnly):
    """One version of the policy: costs in units of one manual routing, and what followed from them.

    The newest row holds. `thresholds`: {level: {"suggest": p, "assign": p or null}}. `basis`: what the
    thresholds rest on, as counted when they were set.
    """

    created_at = models.DateTimeField(default=now)
    # Null: as shipped.
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.TextField(_("lý do"))
    checked = models.FloatField(_("xác nhận một gợi ý đúng"), default=0.25)
    misled = models.FloatField(_("gặp một gợi ý sai"), default=1.35)
    misrouted = models.FloatField(_("phiếu nằm ở cơ quan không đúng"), default=12.0)
    missed = models.FloatField(_("bỏ sót một đơn tố cáo, khiếu nại"), default=10.0)
    may_assign = models.BooleanField(_("cho phép máy tự chuyển"), default=False)
    thresholds = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("chính sách gợi ý")
        verbose_name_plural = _("chính sách gợi ý")
        constraints = [
            models.CheckConstraint(
                name="routingpolicy_costs_rise",
                condition=Q(checked__gt=0, checked__lt=1, misled__gt=1)
                & Q(misrouted__gt=models.F("misled"), missed__gt=models.F("checked")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.created_at:%d/%m/%Y}"


class ModelVersion(models.Model):
    """A trained model of this installation, or the one that ships with the code; at most one is champion."""

    class Status(models.TextChoices):
        CHAMPION = "champion", _("Đang dùng")
        CHALLENGER = "challenger", _("Chưa được dùng")
        RETIRED = "retired", _("Đã thôi dùng")

    version = models.CharField(_("phiên bản"), max_length=40, unique=True)
    shipped = models.BooleanField(_("đi kèm mã nguồn"), default=False)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.CHALLENGER)
    trained_at = models.DateTimeField(_("huấn luyện lúc"), default=now)
    # Null: by the schedule, or shipped.
    trained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rows = models.PositiveIntegerField(_("số văn bản"), default=0)
    decisions = models.PositiveIntegerField(_("trong đó quyết định của cán bộ"), default=0)
    # Decisions up to this moment were learnt from; later ones it has never seen.
    learnt_until = models.DateTimeField(null=True)
    metrics = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("phiên bản mô hình")
        verbose_name_plural = _("phiên bản mô hình")
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="champion"), name="modelversion_one_champion"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class ModelChange(AppendOnly):
    """Who put which model to use, or took it out, and why."""

    class Action(models.TextChoices):
        PROMOTED = "promoted", _("Đưa vào dùng")
        # Always by a person, also where the command knows no name.
        ROLLED_BACK = "rolled_back", _("Quay về")
        FELL_BACK = "fell_back", _("Quay về vì mô hình hỏng")
        KEPT = "kept", _("Giữ lại, chưa dùng")

    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="changes")
    action = models.CharField(max_length=12, choices=Action)
    # Null: by a rule, or by command.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.version_id}"


class TrainingRun(models.Model):
    """One training, asked for by the schedule or a person. A killed one is begun anew."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang huấn luyện")
        DONE = "done", _("Xong")
        FAILED = "failed", _("Bị lỗi")

    class Outcome(models.TextChoices):
        PROMOTED = "promoted", _("Mô hình mới được đưa vào dùng")
        KEPT = "kept", _("Mô hình mới chưa được dùng")
        REFUSED = "refused", _("Không học: quyết định cần được xem lại")
        TOO_FEW = "too_few", _("Chưa đủ quyết định để học")
        UNCHANGED = "unchanged", _("Không có gì mới để học")

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    requested_at = models.DateTimeField(default=now)
    # Null: the schedule.
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    version = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="runs")
    # Of a failed one: a code. What it means, and why the others ended so, `learning/words.py` says.
    reason = models.TextField(blank=True)
    # Counts, comparisons, suspects by id: numbers and codes only.
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần huấn luyện")
        verbose_name_plural = _("các lần huấn luyện")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class LearningPick(models.Model):
    """A submission whose label would teach much, or one drawn by lot, on a day's list."""

    class Why(models.TextChoices):
        MARGIN = "margin", _("Máy phân vân")
        RANDOM = "random", _("Rút ngẫu nhiên")

    day = models.DateField()
    submission = models.ForeignKey("intake.Submission", models.CASCADE, related_name="learning_picks")
    why = models.CharField(max_length=6, choices=Why)
    rank = models.PositiveSmallIntegerField()
    # Of a doubtful one: first guess less second, 0 to 1.
    margin = models.FloatField(null=True)

    class Meta:
        ordering = ["-day", "why", "rank"]
        constraints = [models.UniqueConstraint(fields=["day", "submission"], name="learningpick_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.why} {self.rank}"


class DriftAlarm(models.Model):
    """A week in which what arrives, or how the model does on it, left the reference."""

    class Measure(models.TextChoices):
        UNKNOWN = "unknown", _("Từ máy chưa từng gặp")
        OVERRULED = "overruled", _("Gợi ý bị cán bộ sửa")
        ABSTAINED = "abstained", _("Máy không đủ chắc")
        COVERED = "covered", _("Đáp án nằm trong các khả năng máy nêu")
        UNACCENTED = "unaccented", _("Phiếu viết không dấu")

    week = models.DateField(help_text="its Monday")
    measure = models.CharField(max_length=10, choices=Measure)
    value = models.FloatField()
    reference = models.FloatField()
    threshold = models.FloatField()
    rows = models.PositiveIntegerField()
    raised_at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-week", "measure"]
        constraints = [models.UniqueConstraint(fields=["week", "measure"], name="driftalarm_once_a_week")]

    def __str__(self) -> str:
        return f"{self.week} {self.measure}"

    @property
    def value_percent(self) -> int:
        return round(100 * self.value)

    @property
    def reference_percent(self) -> int:
        return round(100 * self.reference)

    @property
    def threshold_percent(self) -> int:
        return round(100 * self.threshold)
