import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0004_goals_of_agreements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.DecimalField(decimal_places=4, default=1, max_digits=5)),
            ],
            options={
                "ordering": ("parent_id", "child_id"),
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5)),
                ("due", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("evidence", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "ordering": ("goal_id", "position"),
            },
        ),
        migrations.CreateModel(
            name="ProgressUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_track", "on track"),
                            ("at_risk", "at risk"),
                            ("off_track", "off track"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, default="", max_length=2000)),
                ("evidence", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "ordering": ("goal_id", "at", "id"),
            },
        ),
        migrations.CreateModel(
            name="SupportUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "given"),
                            ("partly", "partly given"),
                            ("not_given", "not given"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "ordering": ("goal_id", "at", "id"),
            },
        ),
        migrations.AddField(
            model_name="alignment",
            name="child",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="serves", to="goals.goal"
            ),
        ),
        migrations.AddField(
            model_name="alignment",
            name="parent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="served_by",
                to="goals.goal",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="milestones",
                to="goals.goal",
            ),
        ),
        migrations.AddField(
            model_name="progressupdate",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="goals.goal"
            ),
        ),
        migrations.AddField(
            model_name="supportupdate",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="support_updates",
                to="goals.goal",
            ),
        ),
        migrations.AddConstraint(
            model_name="alignment",
            constraint=models.UniqueConstraint(fields=("child", "parent"), name="aligned_once"),
        ),
        migrations.AddConstraint(
            model_name="alignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("child", models.F("parent")), _negated=True),
                name="aligned_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="alignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                name="share_between_0_and_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                fields=("goal", "position"), name="milestone_position_once"
            ),
        ),
    ]
