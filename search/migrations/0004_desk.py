"""The desk: work on many at once, saved views, exports, and what more the queue filters and sorts by."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_merging_and_openings"),
        ("search", "0003_abbreviations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="submissionentry",
            name="files",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="submissionentry",
            name="language_form",
            field=models.CharField(max_length=12, null=True),
        ),
        migrations.AddField(
            model_name="submissionentry",
            name="supports",
            field=models.PositiveIntegerField(help_text="others that say the same, merged into it", null=True),
        ),
        migrations.CreateModel(
            name="BulkJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("assign", "Chuyển cơ quan"),
                            ("label", "Đặt nhãn"),
                            ("ask", "Hỏi người gửi"),
                            ("reject", "Không tiếp nhận"),
                            ("merge", "Gộp"),
                            ("accept", "Nhận xử lý"),
                            ("undo", "Hoàn tác"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("running", "Running"), ("done", "Done")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                ("matched", models.PositiveIntegerField(default=0)),
                ("came_from", models.CharField(blank=True, max_length=2000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="search.bulkjob",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BulkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "Đang chờ"), ("done", "Đã làm"), ("refused", "Không làm được")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("status", "đang ở bước khác"),
                            ("permission", "không thuộc quyền của bạn"),
                            ("gone", "bạn không còn được xem"),
                            ("changed", "đã có người xử lý tiếp"),
                            ("same", "đã như vậy sẵn"),
                            ("no_suggestion", "máy không đủ chắc để gợi ý cơ quan"),
                            ("speaks", "đang có phiếu khác gộp vào"),
                            ("later", "gặp lỗi, hãy thử lại"),
                        ],
                        max_length=16,
                    ),
                ),
                ("version_seen", models.PositiveIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("version_after", models.PositiveIntegerField(null=True)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.submission"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="search.bulkjob"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], max_length=4)),
                ("address", models.CharField(max_length=2000)),
                ("with_contacts", models.BooleanField(default=False)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="tên góc nhìn")),
                ("address", models.CharField(help_text="the query string of the queue", max_length=2000)),
                ("notify", models.BooleanField(default=False, verbose_name="gửi thư khi có phiếu mới khớp")),
                ("known", models.JSONField(default=list)),
                ("told_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.agency",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.PositiveIntegerField()),
                ("owed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=200)),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="search.savedview"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bulkjob",
            index=models.Index(condition=models.Q(("state", "running")), fields=["created_at"], name="bulk_running"),
        ),
        migrations.AddIndex(
            model_name="bulkitem",
            index=models.Index(fields=["job", "outcome"], name="bulk_item_outcome"),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(fields=("job", "submission"), name="bulk_item_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="saved_view_name_once"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("sent_at", None)), fields=["owed_at"], name="notice_unsent"),
        ),
    ]
