"""The author that a web page declares, unless what stands there is no person."""

from __future__ import annotations

import re

from arabic.tables.gazetteer import gazetteer
from articles.text.page_title import is_same_wording
from articles.text.publishers import find_agencies, find_agency_or_publisher, is_unnamed_agency

#: Longest name, in characters; several authors are separated by signs.
MAX_CHARACTERS = 120
_SEPARATOR = re.compile(r"[;؛،,|/]|(?<=\s)(?:و|and|et)(?=\s)")
_LABEL = re.compile(
    r"\A\W*(?:بقلم|كتب|كتبت|كتبه|كتبها|إعداد|اعداد|الكاتبة?|المحررة?|تحرير|تقرير|المصدر|by|author|par)\b\W*",
    re.I,
)
#: Addresses on the web, of mail and of houses, pictures, and the accounts of a publishing system.
_ADDRESS = re.compile(
    r"@|https?:|www\.|\b(?:شارع|ص\.\s?ب|صندوق بريد|هاتف|بريد|street|p\.\s?o\.\s?box)\b", re.I
)
_NO_PERSON = re.compile(
    r"[@\d]|https?:|www\.|\.(?:com|net|org|info|html?|php|png|jpe?g|gif|svg)\b"
    r"|\b(?:www|username|logo|icon|image|photo|admin|administrator|webmaster|editors?|newsroom|desk|staff|team|user|guest"
    r"|root|unknown|null|none|شعار|لوغو|صورة|صور|مشرف|مدير الموقع|المدير|هيئة التحرير|فريق|التحرير|المحرر"
    r"|محرر|إدارة|ادارة|غير معروف)\b",
    re.I,
)


def author_name(declared: str, site: str) -> str:
    """Return the names of persons in what a page declares as its author; "" if there are none."""
    if len(declared) > MAX_CHARACTERS or _ADDRESS.search(declared):
        return ""
    names = [_LABEL.sub("", part, count=1).strip(" \t-–:.") for part in _SEPARATOR.split(declared)]
    return "، ".join(dict.fromkeys(name for name in names if _is_person(name, site)))


def _is_person(name: str, site: str) -> bool:
    if len(name) < 3 or _NO_PERSON.search(name) or not re.search(r"[^\W\d_]{2}", name):
        return False
    return not (
        is_same_wording(name, site)
        or find_agency_or_publisher(name)
        or find_agencies(name)
        or is_unnamed_agency(name)
        or gazetteer().lookup(name)
    )
