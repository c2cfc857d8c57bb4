import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("search", "0004_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerMeaning",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="meaning",
                        serialize=False,
                        to="cms.answerpage",
                    ),
                ),
                ("vector", models.BinaryField(help_text="float16, of unit length, centred: see search.meaning")),
                ("of_text", models.CharField(help_text="hash of the encoder and the texts", max_length=64)),
            ],
            options={"verbose_name_plural": "answer meanings"},
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("submission", "Submission"), ("answer", "Answer")], max_length=10, unique=True
                    ),
                ),
                ("counted_at", models.DateTimeField()),
                ("counted", models.JSONField(help_text="search.lexicon.Lexicon.as_json")),
                ("of_state", models.CharField(max_length=60)),
            ],
            options={"verbose_name_plural": "vocabularies"},
        ),
    ]
