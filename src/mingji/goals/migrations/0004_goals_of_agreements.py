import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0003_goals_into_agreements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="goal",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goals",
                to="goals.agreement",
            ),
        ),
        *(
            migrations.RemoveField(model_name="goal", name=name)
            for name in ("status", "proposed_by", "proposed_at", "accepted_by", "accepted_at")
        ),
    ]
