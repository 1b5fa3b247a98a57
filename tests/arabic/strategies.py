"""Hypothesis strategies: Arabic words, and scraped text with all that normalization must handle."""

from hypothesis import strategies as st

ARABIC_WORDS = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى", min_size=1, max_size=9)
_SCRAPED_CHARACTERS = st.one_of(
    st.sampled_from("ابتحدرسعفقكلمنهويءآأؤإئةى  ،؛؟.-_/«»0123٠١٢٣۴۵"),
    st.sampled_from("پچژکگیېۀہەٱٲڤٹںےﻻﻼﷲﷺﷻﺣﻤﺺﻰﻲﺌﺊﺀﹰﱞ"),
    st.sampled_from(
        "\u064b\u064e\u0651\u0652\u0670\u0654\u0655\u0640\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"
    ),
    st.characters(exclude_categories=["Cs"]),
)
SCRAPED_TEXTS = st.text(_SCRAPED_CHARACTERS, max_size=60)
