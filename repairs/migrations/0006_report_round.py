from django.db import migrations, models
from django.db.models import F


def owe_none(apps, schema_editor):
    """What was completed before quality reports are written owes none."""
    Ticket = apps.get_model("repairs", "Ticket")
    Ticket.objects.filter(stage__in=["completed", "closed"]).update(report_round=F("round"))


class Migration(migrations.Migration):
    dependencies = [("repairs", "0005_on_trip")]
    operations = [
        migrations.AddField(
            "historicalticket", "report_round", models.PositiveSmallIntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            "ticket", "report_round", models.PositiveSmallIntegerField(default=0, editable=False)
        ),
        migrations.RunPython(owe_none, migrations.RunPython.noop, elidable=True),
    ]
