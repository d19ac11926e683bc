from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0008_alignment_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="goal",
            name="definition",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
