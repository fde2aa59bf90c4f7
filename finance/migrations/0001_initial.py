import aftersales.money
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('parts', '0001_initial'),
        ('repairs', '0003_historicalticket_quotation_open_and_more'),
        ('sales', '0003_second_phone'),
    ]

    operations = [
        migrations.CreateModel(
            name='Receivable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('parts', 'parts'), ('labour', 'labour'), ('old_part', 'old part that never came')], max_length=8, verbose_name='kind')),
                ('amount', aftersales.money.MoneyField(verbose_name='amount')),
                ('arose_on', models.DateField(verbose_name='arose on')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('made_at', models.DateTimeField()),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to='sales.customer')),
                ('engineer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to=settings.AUTH_USER_MODEL, verbose_name='liable engineer')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to='repairs.partsorder')),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to='parts.release')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receivables', to='repairs.ticket')),
            ],
            options={
                'verbose_name': 'receivable',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(fields=['engineer', 'due_on'], name='receivable_of_engineer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', Decimal('0'))), name='receivable_positive')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bank', 'bank and cash'), ('customer', "customer's credit"), ('receivable', 'receivable'), ('awaited', 'awaited old parts'), ('parts', 'income from parts'), ('labour', 'income from labour'), ('other', 'other income'), ('pending', 'parts charged until the old part is back'), ('opening', 'opening balances')], max_length=12, verbose_name='kind')),
                ('of', models.CharField(blank=True, max_length=40, verbose_name='of')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('of'), name='account_once')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('amount', aftersales.money.MoneyField(verbose_name='amount')),
                ('day', models.DateField(verbose_name='day')),
                ('paper', models.CharField(db_index=True, max_length=20, verbose_name='paper')),
                ('why', models.CharField(max_length=200, verbose_name='why')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='finance.transfer', verbose_name='reverses')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outgoing', to='finance.account', verbose_name='from')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incoming', to='finance.account', verbose_name='to')),
            ],
            options={
                'verbose_name': 'transfer',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', Decimal('0'))), name='transfer_positive'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='transfer_goes_somewhere')],
            },
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('proposed_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seconded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='finance.transfer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('transfer'), condition=models.Q(('done_at', None), ('dropped_at', None)), name='one_open_reversal'), models.CheckConstraint(condition=models.Q(('seconded_by', None), models.Q(('seconded_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reversal_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=20, unique=True, verbose_name='number')),
                ('revision', models.PositiveIntegerField(default=0, editable=False, verbose_name='revision')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('changed_at', models.DateTimeField(editable=False, verbose_name='changed at')),
                ('amount', aftersales.money.MoneyField(verbose_name='amount')),
                ('arrived_at', models.DateTimeField(verbose_name='the money arrived')),
                ('method', models.CharField(choices=[('bank', 'bank transfer'), ('wechat', 'WeChat'), ('alipay', 'Alipay'), ('cash', 'cash')], max_length=8, verbose_name='way')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='reference, receipt number')),
                ('reversed_at', models.DateTimeField(editable=False, null=True)),
                ('changed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='sales.customer', verbose_name='customer')),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='repairs.partsorder', verbose_name='parts order')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='repairs.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'receipt',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', Decimal('0'))), name='receipt_positive')],
            },
        ),
        migrations.CreateModel(
            name='ReceiptUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', aftersales.money.MoneyField(verbose_name='amount')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='finance.receipt')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='parts.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', Decimal('0')), _negated=True), name='use_of_something')],
            },
        ),
    ]
