"""Submissions that were merged or split, who opened what, questions ready to be asked."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_learning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="QuestionTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="có hiệu lực từ")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="hết hiệu lực từ")),
                ("source", models.TextField(blank=True, verbose_name="nguồn")),
                ("seeded", models.JSONField(blank=True, default=dict, editable=False)),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("text", models.TextField(max_length=2000, verbose_name="câu hỏi")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "câu hỏi mẫu",
                "verbose_name_plural": "câu hỏi mẫu",
                "ordering": ["order", "code"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="submission",
            name="submission_status_known",
        ),
        migrations.AddField(
            model_name="submission",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="intake.submission",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="split_from",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="intake.submission",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="template",
            field=models.CharField(
                choices=[
                    ("receipt", "Receipt"),
                    ("question", "Question"),
                    ("rejection", "Rejection"),
                    ("answer", "Answer"),
                    ("published", "Published"),
                    ("merged", "Merged"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="from_status",
            field=models.CharField(
                blank=True,
                choices=[
                    ("received", "Chờ phân loại"),
                    ("assigned", "Đã chuyển cơ quan"),
                    ("in_progress", "Đang xử lý"),
                    ("needs_info", "Chờ người gửi bổ sung"),
                    ("awaiting_approval", "Chờ duyệt trả lời"),
                    ("answered", "Đã trả lời"),
                    ("rejected", "Không tiếp nhận"),
                    ("merged", "Đã gộp"),
                    ("closed", "Đã kết thúc"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="name",
            field=models.CharField(
                choices=[
                    ("received", "Đã nhận phiếu"),
                    ("triaged", "Hệ thống đã gợi ý phân loại"),
                    ("routing_confirmed", "Đã xác nhận phân loại"),
                    ("assigned", "Đã chuyển cơ quan xử lý"),
                    ("accepted", "Cơ quan đã nhận xử lý"),
                    ("handed_back", "Cơ quan đề nghị chuyển lại"),
                    ("question_asked", "Đã hỏi người gửi"),
                    ("question_answered", "Người gửi đã bổ sung"),
                    ("question_withdrawn", "Đã rút câu hỏi"),
                    ("answer_drafted", "Đã soạn câu trả lời"),
                    ("answer_proposed", "Đã trình duyệt câu trả lời"),
                    ("answer_returned", "Câu trả lời được trả lại để sửa"),
                    ("answered", "Đã trả lời người gửi"),
                    ("rejected", "Không tiếp nhận"),
                    ("published", "Đã công khai"),
                    ("unpublished", "Đã gỡ khỏi trang công khai"),
                    ("rated", "Người gửi đã đánh giá"),
                    ("closed", "Đã kết thúc"),
                    ("routing_withdrawn", "Đã rút xác nhận phân loại"),
                    ("taken_back", "Đã rút lại việc chuyển cơ quan"),
                    ("merged", "Đã gộp vào phiếu khác"),
                    ("merge_taken", "Đã nhận một phiếu gộp vào"),
                    ("unmerged", "Đã bỏ gộp"),
                    ("split", "Đã tách thành phiếu riêng"),
                    ("sealed", "Đã niêm phong"),
                    ("contact_viewed", "Cán bộ đã xem thông tin liên hệ"),
                    ("consent_withdrawn", "Người gửi đã rút sự đồng ý"),
                    ("contact_blocked", "Đã khóa thông tin liên hệ theo yêu cầu"),
                    ("contact_erased", "Đã xóa thông tin liên hệ"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="to_status",
            field=models.CharField(
                blank=True,
                choices=[
                    ("received", "Chờ phân loại"),
                    ("assigned", "Đã chuyển cơ quan"),
                    ("in_progress", "Đang xử lý"),
                    ("needs_info", "Chờ người gửi bổ sung"),
                    ("awaiting_approval", "Chờ duyệt trả lời"),
                    ("answered", "Đã trả lời"),
                    ("rejected", "Không tiếp nhận"),
                    ("merged", "Đã gộp"),
                    ("closed", "Đã kết thúc"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="submission",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Chờ phân loại"),
                    ("assigned", "Đã chuyển cơ quan"),
                    ("in_progress", "Đang xử lý"),
                    ("needs_info", "Chờ người gửi bổ sung"),
                    ("awaiting_approval", "Chờ duyệt trả lời"),
                    ("answered", "Đã trả lời"),
                    ("rejected", "Không tiếp nhận"),
                    ("merged", "Đã gộp"),
                    ("closed", "Đã kết thúc"),
                ],
                default="received",
                editable=False,
                max_length=20,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "received",
                            "assigned",
                            "in_progress",
                            "needs_info",
                            "awaiting_approval",
                            "answered",
                            "rejected",
                            "merged",
                            "closed",
                        ],
                    )
                ),
                name="submission_status_known",
            ),
        ),
        migrations.AddField(
            model_name="opening",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="intake.submission"
            ),
        ),
        migrations.AddField(
            model_name="opening",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="questiontemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_to__isnull", True),
                    ("valid_to__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="intake_questiontemplate_dates",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ),
        migrations.AddIndex(
            model_name="opening",
            index=models.Index(fields=["user", "-opened_at"], name="opening_recent"),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("user", "submission"), name="opening_once"),
        ),
    ]
