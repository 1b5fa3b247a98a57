"""What the words beside a word say of it: noun or verb, and whether it is part of a person's name.

«كشف» is "a disclosure" and "he disclosed", «وجدد» "new ones" and "he renewed". Arabic says which by the word
before: a noun follows a preposition, a verb follows قد, لم or التي; and by the word after: «عليها» follows a
verb, «ريال» a noun. The lexicon says which is likelier in any case. Used once, when a text is analyzed for
the index; a query word keeps all its readings. docs/decisions/0051-noun-or-verb.md and 0070-word-after.md say
how the numbers were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import log2
from typing import Final

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.analyzed_words import NameStart, WordType
from arabic.morphology.lemmatizer import OOV_MARKER
from arabic.morphology.protected_words import given_names
from arabic.morphology.stem_lexicon import lemma_letters, person_lemma
from arabic.text.normalization import normalize

#: Evidence counts in bits: +1 makes a verb twice as likely beside a noun. A reading is left out that is
#: 2 ** EXCLUDED times less likely than the other.
EXCLUDED: Final = 3
#: Bits that a word's own readings may have.
_MAX_PRIOR = 6
_AFTER_PREPOSITION, _AFTER_FROM, _AFTER_NUMBER = -6, -2, -3
_AFTER_PARTICLE_OF_VERBS, _AFTER_THAT, _IN_NEW_SENTENCE = 7, 2, 4
_AFTER_NOUN, _AFTER_VERB = -1, -2
#: In the place of the bits of a word that is one only: a noun, a verb, a noun with its article, an indefinite
#: accusative in ا, and a noun behind a preposition of one letter.
NOUN, VERB, DEFINITE, ACCUSATIVE, GENITIVE = -9, 9, -10, -11, -12
_AFTER_KINDS: Final = {
    **dict.fromkeys((NOUN, ACCUSATIVE, GENITIVE), _AFTER_NOUN),
    VERB: _AFTER_VERB,
}
#: More bits of such a word, where all else leaves open what a word is: before it, after it (سجل هدفا), and
#: after one with a pronoun.
_WEAK_BEFORE: Final = {DEFINITE: 1, GENITIVE: -1}
_WEAK_AFTER: Final = {ACCUSATIVE: 3, GENITIVE: 1, VERB: 1}
_WEAK_AFTER_PRONOUN: Final = {NOUN: 1}
#: The same of a comma before a word, of a colon behind it and behind one with "and", and of a quotation
#: behind one with "and": «وأضاف: …».
_COMMA_BEFORE, _COLON_AFTER, _COLON_AFTER_AND, _QUOTE_AFTER_AND = 1, 2, 5, 2
_COMMA, _COLON, _QUOTES = "،", ":", frozenset('«"“”»')
#: What a word may have as a noun and as a verb: "and" or "so" before it, a pronoun behind it.
AND, PRONOUN = "و", "ه"
#: A noun that may be the verb's noun of action: which of them is meant matters little.
OWN_ACTION = "="
#: What ends a sentence, between two words.
_SENTENCE_ENDS = ("\n", ".", "!", "؟")

#: Prepositions, and words that a genitive follows. على, إلى and لدى are not told from names here.
_BEFORE_NOUNS = (
    "في على إلى عن مع خلال كل قبل غير عبر دون بعض جميع عند لدى تحت أثناء بعد حسب بدون بلا ليس ليست سوى معظم"
    " تجاه أي لأي أجل أدنى بين منذ"
)
#: Particles of verbs, relative pronouns, and conjunctions that hardly precede a noun.
_BEFORE_VERBS = (
    "التي الذي الذين ما لم فلم لن قد فقد لقد سوف حيث كما فيما مما عندما بما بينما إذا إذ لما كيف ممن بعدما لو"
    " لكي كي بحيث حينما ماذا لماذا عما"
)
#: Bits of other words before a word, and of words after it.
_OTHERS_BEFORE = (
    (-6, "تم يتم سيتم"),
    (-4, "مليون مليار ألف بن"),
    (-3, "بشكل وذلك"),
    (-2, "هناك له لها لهم فيه فيها به بها"),
    (2, "ثم حتى وأن بأن"),
    (3, "لا ولا أنه أنها أنهم وأنه وأنها بأنه بأنها لأنه لأنها لأنهم"),
)
_WORDS_AFTER = (
    (-6, "أخرى بن"),
    (-4, "ريال دولار يورو درهم دينار مليون مليار ألف"),
    (-3, "كبير كبيرة جديد جديدة واحد واحدة مختلفة عديدة عدة واسعة قوية مهمة عالية كثيرة"),
    (1, "أن أنه أنها أنهم إلى على عن هذا هذه ذلك تلك منه منها منهم"),
    (2, "له لها لهم لنا"),
    (4, "فيه فيها فيهم به بها بهم عليه عليها عليهم علينا إليه إليها إليهم عنه عنها عنهم معه معها"),
)
#: They may be verbs too (قبل "accepted", عبر "expressed", مثل "represented"), but hardly are without strong
#: evidence.
_PREPOSITIONS = "قبل بعد عبر غير دون حسب بين عند مثل حول خلف وفق عقب ضد فوق نحو أمام"
#: No preposition stands before these, so they leave the word what it may be.
_AFTER_NO_PREPOSITION = "عن إلى على"
#: More bits of words beside a word, as those of the kinds above. من has none: it follows comparatives.
_WEAK_WORDS_BEFORE: Final = {normalize("عدم"): -5, normalize("حين"): 3, normalize("كانت"): 2}
_WEAK_WORDS_AFTER: Final = {normalize("في"): 2}
#: The blessing of the Prophet, «صلى الله عليه وسلم»: the verb in it, and the words before that.
_BLESSING: Final = normalize("وسلم"), frozenset(normalize("عليه وآله وصحبه").split())
#: ف and قد, before a verb; else "lost".
_THEN_HAS = normalize("فقد")
#: Of feminine adjectives in ية.
_NISBA_AFTER, _NISBA = -1, normalize("ية")


@cache
def _evidence() -> dict[str, int]:
    """Return the bits of the words before a word."""
    found = {
        normalize(conjunction + word): bits
        for words, bits in ((_BEFORE_NOUNS, _AFTER_PREPOSITION), (_BEFORE_VERBS, _AFTER_PARTICLE_OF_VERBS))
        for word in words.split()
        for conjunction in ("", "و")
    }
    found |= {normalize("من"): _AFTER_FROM, normalize("أن"): _AFTER_THAT}
    return found | _bits_of_words(_OTHERS_BEFORE)


@cache
def _evidence_after() -> dict[str, int]:
    """Return the bits of the words after a word."""
    return _bits_of_words(_WORDS_AFTER)


@cache
def _prepositions() -> frozenset[str]:
    """Return the prepositions that may be verbs, also after "and"."""
    return frozenset(
        normalize(conjunction + word) for word in _PREPOSITIONS.split() for conjunction in ("", "و")
    )


@cache
def _after_no_preposition() -> frozenset[str]:
    """Return the words that no preposition stands before."""
    found = {word for word, bits in _evidence_after().items() if bits >= _WORDS_AFTER[-1][0]}
    return frozenset(found | set(normalize(_AFTER_NO_PREPOSITION).split()))


def _bits_of_words(rows: Iterable[tuple[int, str]]) -> dict[str, int]:
    return {normalize(word): bits for bits, words in rows for word in words.split()}


def is_then_has(token: str) -> bool:
    """Return True for ف with قد, which a verb follows: فقد أعلن. It has the letters of "lost"."""
    return token == _THEN_HAS


def prior_bits(verb: float, noun: float) -> int:
    """Return how much likelier a word is a verb than a noun, in bits, from the weights of both readings."""
    return max(-_MAX_PRIOR, min(_MAX_PRIOR, round(log2(verb / noun))))


def words_in_context(
    types: Sequence[WordType], gap: Callable[[int], str] | None
) -> list[tuple[int, WordType]]:
    """Return (index, type) for the words of a text that the words beside them make a noun or a verb.

    `gap`: the text before the token at an index, after the token before it; a space if it is not given.
    """
    evidence, evidence_after, found = _evidence(), _evidence_after(), []
    for here, each in enumerate(types):
        choice = each.choice
        if choice is None:
            continue
        bits = each.prior
        is_open = each.normalized not in evidence  # no weak evidence makes غير and the like verbs
        is_preposition = each.normalized in _prepositions()
        if here:
            word_before = types[here - 1]
            before = word_before.normalized
            between = " " if gap is None else gap(here)
            if between == " ":
                more = evidence.get(before)
                if more is None or (0 < more < _AFTER_PARTICLE_OF_VERBS and not is_open):
                    more = _bits_before(word_before, each.normalized)
                bits += more
                is_preposition &= more < _AFTER_PARTICLE_OF_VERBS
            elif any(end in between for end in _SENTENCE_ENDS):
                bits += _IN_NEW_SENTENCE
        after = ""
        if here + 1 < len(types) and (gap is None or gap(here + 1) == " "):
            after = types[here + 1].normalized
            if choice.particle and types[here + 1].prior > 0:
                found.append((here, choice.particle))
                continue
            more = evidence_after.get(after, _NISBA_AFTER if after.endswith(_NISBA) else 0)
            bits += more if is_open or more < 0 else 0
        if is_open and abs(bits) < EXCLUDED and not is_preposition and OWN_ACTION not in choice.hints:
            bits += _weak_bits(types, here, choice.hints, gap)
        if bits < EXCLUDED and is_preposition and after not in _after_no_preposition():
            bits = -EXCLUDED
        if bits >= EXCLUDED:
            found.append((here, choice.verb))
        elif bits <= -EXCLUDED:
            found.append((here, choice.noun))
    return found


def _bits_before(before: WordType, token: str) -> int:
    """Return what a word that is no evidence for all words says of the token behind it."""
    if token == _BLESSING[0] and before.normalized in _BLESSING[1]:
        return _AFTER_PARTICLE_OF_VERBS
    return _AFTER_NUMBER if before.normalized.isdigit() else _AFTER_KINDS.get(before.prior, 0)


def _weak_bits(types: Sequence[WordType], here: int, hints: str, gap: Callable[[int], str] | None) -> int:
    """Return what the kinds of the words beside a word say of it, and the signs between them."""
    bits = 0
    if here:
        between = " " if gap is None else gap(here)
        if between == " ":
            before = types[here - 1]
            bits = _WEAK_WORDS_BEFORE.get(before.normalized, 0)
            bits += _WEAK_BEFORE.get(before.prior, 0) if AND not in hints else 0
        elif _COMMA in between and AND not in hints:
            bits = _COMMA_BEFORE
    if here + 1 == len(types):
        return bits
    after, between = types[here + 1], " " if gap is None else gap(here + 1)
    if between == " ":
        if PRONOUN in hints:
            return bits + _WEAK_AFTER_PRONOUN.get(after.prior, 0)
        return bits + _WEAK_AFTER.get(after.prior, 0) + _WEAK_WORDS_AFTER.get(after.normalized, 0)
    if _COLON in between:
        return bits + (_COLON_AFTER_AND if AND in hints else _COLON_AFTER)
    return bits + (_QUOTE_AFTER_AND if AND in hints and not _QUOTES.isdisjoint(between) else 0)


#: Words before a given name, and those before one that no surname follows.
_TITLES = (
    "الشيخ الدكتور الدكتورة المهندس المهندسة الأستاذ الأستاذة السيد السيدة اللواء العميد العقيد المقدم الرائد"
    " النقيب الملازم الفريق اللاعب المدرب الكابتن الحاج"
)
ROYAL_TITLES = "الملك الأمير الأميرة"
_SON_OF = frozenset(map(normalize, ("بن", "ابن", "بنت", "آل", "أبو", "أبي", "أبا")))
#: As written, before nothing but names; the normalized letters of آل are also an article's.
_SON_OR_FAMILY, _FATHER_OF = frozenset(("بن", "آل")), frozenset(("أبو", "وأبو", "أبي"))
#: «آل المشروع إلى …» is a verb: it came to that.
_FAMILY, _BECAME_OF = "آل", normalize("إلى")
#: Only behind another name "father of".
_MY_FATHER = "أبي"
_LETTERS = frozenset("وفلب")
#: Names with "servant of", in one word.
_SERVANT_OF = normalize("عبدال")
#: على, which is normalized like the name.
_ON = "على"
_LONGEST_NAME = 10


@cache
def _titles() -> dict[str, NameStart]:
    """Return the titles, also after "and"."""
    return {
        conjunction + normalize(title): start
        for titles, start in ((_TITLES, NameStart.TITLE), (ROYAL_TITLES, NameStart.ROYAL_TITLE))
        for title in titles.split()
        for conjunction in ("", "و")
    }


def name_start(word: str, token: str) -> NameStart | None:
    """Return whether a person's name begins with a written term: a given name only, a title, "son of".

    `token`: the term, normalized.
    """
    names = given_names()
    if word.endswith(_ON):
        return None
    if word in _SON_OR_FAMILY or (word in _FATHER_OF and word != _MY_FATHER):
        return NameStart.RELATION
    if token in names or (token[0] in _LETTERS and token[1:] in names) or token.startswith(_SERVANT_OF):
        return NameStart.GIVEN_NAME
    return _titles().get(token)


def persons_in_context(
    words: Sequence[str], types: Sequence[WordType], gap: Callable[[int], str] | None
) -> list[tuple[int, WordType]]:
    """Return (index, type) for the words that are names of persons, because a name or title precedes them.

    «محمد جميل», «نوري المالكي», «الأمير سلطان»: they are found as themselves, not as forms of other words.
    Behind a king or prince nothing in ي is a surname: «مطار الملك خالد الدولي». Whatever stands behind
    "son of", آل or أبو is a name: «علي بن أبي طالب», «آل الشيخ». `words`: the written terms.
    """
    found: list[tuple[int, WordType]] = []
    end = 0
    for start in [at for at, each in enumerate(types) if each.name_start is not None]:
        if start < end:
            continue
        kind = types[start].name_start
        is_royal = NameStart.ROYAL_TITLE in (kind, types[start - 1].name_start if start else None)
        is_after_son = kind is NameStart.RELATION
        if words[start] == _FAMILY and _came_to(types[start + 1 : start + 4]):
            continue
        is_after_title = kind is not NameStart.GIVEN_NAME and not is_after_son
        for here in range(start + 1, min(start + _LONGEST_NAME, len(types))):
            each = types[here]
            if gap is not None and gap(here) != " ":
                break
            if each.normalized in _SON_OF and not is_after_title:
                is_after_son = True
                continue
            name = each.name
            if name is None and is_after_son and _is_only_name(words[here - 1], each):
                name = _as_name(words[here], each)
            is_other = is_royal or is_after_title or (kind is NameStart.RELATION and here > start + 1)
            if name is not None and each.normalized.startswith(ARTICLE) and is_other:
                break
            if name is not None:
                found.append((here, name))
            elif each.name_start is not NameStart.GIVEN_NAME and not is_after_son:
                break
            is_after_title = is_after_son = False
            end = here + 1
    return found


def _came_to(following: Sequence[WordType]) -> bool:
    return any(each.normalized == _BECAME_OF for each in following)


def _is_only_name(before: str, of_word: WordType) -> bool:
    """Return True for a name behind the written term `before`; «أبو البطولات» has many championships."""
    return before in _SON_OR_FAMILY or (before in _FATHER_OF and not of_word.normalized.startswith(ARTICLE))


def _as_name(word: str, of_word: WordType) -> WordType | None:
    """Return the type of a word of the dictionary as a name only; None if it has to stay what it is.

    Its own letters find it all the same. Not so where searching folds them: then its own lemma stays.
    """
    lemmas = of_word.lemma_field.split()
    letters = of_word.normalized.removeprefix(ARTICLE)
    kept = [lemma for lemma in lemmas if not lemma.isalpha()]
    if not lemmas or lemmas[0].startswith(OOV_MARKER):
        return None
    if word != of_word.normalized:
        own = [lemma for lemma in lemmas if lemma_letters(lemma) in (letters, of_word.normalized)]
        if not own:
            return None
        kept += own
    return WordType(
        of_word.normalized, of_word.stem, " ".join((*kept, person_lemma(letters))), of_word.needs_context
    )
