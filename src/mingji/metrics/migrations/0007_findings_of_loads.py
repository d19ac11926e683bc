"""A finding that a load sees before any refresh belongs to no run."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("metrics", "0006_evidence_files"),)

    operations = (
        migrations.AlterField(
            model_name="qualityfinding",
            name="first_run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="metrics.refreshrun",
            ),
        ),
        migrations.AlterField(
            model_name="qualityfinding",
            name="last_run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="metrics.refreshrun",
            ),
        ),
    )
