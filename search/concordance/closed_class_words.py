"""Words that say nothing about a topic: particles, pronouns, auxiliaries, with their clitics.

The list of function words of the query (`arabic.morphology.affixes`) is short, because every one of its words
may be left out of a search. This one only keeps words out of lists of words.
"""

from __future__ import annotations

from functools import lru_cache

from arabic.morphology.affixes import FUNCTION_WORDS
from arabic.text.normalization import normalize

_PARTICLES = """
    أو أم أما إما إذ إذا إذن ألا إلا أي أية أيضا بل بلا بلى ثم حيث حين حينما حيثما سوف سوى عدا غير
    فإن فقط كأن كلما كما كي كيف كيلا لأن لا لعل لكن لكنه لكنها لم لما لماذا لن لو لولا ليت ليس ليست
    ما ماذا متى مثل مثلما مما ممن من مهما نعم هل هلا هنا هناك هنالك وإن وإلا يا قط كذلك هكذا لذلك
    لذا بذلك وذلك حسب وفق وفقا سواء رغم بعد قبل فوق تحت أمام وراء خلف دون بدون أثناء منذ عندما بينما
    فيما بما عما مع إنما أنما ربما طالما حالما بعدما قبلما كما إياه ثمة ثم قد لقد فقد على حول
    إزاء تجاه طوال عقب إثر لدن حتى كل بعض جميع كافة أحد إحدى آخر أخرى كلا كلتا نفس ذات جدا أكثر أقل
"""
_PRONOUNS = """
    أنا أنت أنتم نحن هو هي هم هن هما هذا هذه هذان هذين هاتان هاتين هؤلاء ذلك تلك ذاك أولئك الذي التي
    الذين اللذان اللذين اللتان اللتين اللاتي اللواتي اللائي ذا ذو ذي به بها فيه فيها له لها لهم عنه
    عنها منه منها إليه إليها عليه عليها
"""
_AUXILIARIES = """
    كان كانت كانا كانوا كن كنت كنا يكون تكون يكونوا سيكون ستكون أكون نكون صار أصبح أصبحت يصبح تصبح
    ظل ظلت بات باتت مازال زال زالت يزال تزال ليس ليست ليسوا يمكن تم يتم تمت سيتم قام قامت يقوم تقوم
"""
_SPEECH = "قال قالت قالوا يقول تقول أضاف أضافت ذكر ذكرت أكد أكدت أوضح أوضحت أشار أشارت"
_CONJUNCTIONS, _PREPOSITIONS = "وف", "بلك"
#: The words before which a preposition of one letter makes another such word (لذلك, بما, كالتي).
_AFTER_PREPOSITION = frozenset(
    normalize("هذا هذه هؤلاء ذلك تلك ما من التي الذي الذين أن أنه كل بعض غير مثل").split()
)
_SHORTEST_WORD = 2

CLOSED_CLASS_WORDS = FUNCTION_WORDS | {
    normalize(word) for word in f"{_PARTICLES} {_PRONOUNS} {_AUXILIARIES} {_SPEECH}".split()
}


@lru_cache(maxsize=100_000)
def is_topic_word(word: str) -> bool:
    """Return True if a normalized word may say something about a topic: no number, no function word."""
    if len(word) <= _SHORTEST_WORD or word in CLOSED_CLASS_WORDS or not word.isalpha():
        return False
    rest = word[1:] if word[0] in _CONJUNCTIONS else word
    return not (rest in CLOSED_CLASS_WORDS or (rest[0] in _PREPOSITIONS and rest[1:] in _AFTER_PREPOSITION))
