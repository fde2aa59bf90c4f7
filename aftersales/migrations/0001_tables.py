import aftersales.tables
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('aftersales', '0001_initial'), ('aftersales', '0002_download'), ('aftersales', '0003_download_lease'), ('aftersales', '0004_uploads'), ('aftersales', '0005_download_taken_away')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        aftersales.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Upload',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('sender', models.CharField(db_index=True, max_length=24)),
                        ('size', models.PositiveIntegerField()),
                        ('received', models.PositiveIntegerField(default=0)),
                        ('sha256', models.CharField(default='', max_length=64)),
                        ('kind', models.CharField(default='', max_length=5)),
                        ('made_at', models.DateTimeField()),
                        ('seen_at', models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Counter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('series', models.CharField(max_length=4)),
                        ('day', models.DateField()),
                        ('last', models.PositiveIntegerField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('series'), models.F('day'), name='counter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Download',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='file')),
                        ('kind', models.CharField(max_length=40)),
                        ('wishes', models.JSONField(default=dict)),
                        ('language', models.CharField(max_length=10)),
                        ('state', models.CharField(choices=[('waiting', 'waits'), ('writing', 'is written'), ('ready', 'ready'), ('failed', 'did not work')], default='waiting', max_length=8)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('path', models.CharField(blank=True, max_length=200)),
                        ('size', models.PositiveBigIntegerField(default=0)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('seen_at', models.DateTimeField(null=True)),
                        ('roles', models.CharField(blank=True, max_length=120)),
                        ('why', models.CharField(blank=True, choices=[('rights', 'You no longer have the right to this list.'), ('trouble', 'It was tried three times. Narrow the list and ask again, or tell IT.'), ('erased', 'It was taken away because a customer was erased since. Please ask for it again.')], max_length=8)),
                        ('asked_at', models.DateTimeField(db_index=True)),
                        ('begun_at', models.DateTimeField(null=True)),
                        ('ready_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='OperationKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scope', models.CharField(max_length=64)),
                        ('key', models.CharField(max_length=100)),
                        ('fingerprint', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(default=0)),
                        ('content_type', models.CharField(default='', max_length=60)),
                        ('location', models.TextField(default='')),
                        ('body', models.BinaryField(default=b'')),
                        ('result', models.CharField(default='', max_length=100)),
                        ('created_at', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('scope'), models.F('key'), name='operation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RateBucket',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120)),
                        ('window', models.DateTimeField(db_index=True)),
                        ('used', models.PositiveIntegerField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('name'), models.F('window'), name='bucket_once')],
                    },
                ),
            ],
        ),
    ]
