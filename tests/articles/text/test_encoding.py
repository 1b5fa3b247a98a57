"""Detection of encodings, and lossless decoding and encoding."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.encoding import Charset, detect_encoding, replace_undecodable

SENTENCE = (
    "قال مراسلنا في حمص إن القافلة التي كانت على الطريق وصلت إلى المدينة القديمة مساء الخميس بعد انتظار طويل "
    "عند الحاجز وأضاف المتحدث باسم الهلال الأحمر أن المواد الغذائية والأدوية وزعت على العائلات المحاصرة هناك"
)
#: Distinct words: "أن أن أن" in one encoding is "أو أو أو" in the other, and both are Arabic.
sentences = st.lists(st.sampled_from(SENTENCE.split()), min_size=8, unique=True).map(" ".join)


def decoded(data: bytes) -> tuple[str, str]:
    charset = detect_encoding(data)
    return charset.name, charset.decode(data[charset.mark :])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1256", "iso8859_6"])
@given(text=sentences)
def test_arabic_sentences_survive_every_encoding(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == (encoding, text)


@pytest.mark.parametrize(
    "text",
    [
        # its last word has a byte without a letter in ISO-8859-6
        "مراسلنا مراسلنا مراسلنا مراسلنا مراسلنا حمص انتظار قال",
        # in the other encoding one word has the article, and the dictionary has all others
        "أن وزعت إلى انتظار بعد إن",
        "باسم على انتظار بعد أن وصلت",
    ],
)
def test_a_text_is_read_in_the_encoding_that_gives_the_more_frequent_words(text: str) -> None:
    assert decoded(text.encode("cp1256")) == ("cp1256", text)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_byte_order_mark_decides_regardless_of_what_follows(mark: bytes, encoding: str, text: str) -> None:
    # A UTF-16 text that begins with NUL looks like UTF-32; no real text does.
    if not text.startswith("\0"):
        assert decoded(mark + text.encode(encoding)) == (encoding, text)


@given(data=st.binary(max_size=400))
def test_encoding_a_decoded_text_gives_the_same_bytes(data: bytes) -> None:
    for name in ("utf-8", "cp1256", "iso8859_6"):
        charset = Charset(name)
        assert charset.encode(charset.decode(data)) == data


@given(text=sentences, place=st.integers(0, 30))
def test_damaged_utf8_stays_utf8_and_the_damage_is_counted(text: str, place: int) -> None:
    whole = " ".join([text] * 3).encode()
    cut = min(2 * place, len(whole)) // 2 * 2
    data = whole[:cut] + b"\xff\xfe\xff" + whole[cut:] if cut else b"x\xff\xff" + whole
    name, text = decoded(data)
    clean, problems = replace_undecodable(text)
    assert name == "utf-8"
    assert "\N{REPLACEMENT CHARACTER}" in clean
    assert [problem.code for problem in problems] == ["bytes-broken"]


def test_valid_text_is_unchanged_and_has_no_note() -> None:
    assert replace_undecodable("حمص 2012") == ("حمص 2012", ())


def test_an_unknown_encoding_is_noted_as_a_guess() -> None:
    charset = detect_encoding("Привет, как дела? Сегодня хорошая погода, и мы идём гулять.".encode("koi8-r"))
    assert charset.guessed
    assert [problem.code for problem in charset.problems] == ["charset-guessed"]


def test_any_number_of_marks_may_precede_a_text_of_another_encoding() -> None:
    for count in (1, 2, 5_000):
        charset = detect_encoding(codecs.BOM_UTF8 * count + SENTENCE.encode("cp1256"))
        assert charset == Charset("cp1256", mark=count * len(codecs.BOM_UTF8))
