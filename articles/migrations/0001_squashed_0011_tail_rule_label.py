"""The tables of the first release, 0.1.0, and the organisations that a new archive starts with.

The columns are in the order of the models, with the large ones of an article last: to reach a column, SQLite reads
the whole row before it.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from arabic.expansion.synonyms import shipped_organisations


def add_shipped_organisations(apps, schema_editor):
    """Write the rows of arabic/data/organisations.tsv."""
    organisations = apps.get_model('articles', 'Organisation').objects.using(schema_editor.connection.alias)
    organisations.bulk_create(
        organisations.model(name=name, other_names=list(others)) for name, others in shipped_organisations()
    )


class Migration(migrations.Migration):

    replaces = [
        ('articles', '0001_initial'),
        ('articles', '0002_organisation'),
        ('articles', '0003_date_mention'),
        ('articles', '0004_batch_work'),
        ('articles', '0005_custody'),
        ('articles', '0006_stories'),
        ('articles', '0007_place_verdicts'),
        ('articles', '0008_cleaning'),
        ('articles', '0009_column_mapping'),
        ('articles', '0010_inference'),
        ('articles', '0011_tail_rule_label'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('homepage', models.URLField(blank=True, verbose_name='homepage')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='gazetteer key')),
                ('slug', models.CharField(max_length=120, unique=True, verbose_name='name in addresses')),
                ('name', models.CharField(db_index=True, max_length=120, verbose_name='Arabic name')),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='other names')),
                ('never_alone', models.JSONField(blank=True, default=list, verbose_name='never a place alone')),
                ('in_texts', models.BooleanField(default=True, verbose_name='looked for in texts')),
                ('kind', models.CharField(default='city', max_length=20, verbose_name='kind')),
                ('governorate', models.CharField(blank=True, max_length=120, verbose_name='governorate')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country code')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('other_names', models.JSONField(blank=True, default=list, verbose_name='other names')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='MergedSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_from', to='articles.source', verbose_name='source')),
            ],
        ),
        migrations.CreateModel(
            name='MergedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='gazetteer key')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_from', to='articles.place', verbose_name='place')),
            ],
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('preview', 'preview'), ('staging', 'being read'), ('paused', 'paused'), ('publishing', 'being published'), ('published', 'published'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('undoing', 'being undone'), ('undone', 'undone'), ('redoing', 'being redone')], default='staging', max_length=12, verbose_name='state')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='label')),
                ('default_source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.source', verbose_name='source of files that name none')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='counts')),
                ('preview', models.JSONField(blank=True, default=list)),
                ('columns', models.JSONField(blank=True, default=dict)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('seconds', models.FloatField(default=0.0, verbose_name='time worked')),
                ('wish', models.CharField(blank=True, choices=[('pause', 'pause'), ('cancel', 'cancel')], default='', max_length=6)),
                ('fault', models.CharField(blank=True, default='', max_length=300)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo_reason', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField(blank=True, verbose_name='title')),
                ('title_derived', models.BooleanField(default=False, verbose_name='title derived from the text')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.source', verbose_name='source')),
                ('external_id', models.CharField(blank=True, max_length=200, verbose_name='id at the source')),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='address')),
                ('byline', models.CharField(blank=True, max_length=300, verbose_name='byline')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('date_precision', models.CharField(blank=True, choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='', max_length=5, verbose_name='precision of the date')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='published', max_length=10, verbose_name='state')),
                ('sha256', models.CharField(blank=True, db_index=True, editable=False, max_length=64, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$')], verbose_name='SHA-256 of the original')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=500, verbose_name='file')),
                ('text_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('duplicate_of', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='articles.article', verbose_name='same text as')),
                ('record_key', models.CharField(blank=True, editable=False, max_length=80)),
                ('batch', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.importbatch', verbose_name='import')),
                ('added_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('original', models.BinaryField(default=bytes, verbose_name='original')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
                'ordering': ['-date', 'id'],
                'permissions': [('publish_article', 'May publish and withdraw articles'), ('restore_article', 'May restore an earlier state of an article'), ('export_evidence', 'May export articles as evidence')],
                'indexes': [models.Index(fields=['state', 'id'], name='articles_ar_state_d55d8a_idx'), models.Index(fields=['source', 'date'], name='articles_ar_source__8a7c77_idx'), models.Index(fields=['date', 'id'], name='articles_ar_date_3acb43_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('date__isnull', True), ('date_precision', '')), models.Q(('date__isnull', False), ('date_precision__in', ['day', 'month', 'year'])), _connector='OR'), name='date_and_precision_together'), models.UniqueConstraint(condition=models.Q(('record_key', ''), _negated=True), fields=('record_key',), name='record_key_unique')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='articles.article')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='articles.importbatch', verbose_name='import')),
                ('before', models.JSONField(default=dict, verbose_name='before')),
                ('original_before', models.BinaryField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'revision',
                'verbose_name_plural': 'revisions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='articles.importbatch')),
                ('file_name', models.CharField(max_length=500, verbose_name='file')),
                ('row', models.PositiveIntegerField(default=0, verbose_name='row')),
                ('outcome', models.CharField(choices=[('created', 'created'), ('updated', 'updated'), ('unchanged', 'unchanged'), ('rejected', 'rejected')], max_length=10, verbose_name='outcome')),
                ('duplicate', models.BooleanField(default=False, verbose_name='duplicate')),
                ('reason', models.CharField(blank=True, max_length=40, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='detail')),
                ('notes', models.JSONField(blank=True, default=list, verbose_name='notes')),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='articles.article')),
                ('pending', models.JSONField(blank=True, null=True)),
                ('pending_original', models.BinaryField(blank=True, null=True)),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='articles.revision')),
                ('cities', models.JSONField(blank=True, null=True)),
                ('turned', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'imported record',
                'verbose_name_plural': 'imported records',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['batch', 'outcome'], name='articles_im_batch_i_7d62dc_idx')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='articles.importbatch')),
                ('name', models.CharField(max_length=500, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='size in bytes')),
                ('content', models.BinaryField(null=True)),
                ('rows_done', models.PositiveIntegerField(default=0)),
                ('complete', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'uploaded file',
                'verbose_name_plural': 'uploaded files',
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, unique=True)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'worker',
                'verbose_name_plural': 'workers',
            },
        ),
        migrations.CreateModel(
            name='PlaceMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='articles.article')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='articles.place')),
                ('field', models.CharField(choices=[('title', 'title'), ('body', 'text'), ('metadata', 'metadata'), ('desk', 'librarian')], max_length=8)),
                ('start', models.PositiveIntegerField(blank=True, null=True)),
                ('end', models.PositiveIntegerField(blank=True, null=True)),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
            ],
            options={
                'verbose_name': 'place mention',
                'verbose_name_plural': 'place mentions',
                'indexes': [models.Index(fields=['place', 'article'], name='articles_pl_place_i_9dfced_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('start__isnull', False)), fields=('article', 'place', 'field', 'start'), name='one_mention_per_spot'), models.UniqueConstraint(condition=models.Q(('start__isnull', True)), fields=('article', 'place', 'field'), name='one_metadata_mention')],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='places',
            field=models.ManyToManyField(through='articles.PlaceMention', to='articles.place', verbose_name='places'),
        ),
        migrations.CreateModel(
            name='DateMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='date_mentions', to='articles.article')),
                ('field', models.CharField(choices=[('title', 'title'), ('body', 'text')], max_length=8)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], max_length=5, verbose_name='precision of the date')),
                ('kind', models.CharField(choices=[('absolute', 'written out'), ('relative', 'told from the day of publication'), ('hijri', 'Hijri'), ('range', 'a period'), ('vague', 'part of a period')], max_length=8, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=100, verbose_name='note')),
            ],
            options={
                'verbose_name': 'date spoken of',
                'verbose_name_plural': 'dates spoken of',
                'constraints': [models.UniqueConstraint(fields=('article', 'field', 'start'), name='one_date_per_spot')],
            },
        ),
        migrations.CreateModel(
            name='CleaningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(blank=True, help_text='Left empty, the rule is for every source.', null=True, on_delete=django.db.models.deletion.PROTECT, to='articles.source', verbose_name='source')),
                ('field', models.CharField(choices=[('body', 'text'), ('title', 'title')], default='body', max_length=8, verbose_name='where')),
                ('kind', models.CharField(choices=[('line', 'a line that is this'), ('begins', 'a short line that begins with this'), ('ends', 'a short line that ends with this'), ('prefix', 'only these words, where a line begins with them'), ('suffix', 'only these words, where a line ends with them'), ('tail', 'a line that is this, and the headlines under it'), ('rest', 'a line that is this, and all that follows')], default='line', max_length=6, verbose_name='what is cut')),
                ('pattern', models.CharField(help_text='As they stand on the page; hamzas, marks and bullets do not matter. # stands for any number.', max_length=120, verbose_name='the words')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('origin', models.CharField(choices=[('shipped', 'came with the program'), ('written', 'written here'), ('learned', 'learned from the texts')], default='written', editable=False, max_length=7, verbose_name='origin')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('active', 'in force'), ('retired', 'retired')], default='proposed', editable=False, max_length=8, verbose_name='state')),
                ('key', models.CharField(blank=True, default='', editable=False, max_length=160)),
                ('seen', models.JSONField(blank=True, default=dict, editable=False)),
                ('made_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('accepted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                ('accepted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='accepted')),
                ('retired_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retired by')),
                ('retired_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retired')),
                ('retired_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it was retired')),
            ],
            options={
                'verbose_name': 'cleaning rule',
                'verbose_name_plural': 'cleaning rules',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='one_rule_of_a_key')],
            },
        ),
        migrations.CreateModel(
            name='TextCut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cuts', to='articles.article')),
                ('field', models.CharField(choices=[('title', 'title'), ('body', 'text')], max_length=8)),
                ('start', models.PositiveIntegerField(null=True)),
                ('place', models.PositiveIntegerField(default=0)),
                ('text', models.TextField(verbose_name='text that was cut')),
                ('before', models.CharField(blank=True, max_length=60)),
                ('after', models.CharField(blank=True, max_length=60)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cuts', to='articles.cleaningrule')),
                ('said', models.CharField(max_length=300, verbose_name='rule')),
                ('made_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('made_at', models.DateTimeField(verbose_name='when')),
                ('undone_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put back by')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='put back')),
            ],
            options={
                'verbose_name': 'text that was cut',
                'verbose_name_plural': 'texts that were cut',
                'ordering': ['field', 'start', 'place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='articles.source', verbose_name='source')),
                ('signature', models.CharField(editable=False, max_length=64)),
                ('header', models.JSONField(default=list, editable=False, verbose_name='columns')),
                ('fields', models.JSONField(default=dict, editable=False)),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('made_at', models.DateTimeField(auto_now=True, verbose_name='made')),
            ],
            options={
                'verbose_name': 'remembered columns',
                'verbose_name_plural': 'remembered columns',
                'ordering': ['source__name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('source', 'signature'), name='one_mapping_of_a_source'), models.UniqueConstraint(condition=models.Q(('source__isnull', True)), fields=('signature',), name='one_mapping_without_source')],
            },
        ),
        migrations.CreateModel(
            name='Inference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inferences', to='articles.article', verbose_name='article')),
                ('field', models.CharField(choices=[('title', 'title'), ('byline', 'byline'), ('source', 'source'), ('dateline', 'dateline'), ('date', 'date')], max_length=8, verbose_name='field')),
                ('value', models.CharField(max_length=300, verbose_name='value')),
                ('confidence', models.FloatField(verbose_name='confidence')),
                ('method', models.CharField(max_length=30, verbose_name='rule')),
                ('evidence', models.TextField(blank=True, verbose_name='evidence')),
                ('start', models.PositiveIntegerField(default=0)),
                ('end', models.PositiveIntegerField(default=0)),
                ('used', models.BooleanField(default=False, verbose_name='in use')),
                ('before', models.JSONField(blank=True, default=dict, verbose_name='before')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('state', models.CharField(choices=[('proposed', 'not decided'), ('accepted', 'accepted'), ('rejected', 'rejected'), ('corrected', 'corrected')], default='proposed', max_length=9, verbose_name='state')),
                ('decided_value', models.CharField(blank=True, default='', max_length=300, verbose_name='decided value')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('undecided', models.JSONField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'inferred fact',
                'verbose_name_plural': 'inferred facts',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'field', 'confidence'], name='open_inferences')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('article', 'field'), name='one_open_inference')],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('article', 'Article'), ('fan-out', 'Fan Out')], db_default='article', max_length=8)),
                ('article_id', models.BigIntegerField(null=True)),
                ('batch_id', models.BigIntegerField(null=True)),
                ('interactive', models.BooleanField(db_default=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cursor', models.BigIntegerField(db_default=0)),
                ('attempts', models.PositiveIntegerField(db_default=0)),
                ('retry_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(db_default='')),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'outbox row',
                'verbose_name_plural': 'outbox',
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['interactive', 'id'], name='outbox_waiting'), models.Index(condition=models.Q(('done_at__isnull', True)), fields=['article_id'], name='outbox_waiting_article')],
            },
        ),
        migrations.CreateModel(
            name='PlaceVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='place_verdicts', to='articles.article', verbose_name='article')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='articles.place', verbose_name='place')),
                ('kind', models.CharField(choices=[('meant', 'is meant'), ('not-meant', 'is not meant')], max_length=9, verbose_name='decision')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name in the text')),
                ('reason', models.CharField(max_length=300, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
                ('hides_metadata', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'verbose_name': 'decision about a place',
                'verbose_name_plural': 'decisions about places',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PlaceRetag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.place', verbose_name='place')),
                ('names', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('last_article', models.BigIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='articles changed')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
            ],
            options={
                'verbose_name': 'articles to tag again',
                'verbose_name_plural': 'articles to tag again',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article_number', models.BigIntegerField(unique=True, verbose_name='article')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of the original')),
                ('ground', models.CharField(choices=[('court', 'an order of a court or authority'), ('person', 'a right of a person it speaks of'), ('safety', "a danger to a person's safety"), ('copyright', 'a right of its author or publisher'), ('other', 'another legal duty')], max_length=10, verbose_name='ground')),
                ('reason', models.CharField(max_length=300, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('made_by_name', models.CharField(blank=True, max_length=150, verbose_name='who')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
                ('lifted_by_name', models.CharField(blank=True, max_length=150, verbose_name='lifted by')),
                ('lifted_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was lifted')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ErasedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('erasure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='articles.erasure')),
                ('known_by', models.CharField(db_index=True, max_length=80)),
            ],
            options={
                'verbose_name': 'erased record',
                'verbose_name_plural': 'erased records',
            },
        ),
        migrations.CreateModel(
            name='EvidenceExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article_number', models.BigIntegerField(db_index=True, verbose_name='article')),
                ('seal', models.CharField(max_length=64, verbose_name='seal')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('made_by_name', models.CharField(blank=True, max_length=150, verbose_name='who')),
            ],
            options={
                'verbose_name': 'evidence export',
                'verbose_name_plural': 'evidence exports',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='StoryBand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('value', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'band of a text',
                'verbose_name_plural': 'bands of texts',
                'indexes': [models.Index(fields=['value', 'article'], name='story_band')],
            },
        ),
        migrations.CreateModel(
            name='StoryLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('similarity', models.FloatField(verbose_name='similarity')),
            ],
            options={
                'verbose_name': 'pair of versions',
                'verbose_name_plural': 'pairs of versions',
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_story_link')],
            },
        ),
        migrations.CreateModel(
            name='StoryMember',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='membership', serialize=False, to='articles.article')),
                ('story', models.BigIntegerField(db_index=True, verbose_name='story')),
            ],
            options={
                'verbose_name': 'member of a story',
                'verbose_name_plural': 'members of stories',
            },
        ),
        migrations.CreateModel(
            name='StoryVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='articles.article', verbose_name='article')),
                ('kind', models.CharField(choices=[('apart', 'separate from its story'), ('together', 'in one story with')], max_length=8, verbose_name='decision')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article', verbose_name='other article')),
                ('reason', models.CharField(max_length=300, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'decision about a story',
                'verbose_name_plural': 'decisions about stories',
                'ordering': ['-id'],
            },
        ),
        migrations.RunPython(add_shipped_organisations, migrations.RunPython.noop),
    ]
