from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0012_place_focus'),
    ]

    operations = [
        migrations.CreateModel(
            name='NameChange',
            fields=[
                ('token', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
    ]
