"""Which words of the frequency list count as one word."""

from tools.lexicon.build_frequencies import table, whole_words

SHARES = {
    "لا": 1e-2,
    "يزال": 1e-4,
    "لايزال": 1e-5,
    "ولايزال": 1e-6,
    "عبدالله": 1e-4,
    "المدينه": 1e-4,
    "فيلتر": 1e-6,
}


def test_run_together_words_are_left_out_also_after_clitics() -> None:
    assert set(SHARES) - set(whole_words(SHARES)) == {"لايزال", "ولايزال", "عبدالله"}


def test_a_word_far_more_frequent_than_its_parts_together_is_one_word() -> None:
    assert "الجزءالثاني" not in whole_words({"الجزءالثاني": 1e-8})
    assert "الجزءالثاني" in whole_words({"الجزءالثاني": 1e-2})


def test_the_table_groups_words_by_tenths_of_a_magnitude() -> None:
    rows = [line for line in table({"في": 0.01, "من": 0.0101, "عن": 0.001}).splitlines() if line[0] != "#"]
    assert rows == ["20\tفي من", "30\tعن"]
