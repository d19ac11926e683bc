from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditrecord",
            name="reason",
            field=models.TextField(blank=True, default=""),
        ),
    ]
