import aftersales.tables
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_absence_entered_at'), ('accounts', '0003_factor_reset')]

    initial = True

    dependencies = [
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                        ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                        ('language', models.CharField(choices=[('zh-hans', '中文'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                        ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                        ('session_version', models.PositiveIntegerField(default=0, editable=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('years_in_trade', models.PositiveSmallIntegerField(default=0, verbose_name='years in the trade')),
                        ('chassis_experience', models.BooleanField(default=False, verbose_name='knows chassis repair')),
                        ('electrics_experience', models.BooleanField(default=False, verbose_name='knows vehicle electrics')),
                        ('regions', models.CharField(blank=True, help_text='Provinces or cities, with commas.', max_length=200, verbose_name='regions')),
                        ('travels', models.BooleanField(default=True, verbose_name='ready to travel')),
                    ],
                    options={
                        'verbose_name': 'person',
                        'ordering': ['name', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('username', django.db.models.functions.text.Lower('username'))), name='user_username_small'), models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('prefix', models.CharField(max_length=12)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('created_at', models.DateTimeField(verbose_name='created')),
                        ('expires_at', models.DateTimeField(verbose_name='expires')),
                        ('last_used_at', models.DateTimeField(null=True, verbose_name='last used')),
                        ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'API key',
                        'ordering': ['-created_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Absence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('leave', 'leave'), ('sick', 'sickness'), ('trip', 'business trip')], default='leave', max_length=5, verbose_name='kind')),
                        ('begins_at', models.DateTimeField(verbose_name='from')),
                        ('ends_at', models.DateTimeField(verbose_name='until')),
                        ('note', models.CharField(blank=True, help_text='For the colleagues; nothing about health.', max_length=200, verbose_name='note')),
                        ('entered_at', models.DateTimeField(editable=False, null=True)),
                        ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                        ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'absence',
                        'ordering': ['begins_at', 'pk'],
                        'indexes': [models.Index(models.F('ends_at'), models.F('begins_at'), name='absence_when')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='absence_times'), models.CheckConstraint(condition=models.Q(('user', models.F('deputy')), _negated=True), name='absence_deputy_is_another')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='when')),
                        ('verb', models.CharField(max_length=60, verbose_name='what')),
                        ('subject', models.CharField(blank=True, max_length=80, verbose_name='about')),
                        ('data', models.JSONField(default=dict)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ],
                    options={
                        'verbose_name': 'audit event',
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(models.F('subject'), models.F('at'), name='audit_subject'), models.Index(models.F('by'), models.F('at'), name='audit_by')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyShift',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('hotline', 'answers the hotline'), ('finance_sign', 'signs for finance')], default='hotline', max_length=12, verbose_name='duty')),
                        ('mobile', models.CharField(blank=True, max_length=20, verbose_name='forwarded mobile')),
                        ('begins_at', models.DateTimeField(verbose_name='begins')),
                        ('ends_at', models.DateTimeField(verbose_name='ends')),
                        ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'shift',
                        'ordering': ['begins_at', 'kind'],
                        'indexes': [models.Index(models.F('kind'), models.F('begins_at'), models.F('ends_at'), name='shift_when')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='shift_times')],
                    },
                ),
                migrations.CreateModel(
                    name='FactorReset',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('pending', models.BooleanField(default=False, editable=False)),
                        ('named_at', models.DateTimeField(editable=False, null=True)),
                        ('seconded_at', models.DateTimeField(editable=False, null=True)),
                        ('named_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('seconded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'reset of the second factor',
                        'ordering': ['-named_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('named_by', models.F('user')), _negated=True), name='factorreset_not_named_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('user')), _negated=True), name='factorreset_not_seconded_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('named_by')), _negated=True), name='factorreset_two_people'), models.CheckConstraint(condition=models.Q(('pending', False), ('seconded_by', None), _connector='OR'), name='factorreset_pending_has_no_second'), models.UniqueConstraint(models.F('user'), condition=models.Q(('pending', True)), name='factorreset_waits_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Grant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('pending', models.BooleanField(default=False, editable=False)),
                        ('named_at', models.DateTimeField(editable=False, null=True)),
                        ('seconded_at', models.DateTimeField(editable=False, null=True)),
                        ('since', models.DateField(verbose_name='from')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('kind', models.CharField(choices=[('finance_sign', 'signs releases for finance (4.5)'), ('leader_approve', 'approves for management (8.2)'), ('vehicle_manager', 'manages the vehicles (6.1)'), ('driver', 'drives (8.4)')], max_length=20, verbose_name='grant')),
                        ('named_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('seconded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'grant',
                        'ordering': ['kind', 'since'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='grant_days'), models.CheckConstraint(condition=models.Q(('named_by', models.F('user')), _negated=True), name='grant_not_named_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('user')), _negated=True), name='grant_not_seconded_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('named_by')), _negated=True), name='grant_two_people'), models.CheckConstraint(condition=models.Q(('pending', False), ('seconded_by', None), _connector='OR'), name='grant_pending_has_no_second'), models.UniqueConstraint(models.F('user'), models.F('kind'), condition=models.Q(('pending', False), ('until', None)), name='grant_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'finance_sign'), _negated=True), ('until__isnull', False), _connector='OR'), name='grant_signing_is_time_boxed')],
                    },
                ),
                migrations.CreateModel(
                    name='Posting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('pending', models.BooleanField(default=False, editable=False)),
                        ('named_at', models.DateTimeField(editable=False, null=True)),
                        ('seconded_at', models.DateTimeField(editable=False, null=True)),
                        ('since', models.DateField(verbose_name='from')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('department', models.CharField(choices=[('sales', 'Sales'), ('service', 'Customer service'), ('engineers', 'After-sales engineers'), ('warehouse', 'Warehouse'), ('purchasing', 'Purchasing'), ('administration', 'Administration and dispatch'), ('technical', 'Technical department'), ('finance', 'Finance'), ('management', 'Management'), ('it', 'System administration'), ('audit', 'Audit')], max_length=20, verbose_name='department')),
                        ('head', models.BooleanField(default=False, verbose_name='head of the department')),
                        ('named_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('seconded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'posting',
                        'ordering': ['department', '-head', 'since'],
                        'indexes': [models.Index(models.F('department'), models.F('since'), name='posting_department')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='posting_days'), models.CheckConstraint(condition=models.Q(('named_by', models.F('user')), _negated=True), name='posting_not_named_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('user')), _negated=True), name='posting_not_seconded_by_himself'), models.CheckConstraint(condition=models.Q(('seconded_by', models.F('named_by')), _negated=True), name='posting_two_people'), models.CheckConstraint(condition=models.Q(('pending', False), ('seconded_by', None), _connector='OR'), name='posting_pending_has_no_second'), models.UniqueConstraint(models.F('department'), condition=models.Q(('head', True), ('pending', False), ('until', None)), name='posting_one_head'), models.UniqueConstraint(models.F('user'), models.F('department'), condition=models.Q(('pending', False), ('until', None)), name='posting_open_once')],
                    },
                ),
            ],
        ),
    ]
