"""Function words of the languages other than Arabic that an archive of Arabic news meets.

Between a quarter and a half of the words of a running text are among the hundred commonest of its language;
of a text that was damaged hardly any is. Written for this project from grammars, so that no list has a
licence of its own.
"""

from __future__ import annotations

from functools import cache

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import probability

#: With this share of running Arabic a word says nothing of another language.
_ARABIC_TOO = 3e-5
#: In Arabic letters: Persian, Sorani Kurdish, Urdu.
_ARABIC_SCRIPT = {
    "fa": """
        در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد های می شده وی ما من تو او شما آنها
        باید اما یا اگر چه هر همه بود نمی بین پس پیش دیگر هیچ چون کند کنند دارد دارند شود شوند گفت بوده
        هستند نیست بی سال روز ها تر ترین مورد روی درباره بعد قبل بسیار همین همان اینکه چند نه ای زیر
        کردن شدن داد دهد کرده می‌شود می‌کند
    """,
    "ckb": """
        لە بە و کە بۆ ئەو ئەم سەر لەسەر لەگەڵ هەر بوو کرد یان تا وەک دوو هەموو نا نە ئێمە من تۆ ئەوان
        ئێوە خۆی خۆیان دەکات دەکەن دەبێت کردن کراوە نییە هەیە بەڵام ئەگەر چونکە دوای پێش ناو لەناو
        نێوان یەک ساڵ ڕۆژ زۆر ئەوە ئەمە هیچ لێ پێ تێ دا وە بەو بەم لەو لەم بۆیە هەروەها ئەوەی دەڵێت
        گوتی وتی لەلایەن دەستی کراوە شار
    """,
    "ur": """
        کے کی کا میں ہے اور سے کو نے پر یہ ہیں کہ اس بھی کر گیا ہو ایک جو تو تھا تھی تھے ان وہ نہیں کیا
        لیے ساتھ رہا رہے کرنے جا ہوئے بعد تک دیا گئے گئی اپنے کوئی لئے جب کچھ ہوا والے
    """,
}
#: In Latin letters: English, French, Kurmanji Kurdish, Turkish, German, Spanish, Italian.
_LATIN_SCRIPT = {
    "en": """
        the of and to in a is that for on with as was by at from it be an are this which have has or
        its not were but had their his they he she we you i been who will more one all there would
        after also said when than about into up out no if can over other two new time first some what
        so our your her him them these those between against under during before because could should
        may most only while where how
    """,
    "fr": """
        le la les de des du un une et à en que qui dans pour par sur au aux avec ce cette ces est sont
        a ont été pas ne plus il elle ils nous vous on se sa son ses leur leurs ou mais comme d l qu n
        s c j y tout être fait après avant entre deux sans sous aussi même très selon depuis lors
        contre
    """,
    "ku": """
        û li ji bi di de ku ev ew ez tu em hûn wan wî wê min te me we jî her bo na ne ye in e bû bûn
        dike dikin dê ê a ya yê yên ên xwe gel pir hemû lê an yek du piştî berî nav navbera ser bin
        dibe dibin kir kirin got hat çû heye nîne vê van çi çawa lewma
    """,
    "tr": """
        ve bir bu da de için ile olarak olan çok daha en gibi kadar sonra önce ama ancak o ne var yok
        her ya ki mi mı değil göre karşı olduğu oldu ise hem iki yeni büyük ben sen biz siz onlar bunu
        onun ise tarafından üzerinde etti dedi edildi arasında kendi şey
    """,
    "de": """
        der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an
        werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war
        haben nur oder aber vor
    """,
    "es": """
        el la de que y a en un ser se no los las por con para una su al lo como más del pero sus le ya
        o este sí porque esta entre cuando muy sin sobre también me hasta hay donde desde todo nos
        durante
    """,
    "it": """
        il la di che e è in un per non una sono con si da del della dei delle nel nella al alla come
        più anche gli le lo i ma ha o su dal questo questa tra dopo
    """,
}
#: The commonest characters of Chinese and Japanese: each fifth character of a text is one of them.
COMMON_HAN = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里日本"
    "這個們來為國時說會對後過發の"
)


@cache
def arabic_script_words() -> frozenset[str]:
    """Return the normalized function words of the other languages that are hardly ever words of Arabic."""
    words = frozenset(word for words in _ARABIC_SCRIPT.values() for word in normalized_terms(words))
    return frozenset(word for word in words if probability(word) < _ARABIC_TOO)


@cache
def latin_script_words() -> frozenset[str]:
    """Return the normalized function words of the languages in Latin letters, those of one letter aside."""
    words = frozenset(word for words in _LATIN_SCRIPT.values() for word in normalized_terms(words))
    return frozenset(word for word in words if len(word) > 1)
