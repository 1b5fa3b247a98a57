"""From bytes to text: which encoding, and how sure.

Byte-order marks decide; then valid UTF-8; UTF-16 by its zero and Arabic high bytes; then windows-1256 against
ISO-8859-6 by which reading looks like Arabic; charset-normalizer only when none of them does. Text is decoded
with `surrogateescape` (UTF-16 and UTF-32 with `surrogatepass`), so that encoding it again gives the very same
bytes; `shown` turns what could not be read into U+FFFD and says how many there were."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import probability
from articles.text.limits import LimitedReader
from articles.text.records import RecordProblem

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Enough to tell encodings apart; around the first byte that is not ASCII.
SAMPLE_BYTES = 64 * 1024
#: So few broken places among so many good ones are damage, not another encoding.
GOOD_PER_BROKEN = 10
#: Characters whose words are looked up.
_WORDS_SAMPLE = 4_000
#: A word so frequent in running Arabic is hardly a wrong reading of another; and what a text of nothing else
#: counts for, against its letters alone. Of 4,997 snippets of two to ten words of news 11 are taken for the
#: other encoding (17 with the words of the dictionary), of 6,000 of four to twenty different words none (4).
_FREQUENT, _WORDS_COUNT = 1e-6, 2
#: In the news every fifth word or so has the article; a word has four letters or five.
STRANGE_LETTERS = 40
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
#: A reading is wrong where Latin accents or signs stand inside Arabic words.
_MIXED = re.compile("[\u0621-\u064a][\u00a1-\u00ff\u0152\u0192]|[\u00a1-\u00ff\u0152\u0192][\u0621-\u064a]")
_ARTICLE = re.compile("(?<![\u0621-\u064a])[\u0648\u0628]?\u0627\u0644[\u0621-\u064a]")  # words with "al-"
_SURROGATES = re.compile("[\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Charset:
    """An encoding by Python's name, the bytes of its mark at the start, and whether it is a guess."""

    name: str
    mark: int = 0
    guessed: bool = False

    def decode(self, data: bytes) -> str:
        """Text of bytes that follow the mark; `encode` gives them back. Never fails: what no handler can keep
        (a character cut in two at the end, a guess that does not hold further on) becomes U+FFFD at once."""
        try:
            return data.decode(self.name, self.errors)
        except UnicodeDecodeError:
            return data.decode(self.name, "replace")

    def encode(self, text: str) -> bytes:
        """The bytes that `decode` made this text of."""
        try:
            return text.encode(self.name, self.errors)
        except UnicodeEncodeError:
            return text.encode(self.name, "replace")

    @property
    def errors(self) -> str:
        """Python's handler that keeps what is not valid. The units of UTF-16 and UTF-32 are no bytes that
        `surrogateescape` could stand in for."""
        return "surrogatepass" if self.name.startswith(("utf-16", "utf-32")) else "surrogateescape"

    @property
    def problems(self) -> tuple[RecordProblem, ...]:
        """What a reader must know of it."""
        return (RecordProblem("charset-guessed", self.name),) if self.guessed else ()


def replace_undecodable(text: str) -> tuple[str, tuple[RecordProblem, ...]]:
    """The text with U+FFFD in place of every run of bytes that could not be read, and what that was."""
    if not _SURROGATES.search(text):
        return text, ()
    clean, count = _SURROGATES.subn("\N{REPLACEMENT CHARACTER}", text)
    return clean, (RecordProblem("bytes-broken", str(count)),)


def read_sample(stream: BinaryIO | LimitedReader) -> bytes:
    """The first bytes of a stream; if they are all ASCII, those and the bytes from the first that is not."""
    head = stream.read(SAMPLE_BYTES)
    if _HIGH.search(head) or b"\0" in head:
        return head
    while block := stream.read(SAMPLE_BYTES):
        if found := _HIGH.search(block):
            return head[:1024] + block[found.start() :] + stream.read(SAMPLE_BYTES)
    return head


def detect_encoding(sample: bytes) -> Charset:
    """The encoding of a sample (its end may cut a character in two)."""
    for mark, name in BOMS:
        if sample.startswith(mark):
            return Charset(name, len(mark))
    if wide := _utf16(sample):
        return Charset(wide)
    if _is_utf8(sample):
        return Charset("utf-8")
    good, broken = _utf8_runs(sample)
    if good >= GOOD_PER_BROKEN * broken:
        return Charset("utf-8")  # damaged; `shown` will count the places
    name, score = max(((name, _arabic_score(sample, name)) for name in ("cp1256", "iso8859_6")), key=_score)
    if score > 0:
        return Charset(name, guessed=_strange(sample.decode(name, "ignore")))
    best = from_bytes(sample).best()
    return Charset(best.encoding if best else "cp1256", guessed=True)


def _score(pair: tuple[str, float]) -> float:
    return pair[1]


def _strange(text: str) -> bool:
    """Arabic letters that go on for long without the article are perhaps no Arabic."""
    return len(_ARABIC_LETTERS.findall(text)) >= STRANGE_LETTERS and not _ARTICLE.search(text)


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _utf8_runs(sample: bytes) -> tuple[int, int]:
    """How many UTF-8 sequences stand in the sample, and how many runs of high bytes that are none."""
    rest, good = _MULTIBYTE.subn(b" ", sample)
    return good, len(re.findall(rb"[\x80-\xff]+", rest))


def _utf16(sample: bytes) -> str:
    """utf-16-le or -be when one half of the bytes is nearly all 00 (Latin) or 06 (Arabic), else ""."""
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
    # 20 holds general punctuation, FE and FB the presentation forms: rare, so the two main pages decide.
    return (half.count(0) + half.count(6)) / len(half)


def _arabic_score(sample: bytes, name: str) -> float:
    """How much the sample reads like Arabic in this encoding; 0 or less = it does not."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:  # a byte that ISO-8859-6 has no letter for, be it the last: none is cut in two
        return 0.0
    letters = len(_ARABIC_LETTERS.findall(text))
    # Weights: a letter shows little (both tables hold letters at most places), an article much, a Latin
    # accent inside a word is never written.
    looks = letters + 10 * len(_ARTICLE.findall(text)) - 8 * len(_MIXED.findall(text))
    return looks * (1 + _WORDS_COUNT * _share_of_words(text))


def _share_of_words(text: str) -> float:
    """How many of the different words are frequent ones, 0 to 1; of a sample's beginning. (The dictionary
    knows half of what a wrong reading makes: التعار for انتظار.)"""
    words = set(normalized_terms(text[:_WORDS_SAMPLE]))
    return sum(probability(word) >= _FREQUENT for word in words) / len(words) if words else 0.0
