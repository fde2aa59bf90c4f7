import aftersales.tables
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('deadlines', '0001_initial'), ('deadlines', '0002_running'), ('deadlines', '0003_alter_deadlineevent_stage')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('date', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                        ('is_workday', models.BooleanField(verbose_name='working day')),
                        ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                        ('source', models.CharField(max_length=60, verbose_name='source')),
                        ('official', models.BooleanField(default=False, verbose_name='official')),
                    ],
                    options={
                        'ordering': ['date'],
                    },
                ),
                migrations.CreateModel(
                    name='Deadline',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(max_length=20)),
                        ('subject_id', models.PositiveBigIntegerField()),
                        ('cycle', models.CharField(max_length=40)),
                        ('department', models.CharField(max_length=20)),
                        ('opened_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField()),
                        ('raw_due_at', models.DateTimeField()),
                        ('day_clock', models.BooleanField(default=False)),
                        ('provisional', models.BooleanField(default=False)),
                        ('rule_version', models.PositiveSmallIntegerField(default=1)),
                        ('edition', models.PositiveIntegerField(default=1)),
                        ('met_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_as', models.CharField(choices=[('handed_on', 'handed on'), ('void', 'void'), ('merged', 'merged')], default='', max_length=10)),
                        ('next_fire_at', models.DateTimeField(null=True)),
                        ('failures', models.PositiveSmallIntegerField(default=0)),
                        ('dead_at', models.DateTimeField(null=True)),
                        ('assignee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to=settings.AUTH_USER_MODEL)),
                        ('met_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('next_fire_at__isnull', False)), fields=['next_fire_at'], name='deadline_fires'), models.Index(condition=models.Q(('ended_at', None), ('met_at', None)), fields=['assignee', 'due_at'], name='deadline_of_person'), models.Index(condition=models.Q(('ended_at', None), ('met_at', None)), fields=['subject_type', 'subject_id', 'due_at'], include=('rule',), name='deadline_running'), models.Index(condition=models.Q(('ended_at', None), ('met_at', None), ('assignee', None)), fields=['department', 'due_at'], name='deadline_of_department'), models.Index(condition=models.Q(('ended_at', None), ('met_at', None), ('provisional', True)), fields=['opened_at'], name='deadline_provisional')],
                        'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'rule', 'cycle'), name='deadline_once'), models.CheckConstraint(condition=models.Q(('raw_due_at__gt', models.F('opened_at'))), name='deadline_due_after_opened'), models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('raw_due_at'))), name='deadline_net_after_raw'), models.CheckConstraint(condition=models.Q(('met_at', None), ('ended_at', None), _connector='OR'), name='deadline_met_or_ended'), models.CheckConstraint(condition=models.Q(models.Q(('ended_as', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('ended_as', ''), _negated=True)), _connector='OR'), name='deadline_ended_as')],
                    },
                ),
                migrations.CreateModel(
                    name='Claim',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('reason', models.CharField(default='', max_length=200)),
                        ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('former', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='deadlines.deadline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DeadlineEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage', models.CharField(choices=[('half', 'half of the time is gone'), ('early', 'due in some days'), ('soon', 'soon due'), ('remind', 'reminder'), ('breach', 'missed'), ('head', 'missed, told to the head')], max_length=10)),
                        ('edition', models.PositiveIntegerField(default=1)),
                        ('true_at', models.DateTimeField()),
                        ('recorded_at', models.DateTimeField()),
                        ('deadline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='deadlines.deadline')),
                        ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('stage', 'breach')), fields=['owner', 'true_at'], name='breaches_of_person')],
                        'constraints': [models.UniqueConstraint(fields=('deadline', 'stage', 'edition'), name='deadline_event_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Excuse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('reason', models.CharField(max_length=500)),
                        ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='deadlines.deadline')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('deadline',), name='excuse_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Pause',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('begins_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('reason', models.CharField(max_length=500)),
                        ('evidence', models.CharField(max_length=500)),
                        ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='deadlines.deadline')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='pause_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='Recalculation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('old_due_at', models.DateTimeField()),
                        ('new_due_at', models.DateTimeField()),
                        ('annuls', models.BooleanField()),
                        ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='deadlines.deadline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='CollectionRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='day')),
                        ('window', models.PositiveSmallIntegerField(verbose_name='round')),
                        ('begins_at', models.DateTimeField(verbose_name='begins')),
                        ('ends_at', models.DateTimeField(verbose_name='ends')),
                        ('ticked_at', models.DateTimeField(null=True, verbose_name='ticked at')),
                        ('found', models.PositiveIntegerField(null=True, verbose_name='reports found')),
                        ('ticked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-begins_at'],
                        'constraints': [models.UniqueConstraint(fields=('day', 'window'), name='round_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='round_forward'), models.CheckConstraint(condition=models.Q(models.Q(('found', None), ('ticked_at', None), ('ticked_by', None)), models.Q(('found__isnull', False), ('ticked_at__isnull', False), ('ticked_by__isnull', False)), _connector='OR'), name='round_ticked_whole')],
                    },
                ),
            ],
        ),
    ]
