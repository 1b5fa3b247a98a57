"""Detection of the encoding of a file, and decoding.

A byte-order mark decides; then valid UTF-8; UTF-16 by its zero and Arabic high bytes; then windows-1256 or
ISO-8859-6, whichever reading looks more like Arabic; charset-normalizer only if neither does. Text is
decoded with `surrogateescape` (UTF-16 and UTF-32 with `surrogatepass`), so that encoding it again gives the
same bytes; `replace_undecodable` turns undecodable bytes into U+FFFD and counts them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import probability
from articles.text.limits import LimitedReader
from articles.text.records import RawRecord, RecordProblem

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Size of the sample, enough to tell encodings apart; taken around the first byte that is not ASCII.
SAMPLE_BYTES = 64 * 1024
#: With at least this many valid UTF-8 sequences per invalid one, a file is damaged UTF-8 and not in another
#: encoding.
MIN_VALID_PER_BROKEN = 10
#: Characters at the beginning whose words are looked up in the frequency table.
_WORDS_SAMPLE = 4_000
#: A word at least this frequent in Arabic is hardly a wrong reading of another word; and the weight of a
#: text of only such words relative to its letters. Of 4,997 snippets of two to ten words of news, 11 are
#: taken for the other encoding (17 with the words of the dictionary); of 6,000 snippets of four to twenty
#: different words none (4).
_FREQUENT, _WORDS_COUNT = 1e-6, 2
#: By how much more of the words must be known in an encoding that files hardly ever have.
_RARER_GAIN = 0.4
#: Letters after which the article must have occurred: in the news about every fifth word has it, and a word
#: has four to five letters.
MIN_LETTERS_WITHOUT_ARTICLE = 40
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
#: Latin accents or signs inside Arabic words show that a reading is wrong.
_MIXED = re.compile("[\u0621-\u064a][\u00a1-\u00ff\u0152\u0192]|[\u00a1-\u00ff\u0152\u0192][\u0621-\u064a]")
_ARTICLE = re.compile("(?<![\u0621-\u064a])[\u0648\u0628]?\u0627\u0644[\u0621-\u064a]")  # words with "al-"
_SURROGATES = re.compile("[\ud800-\udfff]+")
#: Python's codecs of text that no file is in; the time of some grows with the square of its size.
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape"))


@dataclass(frozen=True, slots=True)
class Charset:
    """An encoding by its Python name, the length of its byte-order mark, and whether it is a guess."""

    name: str
    mark: int = 0
    guessed: bool = False

    def decode(self, data: bytes) -> str:
        """Decode the bytes after the mark; `encode` gives them back. Never fails.

        Input that no error handler keeps (a character truncated at the end, a wrong guess) becomes U+FFFD at
        once.
        """
        try:
            return data.decode(self.name, self.errors)
        except UnicodeDecodeError:
            return data.decode(self.name, "replace")

    def encode(self, text: str) -> bytes:
        """Return the bytes that `decode` read."""
        try:
            return text.encode(self.name, self.errors)
        except UnicodeEncodeError:
            return text.encode(self.name, "replace")

    @property
    def errors(self) -> str:
        """Python's error handler that preserves invalid input.

        `surrogateescape` works on bytes and cannot represent the units of UTF-16 and UTF-32.
        """
        return "surrogatepass" if self.name.startswith(("utf-16", "utf-32")) else "surrogateescape"

    @property
    def problems(self) -> tuple[RecordProblem, ...]:
        """The notes to show: that the encoding was guessed."""
        return (RecordProblem("charset-guessed", self.name),) if self.guessed else ()


def fits_declaration(data: bytes, declared: str, found: Charset) -> bool:
    """Return False if bytes cannot be in the encoding that their file declares; `found` was detected."""
    try:
        name = codecs.lookup(declared).name
        if name.replace("-", "_") in _NO_CHARSETS:
            return False
        data.decode(name)
    except (LookupError, UnicodeError):
        return False
    # Other text is hardly ever valid UTF-8.
    return not (found.name == "utf-8" and name != "utf-8" and _MULTIBYTE.search(data))


def replace_undecodable(text: str) -> tuple[str, tuple[RecordProblem, ...]]:
    """Replace every run of undecodable bytes by U+FFFD; return the text and a note with their number."""
    if not _SURROGATES.search(text):
        return text, ()
    clean, count = _SURROGATES.subn("\N{REPLACEMENT CHARACTER}", text)
    return clean, (RecordProblem("bytes-broken", str(count)),)


def with_decoded_fields(record: RawRecord, values: Mapping[str, str]) -> RawRecord:
    """Return the record with these fields; undecodable bytes in them are replaced, and their number noted."""
    fields: dict[str, str] = {}
    problems: list[RecordProblem] = []
    for name, value in values.items():
        fields[name], broken = replace_undecodable(value)
        problems += broken
    return record.with_fields(fields).with_problems(*problems)


def read_sample(stream: BinaryIO | LimitedReader) -> bytes:
    """Read the first bytes of a stream; if they are all ASCII, also those from the first other byte on."""
    head = stream.read(SAMPLE_BYTES)
    if _HIGH.search(head) or b"\0" in head:
        return head
    while block := stream.read(SAMPLE_BYTES):
        if found := _HIGH.search(block):
            return head[:1024] + block[found.start() :] + stream.read(SAMPLE_BYTES)
    return head


def detect_encoding(sample: bytes) -> Charset:
    """Detect the encoding of a sample; its last character may be truncated."""
    for mark, name in BOMS:
        if sample.startswith(mark):
            return _marked(sample, name, len(mark))
    if wide := _utf16(sample):
        return Charset(wide)
    if _is_utf8(sample):
        return Charset("utf-8")
    good, broken = _utf8_runs(sample)
    if good >= MIN_VALID_PER_BROKEN * broken:
        return Charset("utf-8")  # damaged; `replace_undecodable` counts the places
    name, score = max(((name, _arabic_score(sample, name)) for name in ("cp1256", "iso8859_6")), key=_score)
    if score > 0:
        read = sample.decode(name, "ignore")
        guessed = _lacks_articles(read)
        return Charset((guessed and _rarer_encoding(sample, read)) or name, guessed=guessed)
    best = from_bytes(sample).best()
    name = best.encoding if best else "cp1256"
    return Charset(_rarer_encoding(sample, sample.decode(name, "ignore")) or name, guessed=True)


def _marked(sample: bytes, name: str, mark: int) -> Charset:
    """Return the encoding of a mark, unless it is that of UTF-8 and the rest is not."""
    if name == "utf-8" and not _is_utf8(sample[mark:]):
        # All marks that follow at once: there may be more of them than Python's calls may be deep.
        while sample.startswith(codecs.BOM_UTF8, mark):
            mark += len(codecs.BOM_UTF8)
        found = detect_encoding(sample[mark:])
        return Charset(found.name, mark + found.mark, guessed=found.guessed)
    return Charset(name, mark)


def _rarer_encoding(sample: bytes, read: str) -> str:
    """Return an encoding of the Macintosh or of DOS in which most words are known, else "".

    `read` is the sample as the common encodings have it.
    """
    others = {name: _share_of_words(sample.decode(name, "replace")) for name in ("mac_arabic", "cp720")}
    best = max(others, key=others.__getitem__)
    return best if others[best] >= _share_of_words(read) + _RARER_GAIN else ""


def _score(pair: tuple[str, float]) -> float:
    return pair[1]


def _lacks_articles(text: str) -> bool:
    """Return True if many Arabic letters contain no article, so that the text may not be Arabic."""
    return len(_ARABIC_LETTERS.findall(text)) >= MIN_LETTERS_WITHOUT_ARTICLE and not _ARTICLE.search(text)


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _utf8_runs(sample: bytes) -> tuple[int, int]:
    """Count the valid UTF-8 sequences of the sample, and the runs of other high bytes."""
    rest, good = _MULTIBYTE.subn(b" ", sample)
    return good, len(re.findall(rb"[\x80-\xff]+", rest))


def _utf16(sample: bytes) -> str:
    """Return utf-16-le or -be if every second byte is nearly always 00 (Latin) or 06 (Arabic), else ""."""
    if len(sample) < 4:
        return ""
    for name, high, low in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        if _wide_share(high) > 0.85 and low.count(0) <= len(low) // 50 and high.count(0) + high.count(6) >= 2:
            try:
                codecs.getincrementaldecoder(name)().decode(sample)
            except UnicodeDecodeError:
                continue
            return name
    return ""


def _wide_share(half: bytes) -> float:
    # Bytes 20 (punctuation), FE and FB (presentation forms) are rare, so the two main pages decide.
    return (half.count(0) + half.count(6)) / len(half)


def _arabic_score(sample: bytes, name: str) -> float:
    """Score how much the sample reads like Arabic in this encoding; 0 or less: not at all."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:  # a byte without a letter in ISO-8859-6; single bytes are never truncated
        return 0.0
    letters = len(_ARABIC_LETTERS.findall(text))
    # Weights: a letter says little (both encodings have letters at most positions), an article says much,
    # and a Latin accent never occurs inside an Arabic word.
    looks = letters + 10 * len(_ARTICLE.findall(text)) - 8 * len(_MIXED.findall(text))
    return looks * (1 + _WORDS_COUNT * _share_of_words(text))


def _share_of_words(text: str) -> float:
    """Return the share of frequent words (0 to 1) among the distinct words at the beginning of a text.

    The dictionary would not be enough: it knows half of the words that a wrong reading makes, e.g. التعار for
    انتظار.
    """
    words = set(normalized_terms(text[:_WORDS_SAMPLE]))
    return sum(probability(word) >= _FREQUENT for word in words) / len(words) if words else 0.0
