"""What every directory row has: from when to when it holds, its source, and what was loaded."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from classifier.text import fold


def in_english() -> bool:
    """Whether the page or letter being written is in English."""
    return (get_language() or "vi").startswith("en")


def shown(vietnamese: str, english: str) -> str:
    """The name in the language being written; Vietnamese where there is no English one."""
    return (in_english() and english) or vietnamese


class DirectoryQuerySet(models.QuerySet[Any]):
    def on(self, date: dt.date) -> Self:
        """Rows that hold on this date; ``valid_to`` is the first day they no longer do."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=date),
            Q(valid_to__isnull=True) | Q(valid_to__gt=date),
        )

    def current(self, on: dt.date | None = None) -> Self:
        """Rows that hold today (in the site's time zone), or on the date given."""
        return self.on(on or timezone.localdate())


class DirectoryEntry(models.Model):
    """A row that comes from a reviewed file and that an administrator may then change."""

    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hết hiệu lực từ"), null=True, blank=True)
    source = models.TextField(_("nguồn"), blank=True)
    seeded = models.JSONField(default=dict, blank=True, editable=False)
    """Field values as the loader last wrote them; empty for rows made by hand."""

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_dates",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            )
        ]


APOSTROPHES = re.compile("['’‘ʼ`´]")


def folded_words(text: str) -> str:
    """Folded words with one space between them: the form in which place names are compared.

    An apostrophe joins, so that ``Cư M'gar`` and ``cu mgar`` are the same.
    """
    return " ".join(re.findall(r"[^\W_]+", fold(APOSTROPHES.sub("", text))))


class FoldedField(models.CharField):
    """A column that follows another attribute, folded, whenever the row is written.

    ``words_only`` also drops punctuation. In migrations it is a plain CharField, so they
    depend on no code of ours. ``QuerySet.update()`` does not refresh it.
    """

    def __init__(self, *args: Any, follows: str = "name", words_only: bool = False, **kwargs: Any) -> None:
        self.follows = follows
        self.words_only = words_only
        kwargs.setdefault("max_length", 255)
        kwargs.setdefault("db_index", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def folded(self, text: str) -> str:
        return folded_words(text) if self.words_only else fold(text)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.folded(getattr(model_instance, self.follows))
        setattr(model_instance, self.attname, value)
        return value
