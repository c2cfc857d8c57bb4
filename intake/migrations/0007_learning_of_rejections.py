from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_english_names_and_withdrawal"),
    ]

    operations = [
        migrations.AddField(
            model_name="rejection",
            name="learning",
            field=models.CharField(
                choices=[("open", "Được học"), ("held", "Để riêng, không học"), ("cleared", "Đã xem, được học")],
                default="open",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="modelchange",
            name="action",
            field=models.CharField(
                choices=[
                    ("promoted", "Đưa vào dùng"),
                    ("rolled_back", "Quay về"),
                    ("fell_back", "Quay về vì mô hình hỏng"),
                    ("kept", "Giữ lại, chưa dùng"),
                ],
                max_length=12,
            ),
        ),
    ]
