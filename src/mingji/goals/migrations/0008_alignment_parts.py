from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0007_linked_work"),
    ]

    operations = [
        migrations.AddField(
            model_name="alignment",
            name="part",
            field=models.CharField(
                blank=True,
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="alignment",
            name="volume",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
        ),
        migrations.AddConstraint(
            model_name="alignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("volume__isnull", True), ("volume__gt", 0), _connector="OR"),
                name="volume_above_0",
            ),
        ),
    ]
