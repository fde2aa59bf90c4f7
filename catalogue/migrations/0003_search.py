from django.db import migrations

from aftersales.grams import GinIndex


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_part_partbatch_partversion_pricelist_priceline_and_more")]
    operations = [GinIndex("catalogue_part", "grams")]
