"""Index the articles whose texts OCR read: every search asks whether there are any."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the index."""

    dependencies = [("articles", "0023_ocr_confidence")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["ocr_confidence"],
                name="articles_read_by_ocr",
                condition=models.Q(ocr_confidence__isnull=False),
            ),
        ),
    ]
