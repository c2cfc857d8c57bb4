"""Two more spellings of *khoa học và công nghệ*, so that each finds what the others find."""

from django.db import migrations

ROWS = (
    ("Bộ KH&CN", "Bộ Khoa học và Công nghệ"),
    ("khoa học công nghệ", "khoa học và công nghệ"),
)


def seed(apps, schema_editor) -> None:
    model = apps.get_model("search", "Abbreviation")
    for written, means in ROWS:
        model.objects.get_or_create(written=written, means=means)


def remove(apps, schema_editor) -> None:
    model = apps.get_model("search", "Abbreviation")
    for written, means in ROWS:
        model.objects.filter(written=written, means=means).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0007_saved_view_looked_at")]
    operations = [migrations.RunPython(seed, remove)]
