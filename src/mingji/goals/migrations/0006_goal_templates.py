from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0005_following"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoalTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("family", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("terms", models.JSONField()),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("family", "name"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("family", "name"), name="goal_template_name_once"
                    )
                ],
            },
        ),
    ]
