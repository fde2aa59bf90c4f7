"""Shares are typed and kept in percent: what was kept as 0.25 is 25."""

from decimal import Decimal

from django.db import migrations

SHARES = ("deduction_share", "year_share")


def in_percent(apps, schema_editor):
    rows = apps.get_model("policy", "FigureChange").objects.filter(name__in=SHARES)
    for row in rows:
        if (share := Decimal(row.value)) <= 1:
            row.value = f"{(share * 100).normalize():f}"
            row.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(in_percent, migrations.RunPython.noop)]
