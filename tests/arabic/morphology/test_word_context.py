"""Words of a text that may be nouns or verbs: what the words before them say, and what stays open."""

from __future__ import annotations

import pytest

from arabic.analyzer import analyze_terms, lemma_terms_in_context
from arabic.morphology.lemmatizer import lemmas, written_analyses
from arabic.morphology.text_readings import noun_or_verb
from arabic.morphology.word_context import ACCUSATIVE, AND, DEFINITE, GENITIVE, NOUN, PRONOUN, VERB
from arabic.text.tokenizer import tokenize

#: (text, word of it, a word whose lemma it has, one whose lemma it lacks)
IN_CONTEXT = [
    ("في كشف الأسرار", "كشف", "الكشف", "يكشف"),
    ("الذي كشف الأسرار", "كشف", "يكشف", "الكشف"),
    ("لم تقدم شيئا", "تقدم", "يتقدم", "التقدم"),
    ("بعد تقدم القوات", "تقدم", "التقدم", "يتقدم"),
    ("التي وجدد العقد.\nوجدد الوزير", "وجدد", "يجدد", "جديد"),
    ("قال كثيرا.\nوشهد الوزير المباراة", "وشهد", "يشهد", "الشهد"),
    ("اللجنة رفض عليها", "رفض", "يرفض", "الرفض"),
    ("اللجنة تقدم ريال", "تقدم", "التقدم", "يتقدم"),
    ("قال إنه نقل", "نقل", "ينقل", "النقل"),
    ("قد يتم نقل", "نقل", "النقل", "ينقل"),
    ("يريد الجميع عدم ذهب", "ذهب", "الذهب", "يذهب"),
    ("تلك التي حين ذهب", "ذهب", "يذهب", "الذهب"),
    ("قال الرسول صلى الله عليه وسلم", "وسلم", "يسلم", "السلم"),
    ("حضر اللاعب سجل هدفا", "سجل", "يسجل", "السجل"),
    ("حضر اللاعب ذهب بسيارة", "ذهب", "يذهب", "الذهب"),
    ("حضر اللاعب، ذهب في السيارة", "ذهب", "يذهب", "الذهب"),
]


def _terms(text: str, word: str) -> set[str]:
    tokens = tokenize(text)
    starts, ends = tokens.offsets()
    fields = analyze_terms(tokens.written, gap=lambda at: text[ends[at - 1] : starts[at]]).lemma_fields
    last = max(at for at, token in enumerate(tokens.normalized) if token == tokenize(word).normalized[0])
    return set(fields[last].split())


@pytest.mark.parametrize(("text", "word", "same", "other"), IN_CONTEXT)
def test_the_words_beside_tell_a_noun_from_a_verb(text: str, word: str, same: str, other: str) -> None:
    terms = _terms(text, word)
    assert terms & set(lemmas(same)), terms
    assert not terms & set(lemmas(other)) - set(lemmas(same)), terms


def test_a_word_that_is_evidence_itself_is_no_verb_by_the_words_beside_it() -> None:
    assert _terms("قال إنه غير منطقي", "غير") == _terms("قال إنه (غير) منطقي", "غير")
    assert _terms("النقاش قبل عليها", "قبل") == _terms("النقاش قبل", "قبل")


@pytest.mark.parametrize(
    ("text", "word", "is_verb"),
    [
        *(("ينشر الخبر عبر الهاتف", "عبر", False), ("الوفد عبر عن أسفه", "عبر", True)),
        *(("من الدول مثل مصر", "مثل", False), ("الذي مثل الوفد", "مثل", True)),
    ],
)
def test_a_preposition_is_a_verb_only_by_strong_evidence(text: str, word: str, is_verb: bool) -> None:
    of_verb = {each.lemma for each in written_analyses(word) if each.kind == "V"}
    assert bool(_terms(text, word) & of_verb) is is_verb


def test_then_has_before_a_verb_is_not_lost() -> None:
    assert _terms("فقد أعلن الوزير", "فقد") == set()
    assert _terms("فقد حياته", "فقد") & set(lemmas("يفقد"))


def test_a_word_between_other_signs_stays_both() -> None:
    # A comma or a bracket before a word says nothing, nor does the beginning of a text.
    alone = _terms("كشف", "كشف")
    assert alone >= {"كشف", "كشفa"} or len(alone) == 2
    assert _terms("قال في (كشف", "كشف") == alone


def test_a_text_without_gaps_is_read_as_words_in_a_row() -> None:
    assert lemma_terms_in_context(["في", "كشف"])[1] == tuple(_terms("في كشف", "كشف"))


@pytest.mark.parametrize("text", ["حضر اللاعب كسب هدفا", "أبرمت اللجنة عقدا جديدا"])
def test_a_noun_of_the_same_action_and_an_accusative_stay_nouns(text: str) -> None:
    word = text.split()[2]
    nouns, verbs, *_ = noun_or_verb(word)
    assert nouns
    assert verbs
    assert set(nouns.split()) <= _terms(text, word)


@pytest.mark.parametrize(
    ("word", "bits"),
    [
        *(("مدرسة", NOUN), ("مدرسته", NOUN), ("يستقبلون", VERB), ("هذا", 0)),
        *(("المدرسة", DEFINITE), ("والمدرسة", DEFINITE), ("بمدرسة", GENITIVE), ("هدفا", ACCUSATIVE)),
    ],
)
def test_words_that_are_one_only(word: str, bits: int) -> None:
    assert noun_or_verb(word) == ("", "", bits, "")


@pytest.mark.parametrize(("word", "clitics"), [("وذهب", AND), ("ذهب", ""), ("وجه", ""), ("وجهها", PRONOUN)])
def test_clitics_that_a_word_has_as_a_noun_and_as_a_verb(word: str, clitics: str) -> None:
    assert noun_or_verb(word)[-1] == clitics


@pytest.mark.parametrize(
    ("text", "word", "form"),
    [("آل المشروع إلى الفشل", "المشروع", "مشاريع"), ("مطار بن غوريون الدولي", "الدولي", "دولية")],
)
def test_no_word_is_a_name_behind_the_verb_or_far_behind_a_relation(text: str, word: str, form: str) -> None:
    assert _terms(text, word) & set(lemmas(form))


def test_a_family_is_named_behind_its_word() -> None:
    assert not _terms("آل الشيخ في الرياض", "الشيخ") & set(lemmas("شيوخ"))
