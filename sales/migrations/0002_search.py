from django.db import migrations

from aftersales.grams import GinIndex


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]
    operations = [GinIndex("sales_person", "grams")]
