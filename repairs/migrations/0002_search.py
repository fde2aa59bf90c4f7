from django.db import migrations

from aftersales.grams import GinIndex


class Migration(migrations.Migration):
    dependencies = [("repairs", "0001_initial")]
    operations = [GinIndex("repairs_words", "grams")]
