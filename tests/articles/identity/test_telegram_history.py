"""A message of Telegram is one article, whichever of the program's exports bring it, in which order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from articles.models import Article
from tests.articles.conftest import import_paths
from tests.articles.readers.test_chats import telegram_export, telegram_page

pytestmark = pytest.mark.django_db

#: Before 2022 the time was only that of the computer, and the number of a channel had 2^33 added.
EXPORTS = {
    "JSON of before 2022": ("old.json", telegram_export(id_of_chat=2**33 + 1234)),
    "JSON": ("result.json", telegram_export(date_unixtime="1375561800")),
    "page of before 2022": ("messages.html", telegram_page("03.08.2013 23:30:00")),
    "page": ("messages2.html", telegram_page("03.08.2013 20:30:00 UTC")),
}


@pytest.mark.parametrize("names", list(permutations(EXPORTS, 2)), ids=" then ".join)
def test_history_that_is_exported_again_in_another_format_comes_once(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    for name in names:
        file, data = EXPORTS[name]
        (tmp_path / file).write_bytes(data)
        report = import_paths(tmp_path / file)
        assert report["rejected"] == 0
    assert Article.objects.count() == 1


def test_another_message_of_the_same_second_is_another_article(tmp_path: Path) -> None:
    for number in (7, 8):
        (tmp_path / f"{number}.json").write_bytes(telegram_export(id=number))
        import_paths(tmp_path / f"{number}.json")
    assert Article.objects.count() == 2
