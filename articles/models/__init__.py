"""Models of the archive.

Database triggers (`articles.outbox.triggers`) write an Outbox row in the same transaction as every change
that the search index must follow; see docs/decisions/0003-outbox-by-trigger.md.
"""

from articles.models.article import Article, ArticleQuerySet, DateMention, PlaceMention, Precision, Revision
from articles.models.authorities import (
    Audience,
    ColumnMapping,
    MergedPlace,
    MergedSource,
    NameChange,
    Organisation,
    Place,
    Source,
)
from articles.models.batches import ImportBatch, ImportRow, Upload, Worker
from articles.models.cleaning_rules import CleaningRule, TextCut
from articles.models.date_corrections import DateVerdict
from articles.models.inferences import Inference
from articles.models.mistake_reports import MistakeReport
from articles.models.outbox import Outbox
from articles.models.place_corrections import PlaceRetag, PlaceVerdict
from articles.models.provenance import ErasedRecord, Erasure, EvidenceExport
from articles.models.story_clusters import StoryBand, StoryLink, StoryMember, StoryVerdict

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Audience",
    "CleaningRule",
    "ColumnMapping",
    "DateMention",
    "DateVerdict",
    "ErasedRecord",
    "Erasure",
    "EvidenceExport",
    "ImportBatch",
    "ImportRow",
    "Inference",
    "MergedPlace",
    "MergedSource",
    "MistakeReport",
    "NameChange",
    "Organisation",
    "Outbox",
    "Place",
    "PlaceMention",
    "PlaceRetag",
    "PlaceVerdict",
    "Precision",
    "Revision",
    "Source",
    "StoryBand",
    "StoryLink",
    "StoryMember",
    "StoryVerdict",
    "TextCut",
    "Upload",
    "Worker",
]
