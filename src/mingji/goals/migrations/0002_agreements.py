import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "waits for the other side"),
                            ("accepted", "waits for approval"),
                            ("in_force", "in force"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("category", models.CharField(max_length=20)),
                ("reason", models.TextField(max_length=2000)),
                ("evidence", models.TextField(max_length=2000)),
                ("base", models.PositiveSmallIntegerField()),
                ("terms", models.JSONField()),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_side", models.CharField(max_length=5)),
                ("asked_at", models.DateTimeField()),
                ("accepted_by", models.CharField(blank=True, default="", max_length=80)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, default="", max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, default="", max_length=2000)),
            ],
            options={
                "ordering": ("-asked_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, default="", max_length=60)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("text", models.TextField(max_length=2000)),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("countered", "counter-proposed"),
                            ("agreed", "agreed"),
                            ("changed", "changed on request"),
                            ("imported", "taken over as agreed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                ("terms", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("agreement_id", "number"),
            },
        ),
        migrations.AddField(
            model_name="goal",
            name="combine",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="goal",
            name="commitment",
            field=models.CharField(
                choices=[("committed", "committed"), ("stretch", "stretch")],
                default="committed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="description",
            field=models.TextField(blank=True, default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="goal",
            name="due",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="kind",
            field=models.CharField(
                choices=[("kpi", "KPI"), ("objective", "objective"), ("key_result", "key result")],
                default="kpi",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="measure",
            field=models.CharField(
                choices=[
                    ("metric", "a metric"),
                    ("manual", "a number that is reported, with evidence"),
                    ("milestones", "milestones"),
                    ("yes_no", "done or not done"),
                ],
                default="metric",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="key_results",
                to="goals.goal",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="scoring",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="goal",
            name="support_due",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="title",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="goal",
            name="unit",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="goal",
            name="metric",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("proposed", "proposed"),
                            ("countered", "counter-proposed"),
                            ("agreed", "agreed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("turn", models.CharField(blank=True, default="", max_length=5)),
                ("number", models.PositiveSmallIntegerField(default=0)),
                ("deadline", models.DateField(blank=True, null=True)),
                ("proposed_by", models.CharField(blank=True, default="", max_length=80)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_by", models.CharField(blank=True, default="", max_length=80)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="people.member",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ("period", "id"),
            },
        ),
        migrations.AddField(
            model_name="goal",
            name="agreement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="goals.agreement",
            ),
        ),
        migrations.AddIndex(
            model_name="goal",
            index=models.Index(fields=["period", "metric"], name="goals_goal_period_2ca072_idx"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "key_result"), ("objective__isnull", False)),
                    models.Q(
                        models.Q(("kind", "key_result"), _negated=True), ("objective__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="key_result_has_an_objective",
            ),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="goals.agreement",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="goals.agreement",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="goals.agreement",
            ),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["period", "status"], name="goals_agree_period_54c245_idx"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("member", "period"), name="agreement_once_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("team", "period"), name="team_agreement_once_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("member__isnull", True), ("team__isnull", True), _connector="XOR"
                ),
                name="agreement_of_a_member_or_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("asked", "accepted"))),
                fields=("agreement",),
                name="one_open_change_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("agreement", "number"), name="goal_version_once"
            ),
        ),
    ]
