"""The ranking weights, each with the measurement that justifies it.

`search/query` builds the tree of terms with them and `search/retrieval/reranker.py` reorders the first hits.
The figures are MRR@10 on the embedded engine; docs/quality.md, "How the ranking weights were chosen", has
all of them: "queries" are whole headlines, "short" and "noisy" are parts and misspellings of them, "others"
are 3,000 more headlines. Differences below .003 are noise, below .002 in the last block. Where no figure is
recorded, the comment says "not measured".

Two rules are not constants: an alternative for n words together (a name of several words, an expansion) takes
1/n of its weight in each of them, and the lemmas of an ambiguous word share one weight.

Elsewhere:
- BM25's k1 and b are the engines' own defaults; nothing sets them (not measured).
- LEAD_TOKENS and OPENING_TOKENS in search/engines/analyzed_text.py set how much of a text the fields `lead`
  and `opening` hold. They belong to the index: a change needs a rebuild.
- Edit costs of spelling corrections are in arabic/spelling; costs of suggestions, which order suggestions and
  no hits, are in search/suggest/correction_candidates.py.
- Thresholds that decide whether something is searched at all are next to their rule.
"""

from __future__ import annotations

from search.query_tree import AnalysisLevel, TermField

# The score of a term.

#: A word of the headline says what an article is about; a word of the body, what it mentions. Title 2: not
#: measured. Lead and opening .75 each: queries .787 → .797, short .509 → .548, noisy .445 → .474.
FIELD_BOOST: dict[TermField, float] = {"title": 2.0, "body": 1.0, "lead": 0.75, "opening": 0.75}
#: The levels add up, so a word found as typed scores at each of them and ranks above its other forms.
#: .5 / 1 / 1: queries .789; .25 / 1 / 1 gives .785, .5 / .5 / 1 .787, .5 / 1 / 1.5 .786, 1 / 1 / 1 .788.
LEVEL_BOOST: dict[AnalysisLevel, float] = {"exact": 0.5, "light": 1.0, "forms": 1.0}
#: A phrase is rarer than its words, and its BM25 score reflects that already. Not measured.
PHRASE_BOOST = 1.0
#: A pattern scores a constant, about as much as a common word. Not measured.
PATTERN_BOOST = 1.0
#: A synonym or another expansion weighs less than a typed word (docs/decisions/0007). Not measured.
EXPANSION_BOOST = 0.5
#: An expansion of several words is a phrase at two levels, exact and light, which share one weight. Not
#: measured.
EXPANSION_PHRASE_LEVEL_SHARE = 0.5
#: A likely word of a scan is a guess, and its term is rarer than the word, which BM25 rewards: with .5 a scan
#: ranks before texts that have the word. On 40 scanned pages .05 to .5: the same MRR.
LIKELY_WORD_BOOST = 0.1
#: Added for each order of magnitude that a word is rarer in Arabic than one in a thousand (10 to the power of
#: minus COMMON_WORD_MAGNITUDE). 0: queries .797; .2: .804; .4: .803; .8: .795.
RARITY_BOOST, COMMON_WORD_MAGNITUDE = 0.2, 3.0
#: The probability that is assumed of a word that the frequency list does not know. Not measured.
MIN_WORD_PROBABILITY = 1e-8
#: The lemma term of a protected name, the lemmas of a word whose stem misleads: they have no stem that scores
#: in addition. Not measured.
UNSTEMMED_BOOST = 2.0
#: Factor for the weight of the misleading stem of such a word. Not measured.
SHARED_STEM_BOOST = 0.2
#: The noun of action of a verb that was typed, and the verb of a noun of action (اعتقل and اعتقال). Searched
#: or not: queries .793 → .800, short .548 → .559. The value .5: not measured.
RELATED_BOOST = 0.5

# Proximity.

#: Weight of a pair of neighbouring query words that are close together in the text; a word has 1.0.
#: Without pairs: short .500; within 2 words and .5: .509; within 2 words and 1: .514; within 6 words and 1:
#: .517.
PAIR_BOOST = 1.0
#: Words between the two, or one place apart in the other order. Chosen with PAIR_BOOST.
PAIR_SLOP = 6
#: Pairs of a long headline that are looked for. 6: queries .797; 12: .800.
MAX_PAIRS = 12

# Close hits.

#: A close hit has at least this share of the words (1 of 2, 2 of 3, 2 of 5, 4 of 10). .25: queries .796;
#: .4: .797; .6: .793.
CLOSE_MIN_SHOULD_MATCH = 0.4
#: Weight of a corrected word relative to a typed one, divided by 1 + cost. With three corrections
#: .8: noisy .477; 1.2: .479.
CORRECTION_BOOST = 1.2
#: Corrections of a word that are searched. With a boost of .8, one: noisy .471; three: .477; six: .479. Five:
#: not measured.
MAX_CORRECTIONS = 5

# Reranking: what an article's score gains, as shares of the best hit's score.

#: Hits of the strict and of the close part that are reordered; after them the order of the engine stays. 20:
#: queries .816; 30: .816. With the weights at that time 20: .8197; 30: .8195.
RERANK_DEPTH = 20
#: Length of a passage in tokens: two or three sentences of news. By a fit on one half of the headlines, 20:
#: .806; 30: .812; 40: .814.
PASSAGE_TOKENS = 40
#: For the share of the query within the best passage. .8: .8182; 1.0: .8191 (roots by one half).
PASSAGE_BOOST = 1.0
#: For the share of the query within the first BEGINNING_TOKENS. .2: queries .8207, others .8081; .3: .8238,
#: .8077; .4: .8251, .8071.
BEGINNING_BOOST = 0.3
#: With passages 1.0 and neighbours .5, 15 tokens at .1: others .8043; 25 tokens at .2, roots by one half:
#: .8065.
BEGINNING_TOKENS = 25
#: For the share of the query anywhere in the text. 0: queries .8228, others .8058; .3: .8238, .8077; .6:
#: .8238, .8072.
COVERAGE_BOOST = 0.3
#: For the share of neighbouring query words that are adjacent in the text, in the query's order. .3: queries
#: .8251, others .8070, short .5694; .5: .8238, .8077, .5717; .7: .8219, .8077, .5721.
ORDER_BOOST = 0.5
#: Share of a word that one of the same root counts (متظاهر for تظاهرات) if the word is missing. Without it
#: and with passages at .8: queries .8143; .5 and passages at 1.0: .8165. With function words optional and
#: passages at 1.0, .3: .8188; .5: .8191.
SAME_ROOT_SHARE = 0.5
