import aftersales.grams
import aftersales.money
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='part name')),
                ('spec', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                ('unit', models.CharField(default='件', max_length=10, verbose_name='unit')),
                ('group', models.CharField(choices=[('whole', 'Whole vehicle'), ('battery', 'Battery'), ('motor', 'Motor'), ('controller', 'Controller'), ('charger', 'Charger'), ('chassis', 'Chassis and brakes'), ('body', 'Body and trim'), ('electrics', 'Electrics and lights'), ('tyres', 'Tyres')], default='whole', max_length=20, verbose_name='part group')),
                ('assembly', models.BooleanField(default=False, help_text='Purchasing need not be asked (5.2).', verbose_name='assembly')),
                ('valuable', models.BooleanField(default=False, help_text='Its identification code is compulsory (5.1).', verbose_name='valuable')),
                ('wearing', models.BooleanField(default=False, verbose_name='wearing part')),
                ('recyclable', models.BooleanField(default=False, help_text='The old part has a value (4.5a).', verbose_name='recyclable')),
                ('bulky', models.BooleanField(default=False, help_text='Must be carried by car (6.1c).', verbose_name='bulky')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='part code')),
                ('initials', models.CharField(default='', editable=False, max_length=80)),
                ('grams', aftersales.grams.GramsField(default=list, editable=False)),
                ('fits', models.ManyToManyField(blank=True, related_name='parts', to='catalogue.vehiclemodel', verbose_name='fits')),
            ],
            options={
                'verbose_name': 'part',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='PartBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('source', models.CharField(blank=True, editable=False, max_length=200, verbose_name='file')),
                ('proposed_at', models.DateTimeField(editable=False)),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('approved', models.BooleanField(editable=False, null=True)),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='reason of the refusal')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='part_batch_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('decided_at', None), ('decided_by', None)), models.Q(('approved__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='part_batch_decided_whole')],
            },
        ),
        migrations.CreateModel(
            name='PartVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='part name')),
                ('spec', models.CharField(blank=True, max_length=120, verbose_name='specification')),
                ('unit', models.CharField(default='件', max_length=10, verbose_name='unit')),
                ('group', models.CharField(choices=[('whole', 'Whole vehicle'), ('battery', 'Battery'), ('motor', 'Motor'), ('controller', 'Controller'), ('charger', 'Charger'), ('chassis', 'Chassis and brakes'), ('body', 'Body and trim'), ('electrics', 'Electrics and lights'), ('tyres', 'Tyres')], default='whole', max_length=20, verbose_name='part group')),
                ('assembly', models.BooleanField(default=False, help_text='Purchasing need not be asked (5.2).', verbose_name='assembly')),
                ('valuable', models.BooleanField(default=False, help_text='Its identification code is compulsory (5.1).', verbose_name='valuable')),
                ('wearing', models.BooleanField(default=False, verbose_name='wearing part')),
                ('recyclable', models.BooleanField(default=False, help_text='The old part has a value (4.5a).', verbose_name='recyclable')),
                ('bulky', models.BooleanField(default=False, help_text='Must be carried by car (6.1c).', verbose_name='bulky')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('code', models.CharField(db_index=True, max_length=40, verbose_name='part code')),
                ('fits', models.JSONField(default=list, verbose_name='fits')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.partbatch')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('batch'), models.F('code'), name='part_once_a_batch')],
            },
        ),
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('effective_on', models.DateField(verbose_name='effective from')),
                ('stage', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('dropped', 'Dropped')], default='draft', editable=False, max_length=10, verbose_name='stage')),
                ('source', models.CharField(blank=True, editable=False, max_length=200, verbose_name='file')),
                ('drafted_at', models.DateTimeField(editable=False)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('drafted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'price list',
                'ordering': ['-effective_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_by', None), models.Q(('published_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='price_list_two_people'), models.CheckConstraint(condition=models.Q(('published_at', None), ('stage', 'published'), _connector='OR'), name='price_list_published_whole')],
            },
        ),
        migrations.CreateModel(
            name='PriceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', aftersales.money.MoneyField(verbose_name='unit price, tax included')),
                ('cost', aftersales.money.MoneyField(blank=True, null=True, verbose_name='cost')),
                ('since', models.DateField(editable=False, null=True)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalogue.part', verbose_name='part')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='catalogue.pricelist')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('since__isnull', False)), fields=['part', '-since', '-id'], name='price_in_force')],
                'constraints': [models.UniqueConstraint(models.F('list'), models.F('part'), name='price_once_a_list'), models.CheckConstraint(condition=models.Q(('price__gte', Decimal('0'))), name='price_not_negative'), models.CheckConstraint(condition=models.Q(('cost', None), ('cost__gte', Decimal('0')), _connector='OR'), name='cost_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='RateLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('labour', 'labour'), ('diagnosis', 'diagnosis'), ('inspection', 'inspection'), ('machining', 'machining'), ('travel', 'travel'), ('freight', 'freight'), ('other', 'other')], max_length=10, verbose_name='kind')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('unit', models.CharField(default='小时', max_length=10, verbose_name='unit')),
                ('price', aftersales.money.MoneyField(verbose_name='unit price, tax included')),
                ('since', models.DateField(editable=False, null=True)),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='catalogue.pricelist')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('since__isnull', False)), fields=['code', '-since', '-id'], name='rate_in_force')],
                'constraints': [models.UniqueConstraint(models.F('list'), models.F('code'), name='rate_once_a_list'), models.CheckConstraint(condition=models.Q(('price__gte', Decimal('0'))), name='rate_not_negative')],
            },
        ),
    ]
