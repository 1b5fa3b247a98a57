"""Columns of a place mention: whether it names an institution at the place, and whether the article is about it.

Both are False until the places of the stored articles are read again (`manage.py tag_places`).
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_tail_rule_label'),
    ]

    operations = [
        migrations.AddField(
            model_name='placemention',
            name='institution',
            field=models.BooleanField(default=False, verbose_name='institution'),
        ),
        migrations.AddField(
            model_name='placemention',
            name='about',
            field=models.BooleanField(default=False, verbose_name='about'),
        ),
    ]
