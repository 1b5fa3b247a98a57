"""`kill -9` of `clean_articles` leaves each article either unchanged or complete.

All data derived from an article's text agrees with it, and the next run ends as if there had been no kill.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.ops.archive import Archive

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
ARTICLES = 60

#: Pairs that are the same text without their boilerplate, which names places and days of its own.
PREPARE = f"""
from articles.models import CleaningRule
from articles.near_duplicates.clusters import iter_compare_all
from articles.geotagging.geotagger import tag_places
from articles.metadata.date_mentions import tag_dates
def body(number):
    lines = [f'وصلت قافلة رقم {{number // 2}} إلى حمص في 3 نيسان 2013 وأفرغت حمولتها قرب السوق القديم.',
             f'قال شاهد رقم {{number // 2}} إن الطريق من حماة مفتوح منذ الصباح.']
    if number % 5:
        lines[1:1] = ['شارك الخبر']
        lines += ['مواضيع ذات صلة', f'قصف على دمشق في {{number % 28 + 1}} آذار 2013',
                  f'هدوء في درعا {{number}}']
    return '\\n'.join(lines)
with transaction.atomic():
    for number in range({ARTICLES}):
        article = Article.objects.create(record_key=str(number), title=f'قافلة {{number}}', body=body(number))
        tag_places(article)
        tag_dates(article)
list(iter_compare_all())
rebuild_index()
print(CleaningRule.objects.get(kind='tail', pattern='مواضيع ذات صلة').pk)
"""
#: The state of each article and what relates several, without times and row numbers.
CONTENTS = """
import json
from articles.models import StoryLink, StoryMember, TextCut
from articles.models import DateMention, Revision
def rows(queryset, *names):
    of = {}
    for key, *values in queryset.values_list('article__record_key', *names):
        of.setdefault(key, []).append([str(value) for value in values])
    return {key: sorted(found) for key, found in of.items()}
texts = {key: values for key, *values in Article.objects.values_list('record_key', 'title', 'body')}
parts = {
    'cuts': rows(TextCut.objects, 'field', 'start', 'place', 'text', 'before', 'after', 'said',
                 'undone_at__year'),
    'revisions': rows(Revision.objects, 'reason', 'before'),
    'places': rows(PlaceMention.objects, 'place__name', 'field', 'start', 'end', 'evidence'),
    'dates': rows(DateMention.objects, 'field', 'start', 'end', 'first_day', 'evidence'),
}
drain_outbox()
stories = {}
for key, story in StoryMember.objects.values_list('article__record_key', 'story'):
    stories.setdefault(story, []).append(key)
print(json.dumps({
    'articles': {key: [text, *(part.get(key, []) for part in parts.values())] for key, text in texts.items()},
    'stories': sorted(sorted(keys) for keys in stories.values()),
    'links': sorted(map(list, StoryLink.objects.values_list('first', 'second', 'similarity'))),
    'duplicates': sorted(map(list, Article.objects.exclude(duplicate_of=None)
                             .values_list('record_key', 'duplicate_of__record_key', 'text_hash'))),
    'documents': get_engine().status().documents,
    'faults': verify_index().faults.ids(),
    'waiting': Outbox.objects.count(),
}))
"""


def contents(archive: Archive) -> dict[str, Any]:
    return dict(json.loads(archive.script(CONTENTS)))


def copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def test_killed_cleanings_and_restorations_leave_nothing_half_done_and_resume(tmp_path: Path) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311  moments to kill at, no secret
    archive = Archive(tmp_path / "archive")
    archive.folder.mkdir()
    archive.migrate()
    rule = archive.script(PREPARE).split()[-1]
    for command in (["clean_articles"], ["clean_articles", "--rule", rule, "--put-back"]):
        before, saved = contents(archive), tmp_path / "saved"
        copy(archive.folder, saved)
        began = time.monotonic()
        changed = archive.answer(*command)
        whole = time.monotonic() - began
        wanted = contents(archive)
        assert changed.get("changed", changed.get("put_back")) == ARTICLES * 4 // 5
        assert wanted["stories"] != before["stories"], "texts became alike, or no more"
        assert wanted["faults"] == []
        for number in range(ROUNDS):
            where = f"seed {seed}, round {number}, {command}"
            copy(saved, archive.folder)
            for _kill in range(chance.choice([1, 1, 2])):
                process = archive.fork("manage.py", *command)
                process.wait(chance.uniform(0.0, whole))
                process.kill()
                halfway = contents(archive)
                half_done = [
                    key
                    for key, now in halfway["articles"].items()
                    if now not in (before["articles"][key], wanted["articles"][key])
                ]
                assert half_done == [], where
                assert (halfway["faults"], halfway["waiting"]) == ([], 0), where
            archive.manage(*command)
            got = contents(archive)
            for name, value in wanted.items():
                assert got[name] == value, f"{where}: {name}"
