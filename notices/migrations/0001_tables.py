import aftersales.tables
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('email', models.BooleanField(default=True, verbose_name='Send me e-mails')),
                        ('digest', models.BooleanField(default=True, verbose_name='Put several notices into one e-mail')),
                        ('at_night', models.BooleanField(default=False, verbose_name='Also in the quiet hours')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'how to be told',
                    },
                ),
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event_key', models.CharField(max_length=120)),
                        ('channel', models.CharField(choices=[('app', 'inbox'), ('email', 'e-mail')], max_length=12, verbose_name='channel')),
                        ('kind', models.CharField(max_length=20)),
                        ('title', models.TextField()),
                        ('params', models.JSONField(default=dict)),
                        ('url', models.CharField(blank=True, max_length=200)),
                        ('urgent', models.BooleanField(default=False)),
                        ('still_key', models.CharField(blank=True, max_length=120)),
                        ('status', models.CharField(choices=[('pending', 'waiting to be sent'), ('sent', 'sent'), ('superseded', 'superseded'), ('dead', 'could not be delivered'), ('held', 'on hold')], max_length=12)),
                        ('superseded_by', models.CharField(blank=True, max_length=120)),
                        ('created_at', models.DateTimeField(verbose_name='when')),
                        ('read_at', models.DateTimeField(null=True)),
                        ('not_before', models.DateTimeField()),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('lease', models.CharField(blank=True, max_length=32)),
                        ('lease_until', models.DateTimeField(null=True)),
                        ('letter', models.BigIntegerField(null=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('error', models.CharField(blank=True, max_length=200, verbose_name='what went wrong')),
                        ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'notice',
                        'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['not_before', 'id'], name='notice_outbox'), models.Index(condition=models.Q(('channel', 'app'), ('read_at', None), ('status', 'sent')), fields=['recipient', '-id'], name='notice_unread'), models.Index(condition=models.Q(('channel', 'app')), fields=['recipient', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('still_key__gt', '')), fields=['still_key'], name='notice_still'), models.Index(condition=models.Q(('status', 'dead')), fields=['-id'], name='notice_dead')],
                        'constraints': [models.UniqueConstraint(fields=('event_key', 'recipient', 'channel'), name='notice_once')],
                    },
                ),
            ],
        ),
    ]
