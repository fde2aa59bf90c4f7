import aftersales.tables
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('policy', '0001_initial'), ('policy', '0002_shares_in_percent')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Version',
                    fields=[
                        ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ('number', models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='FigureChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='figure')),
                        ('value', models.JSONField(verbose_name='value')),
                        ('since', models.DateField(verbose_name='in force from')),
                        ('reason', models.CharField(max_length=200, verbose_name='reason')),
                        ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                        ('seconded_at', models.DateTimeField(null=True, verbose_name='seconded at')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('seconded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='seconded by')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['name', 'since'], name='figure_name_since')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('seconded_by', None), models.Q(('seconded_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='figure_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('seconded_at', None), ('seconded_by', None)), models.Q(('seconded_at__isnull', False), ('seconded_by__isnull', False)), _connector='OR'), name='figure_seconded_whole')],
                    },
                ),
            ],
        ),
    ]
