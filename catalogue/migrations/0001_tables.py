import aftersales.grams
import aftersales.money
import aftersales.tables
import django.db.models.deletion
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('catalogue', '0001_initial'), ('catalogue', '0002_part_partbatch_partversion_pricelist_priceline_and_more'), ('catalogue', '0003_search'), ('catalogue', '0004_terms')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
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
                    name='VehicleModel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=40, unique=True, verbose_name='model code')),
                        ('name', models.CharField(max_length=80, verbose_name='model name')),
                        ('family', models.CharField(blank=True, max_length=40, verbose_name='family')),
                        ('counts_hours', models.BooleanField(default=False, verbose_name='runs by hours instead of kilometres')),
                        ('discontinued', models.BooleanField(default=False, verbose_name='discontinued')),
                    ],
                    options={
                        'verbose_name': 'vehicle model',
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalVehicleModel',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('code', models.CharField(db_index=True, max_length=40, verbose_name='model code')),
                        ('name', models.CharField(max_length=80, verbose_name='model name')),
                        ('family', models.CharField(blank=True, max_length=40, verbose_name='family')),
                        ('counts_hours', models.BooleanField(default=False, verbose_name='runs by hours instead of kilometres')),
                        ('discontinued', models.BooleanField(default=False, verbose_name='discontinued')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'historical vehicle model',
                        'verbose_name_plural': 'historical vehicle models',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
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
                migrations.CreateModel(
                    name='TermBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('source', models.CharField(blank=True, max_length=200)),
                        ('proposed_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('approved', models.BooleanField(null=True)),
                        ('refusal', models.CharField(blank=True, max_length=200)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='terms_two_people')],
                    },
                ),
                migrations.CreateModel(
                    name='TermDraft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('part_group', models.CharField(choices=[('whole', 'Whole vehicle'), ('battery', 'Battery'), ('motor', 'Motor'), ('controller', 'Controller'), ('charger', 'Charger'), ('chassis', 'Chassis and brakes'), ('body', 'Body and trim'), ('electrics', 'Electrics and lights'), ('tyres', 'Tyres')], default='whole', max_length=20)),
                        ('since', models.DateField()),
                        ('months', models.PositiveSmallIntegerField()),
                        ('km', models.PositiveIntegerField(null=True)),
                        ('hours', models.PositiveIntegerField(null=True)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='catalogue.termbatch')),
                        ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.vehiclemodel')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(models.F('batch'), models.F('model'), models.F('part_group'), models.F('since'), name='term_draft_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalWarrantyTerm',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('part_group', models.CharField(choices=[('whole', 'Whole vehicle'), ('battery', 'Battery'), ('motor', 'Motor'), ('controller', 'Controller'), ('charger', 'Charger'), ('chassis', 'Chassis and brakes'), ('body', 'Body and trim'), ('electrics', 'Electrics and lights'), ('tyres', 'Tyres')], default='whole', max_length=20, verbose_name='part group')),
                        ('since', models.DateField(verbose_name='for deliveries from')),
                        ('months', models.PositiveSmallIntegerField(verbose_name='months')),
                        ('km', models.PositiveIntegerField(blank=True, null=True, verbose_name='kilometres')),
                        ('hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='hours')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('model', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='catalogue.vehiclemodel', verbose_name='vehicle model')),
                    ],
                    options={
                        'verbose_name': 'historical warranty term',
                        'verbose_name_plural': 'historical warranty terms',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='WarrantyTerm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('part_group', models.CharField(choices=[('whole', 'Whole vehicle'), ('battery', 'Battery'), ('motor', 'Motor'), ('controller', 'Controller'), ('charger', 'Charger'), ('chassis', 'Chassis and brakes'), ('body', 'Body and trim'), ('electrics', 'Electrics and lights'), ('tyres', 'Tyres')], default='whole', max_length=20, verbose_name='part group')),
                        ('since', models.DateField(verbose_name='for deliveries from')),
                        ('months', models.PositiveSmallIntegerField(verbose_name='months')),
                        ('km', models.PositiveIntegerField(blank=True, null=True, verbose_name='kilometres')),
                        ('hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='hours')),
                        ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='catalogue.vehiclemodel', verbose_name='vehicle model')),
                    ],
                    options={
                        'ordering': ['model', 'part_group', '-since'],
                        'constraints': [models.UniqueConstraint(models.F('model'), models.F('part_group'), models.F('since'), name='warranty_term_once'), models.CheckConstraint(condition=models.Q(('months__gt', 0)), name='warranty_months_positive')],
                    },
                ),
            ],
        ),
        aftersales.grams.GinIndex(
            table='catalogue_part',
            column='grams',
        ),
    ]
