"""Add what is known of a text that was recognized by machine."""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class LargeColumnsLast(Operation):
    """Let the tables that SQLite makes from now on end with the text and the original of an article.

    To reach a column, SQLite reads the whole row before it, and columns that were added stand behind.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Move the columns."""
        fields = state.models[app_label, "article"].fields
        for name in ("body", "original"):
            fields[name] = fields.pop(name)
        state.reload_model(app_label, "article")

    def database_forwards(self, *args: object) -> None:
        """Leave the table: the next operation makes it anew."""

    def database_backwards(self, *args: object) -> None:
        """Leave the table: its order is of no consequence."""

    def describe(self) -> str:
        """Return what `migrate` prints."""
        return "Let the large columns of articles come last"


class Migration(migrations.Migration):
    """Recognition of articles."""

    dependencies = [
        ('articles', '0021_held_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='doubtful_words',
            field=models.TextField(blank=True, default='', editable=False, verbose_name='words read without confidence'),
        ),
        migrations.AddField(
            model_name='article',
            name='recognition',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='read by machine (%)'),
        ),
        LargeColumnsLast(),
        # SQLite makes the table anew for it.
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('recognition__isnull', True), ('recognition__lte', 100), _connector='OR'), name='recognition_is_percent'),
        ),
    ]
