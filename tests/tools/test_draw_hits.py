"""Random hits for readers: what is drawn, and how much of an article they see."""

from __future__ import annotations

from tools.research.draw_hits import MAX_EXCERPT, MIN_EXCERPT, draw_hits, draw_queries, excerpt

BODY = (
    "بداية الخبر هنا. " + "كلام كثير لا يعني شيئا. " * 40 + "قصف الطيران حمص مساء. " + "نهاية الكلام. " * 40
)


def span(word: str, number: int, worth: int = 3) -> tuple[int, int, int, int]:
    start = BODY.index(word)
    return start, start + len(word), number, worth


def test_queries_are_two_content_words_of_a_headline_and_the_same_each_time() -> None:
    titles = [f"زيارة الوزير{'ا' * at} إلى المدينة" for at in range(200)]
    drawn = draw_queries(titles)
    assert drawn == draw_queries(titles)
    assert all(len(query.split()) == 2 and "إلى" not in query for query in drawn)


def test_hits_are_drawn_evenly_and_by_the_query() -> None:
    assert draw_hits("حمص", range(100)) == draw_hits("حمص", range(99, -1, -1))
    assert {*draw_hits("حمص", [7])} == {7}
    assert len({tuple(draw_hits(str(at), range(100))) for at in range(20)}) > 15


def test_readers_see_the_best_match_of_each_word_in_whole_words() -> None:
    text = excerpt(BODY, [span("بداية", 0), span("كلام", 1, 2), span("قصف", 1)])
    assert "بداية الخبر" in text
    assert "قصف الطيران حمص" in text
    assert MIN_EXCERPT <= len(text) <= MAX_EXCERPT + 50
    assert set(text.replace("…", "").split()) <= set(BODY.split())
    assert excerpt("خبر قصير.", []) == "خبر قصير."
