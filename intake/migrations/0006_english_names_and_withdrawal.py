from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_merging_and_openings"),
    ]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="short_title_en",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="tên ngắn tiếng Anh"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="province",
            name="name_en",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="tên tiếng Anh"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="submitter",
            name="blocked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
