"""Rebuilds that can be taken up again, and copies that say which analysis prepared them."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0005_words")]

    operations = [
        migrations.CreateModel(
            name="Rebuild",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("submission", "Submission"), ("answer", "Answer")], max_length=10, unique=True
                    ),
                ),
                ("runner", models.CharField(help_text="host and process", max_length=120)),
                (
                    "fresh",
                    models.CharField(blank=True, help_text="the index being filled on a search server", max_length=120),
                ),
                (
                    "last",
                    models.PositiveBigIntegerField(default=0, help_text="every key up to this one is written"),
                ),
                ("looked_at", models.PositiveIntegerField(default=0, help_text="objects up to there")),
                ("written", models.PositiveIntegerField(default=0, help_text="documents up to there")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="answerentry",
            name="analysis",
            field=models.PositiveSmallIntegerField(help_text="search.analysis.VERSION that prepared it", null=True),
        ),
        migrations.AddField(
            model_name="submissionentry",
            name="analysis",
            field=models.PositiveSmallIntegerField(help_text="search.analysis.VERSION that prepared it", null=True),
        ),
    ]
