"""The sentences for complaints: which part of the query was dropped and, where it helps, what to type."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from search.results import Complaint

#: code -> sentence; `%(detail)s` is the relevant part of the query or the parameter.
COMPLAINT_MESSAGES = {
    "too_long": _("The query is too long: it was cut before “%(detail)s”."),
    "too_many_words": _("Too many words: these were left out: %(detail)s."),
    "too_deep": _("Brackets inside brackets go too deep: the innermost were left out."),
    "no_words": _("There is no word to search in “%(detail)s”."),
    "dangling_operator": _("“%(detail)s” has nothing to join and was left out."),
    "unclosed_quote": _("The quotation mark %(detail)s has no partner and was left out."),
    "empty_quotes": _("There is no word between the quotation marks %(detail)s."),
    "unmatched_bracket": _("The bracket %(detail)s has no partner and was left out."),
    "empty_brackets": _("There is nothing to search between the brackets."),
    "field_without_value": _(
        '“%(detail)s” was left out: write its value right behind the colon: title:حمص, city:"دير الزور".'
    ),
    "slop_too_large": _("“%(detail)s” is further apart than the search can look; 50 words were used."),
    "near_too_long": _(
        "“%(detail)s” has too many words to be looked for near each other (six at most); "
        "it was searched word after word."
    ),
    "star_inside": _(
        "A star works only at the start or the end of a word: “%(detail)s” was searched without it."
    ),
    "short_wildcard": _("A star needs at least two letters beside it: “%(detail)s” was searched without it."),
    "unknown_country": _("No country is known by the name “%(detail)s”."),
    "unknown_governorate": _("No governorate is known by the name “%(detail)s”."),
    "unknown_city": _("No city is known by the name “%(detail)s”."),
    "is_country": _("“%(detail)s” is a country: choose it as one (country)."),
    "is_governorate": _("“%(detail)s” is a governorate: choose it as one (governorate)."),
    "is_city": _("“%(detail)s” is a city: choose it as one (city)."),
    "about_no_place": _("“About the place” narrows a chosen place; none is chosen."),
    "bad_switch": _("“%(detail)s” is neither on (1) nor off (0); it was left off."),
    "unknown_source": _("No source is known by the name “%(detail)s”."),
    "not_unknown_place": _("No place is known by the name “%(detail)s”: nothing was excluded."),
    "not_unknown_source": _("No source is known by the name “%(detail)s”: nothing was excluded."),
    "bad_date": _("“%(detail)s” is not a date; write 2012, 2012-05 or 2012-05-24."),
    "reversed_dates": _("The first date is after the last (%(detail)s); they were exchanged."),
    "bad_level": _("“%(detail)s” is no search level; all forms were searched."),
    "bad_group": _("“%(detail)s” is no way to group; the usual list is shown."),
    "bad_close": _("“%(detail)s” is not a choice of close hits; a few are shown where little is found."),
    "bad_sort": _("“%(detail)s” is no way to sort; the default was used."),
    "bad_view": _("There is no view “%(detail)s”; the list is shown."),
    "bad_view_option": _("“%(detail)s” is no choice of this view; the default was used."),
    "too_costly_compared": _(
        "These queries take too long together; “%(detail)s” and what follows were left out."
    ),
    "too_many_compared": _("At most five queries are compared; “%(detail)s” and what follows were left out."),
    "too_many_bars": _("The period is too long for this division of time; a coarser one is shown."),
    "bad_page": _("There is no page “%(detail)s”; the first is shown."),
    "bad_size": _("“%(detail)s” results on a page are not possible; the nearest possible number is shown."),
    "too_many_filters": _("Too many values for “%(detail)s”: the last ones were left out."),
    "past_the_end": _("The results end before page %(detail)s."),
}


def complaint_message(complaint: Complaint) -> str:
    """Return the complaint in the reader's language, as unescaped text."""
    return str(COMPLAINT_MESSAGES[complaint.code]) % {"detail": complaint.detail}
