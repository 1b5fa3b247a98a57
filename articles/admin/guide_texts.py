"""The guide of the desk: six pages of steps.

[[Upload articles]] in a text stands for the button with that text in the catalogue, so a button is named as
it is at present, in each language; [[Hide|article]] is a text with a context. `2012-05` is typed
as it stands. Pictures are taken by tools/guide_pictures.py into static/admin-archive/guide/.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class GuidePicture:
    """A picture by the name of its file, without language and suffix, and what it shows."""

    name: str
    caption: str | Promise


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step; `command` is what is typed on the machine of the archive."""

    text: str | Promise
    picture: GuidePicture | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page of the guide; `name` is part of its address."""

    name: str
    title: str | Promise
    lead: str | Promise
    steps: tuple[GuideStep, ...]


UPLOAD = GuidePage(
    "upload",
    _("Upload articles"),
    _(
        "From a file on your computer to the readers. Nothing is in the archive before you say so, and "
        "every import can be undone."
    ),
    (
        GuideStep(
            _(
                "Open [[Upload articles]] on the front page of the desk and choose one file or many: "
                "texts, documents, PDF with text, e-mails, tables, or a zip of them."
            ),
            GuidePicture("upload-form", _("The form of an upload")),
        ),
        GuideStep(
            _(
                "If the articles do not name their source, type it under [[Source of articles that name "
                "none]]. Then press [[Upload and look]]."
            )
        ),
        GuideStep(
            _(
                "The preview has the files with faults first and says why a record cannot be imported. If "
                "a table has a column that the archive does not know, say what it is and press [[Read the "
                "columns so]]; a column that nobody explains is left out."
            ),
            GuidePicture("upload-preview", _("A preview with a rejected record and an unknown column")),
        ),
        GuideStep(
            _(
                "Are the number, the dates and the first titles what you expected? Then a librarian "
                "presses [[Import these articles]]; a contributor leaves that to them. If not, press "
                "[[Give up this import]], mend the files and upload them again."
            )
        ),
        GuideStep(
            _(
                "Now the page says how many articles are new, updated, unchanged or rejected. Send [[The "
                "rejected records as a table (csv)]] to whoever made the file."
            ),
            GuidePicture("upload-result", _("An import that is done")),
        ),
        GuideStep(
            _(
                "A text that may be unreadable is held: letters were lost, the encoding was wrong, words are "
                "cut. No reader finds it. Look at it under [[Held for review]], beside its original, and "
                "publish or refuse it; the decision can be undone. Better: import the file once more when it "
                "is mended, and the good text replaces it."
            )
        ),
        GuideStep(_("The same file twice does no harm: what is in the archive already stays as it is.")),
    ),
)

REVIEW = GuidePage(
    "review",
    _("Review what was inferred"),
    _(
        "Where a file does not say the source, the date, the author or the title, the archive reads them "
        "from the text. What is not certain waits for your decision."
    ),
    (
        GuideStep(
            _(
                "The front page of the desk and the page of an import say how many facts wait, and lead "
                "to [[Doubtful facts]]."
            )
        ),
        GuideStep(
            _(
                "Read the sentence: what the fact was read from is marked in it. Beside it stand the rule "
                "and how certain it is."
            ),
            GuidePicture("review-fact", _("A fact with the sentence that it was read from")),
        ),
        GuideStep(
            _(
                "If it is right, press [[Accept]]. If it is nearly right, change it in the field and "
                "press [[Save the correction]]. If the sentence does not say it, press [[Reject]]."
            )
        ),
        GuideStep(
            _(
                "A wrong press does no harm: [[Take back]] is beside each of your last decisions, at the "
                "end of the page."
            )
        ),
        GuideStep(
            _(
                "If many are alike, choose a filter above the list first; then [[Yes, accept them all]] "
                "accepts what it leaves."
            )
        ),
        GuideStep(
            _(
                "Mistakes that readers reported stand above the list. Open the article by [[Edit]], mend "
                "it, then press [[Close|report]]; the report stays on record."
            ),
            GuidePicture("review-report", _("A mistake that a reader reported")),
        ),
        GuideStep(
            _(
                "The keyboard is quicker: `j` and `k` go on and back, `Enter` accepts, `e` edits, `x` "
                "rejects, `u` takes the last decision back."
            )
        ),
    ),
)

CORRECT = GuidePage(
    "correct",
    _("Correct an article"),
    _(
        "Small mistakes are mended where you read, larger ones at the desk. Each change is kept with your "
        "name and can be taken back."
    ),
    (
        GuideStep(
            _(
                "Find the article on the readers’ pages and open it. Above the headline is a line for you "
                "alone."
            ),
            GuidePicture("correct-article", _("An article with the line for staff")),
        ),
        GuideStep(
            _(
                "If a city has nothing to do with it, unfold the cities below the text and press [[Not "
                "this place]] beside its name."
            )
        ),
        GuideStep(
            _(
                "If the date is wrong, type the right one as it is known, `2012-05-24`, `2012-05` or "
                "`2012`, and press [[Wrong date]]. With an empty field the article becomes undated."
            )
        ),
        GuideStep(
            _(
                "If a date that the text mentions was read wrong, unfold the dates below the text and press "
                "[[Not this date]] beside it."
            )
        ),
        GuideStep(_("For a day, what you did stands on the page with a button [[Undo]].")),
        GuideStep(
            _(
                "For the title, the text, the author or the source press [[Edit]]. Say under [[Why this "
                "change]] what you went by, such as the printed issue, and save."
            ),
            GuidePicture("correct-form", _("The form of an article, with the reason")),
        ),
        GuideStep(
            _(
                "[[Correct the places …]] in the same form adds a place that was not recognised, or takes "
                "another one of the same name."
            )
        ),
        GuideStep(
            _(
                "The history of an article has every change with name, time and reason. An administrator "
                "can go back to the state before any of them."
            )
        ),
    ),
)

WITHDRAW = GuidePage(
    "withdraw",
    _("Withdraw an article or an import"),
    _(
        "What should not be read is withdrawn, not deleted: readers find it no longer, and the archive "
        "keeps it."
    ),
    (
        GuideStep(
            _(
                "One article: open it and press [[Hide|article]]. From then on no search, list, feed or "
                "file has it, and its address says that there is no such page."
            ),
            GuidePicture("withdraw-article", _("A hidden article, as staff see it")),
        ),
        GuideStep(
            _(
                "Press [[Undo]] there to publish it again. Later than a day, tick it in the list of "
                "articles and choose [[Publish the selected articles]]."
            )
        ),
        GuideStep(
            _(
                "Several articles: tick them in the list of articles, choose [[Withdraw the selected "
                "articles]], give the reason and press [[Yes, do it]]."
            )
        ),
        GuideStep(
            _(
                "A whole import: open it, unfold [[Undo this import]], say why and press [[Undo the whole "
                "import]]. What it brought is withdrawn, and what it updated is as it was. [[Do it "
                "again]] takes that back."
            ),
            GuidePicture("withdraw-import", _("An import is undone with a reason")),
        ),
        GuideStep(
            _(
                "Only where the law demands it does an administrator erase an article: [[Erase by law "
                "…]]. That cannot be undone, and older backups still hold the text."
            )
        ),
    ),
)

BACK_UP = GuidePage(
    "back-up",
    _("Back up and restore"),
    _(
        "The database is the archive: articles, originals, uploads and users. A copy of it brings "
        "everything back; the index is made anew. This page is for whoever looks after the machine."
    ),
    (
        GuideStep(
            _("Every night, copy the database; people may go on working. With SQLite:"),
            command=".venv/bin/python tools/backup.py archive-2026-11-30.sqlite3",
        ),
        GuideStep(_("With PostgreSQL:"), command="pg_dump --format=custom --file=archive.dump archive"),
        GuideStep(
            _(
                "Keep several copies, on another machine, together with the file `secret_key` of the data "
                "folder. Lock them away: they also hold what is withdrawn."
            )
        ),
        GuideStep(
            _(
                "To restore, stop the archive, put the copy in the place of `archive.sqlite3` in the data "
                "folder, delete `archive.sqlite3-wal` and `archive.sqlite3-shm` if they are there, and "
                "start the archive. It makes its index anew; check it:"
            ),
            command=".venv/bin/python manage.py check_index",
        ),
        GuideStep(
            _(
                "Then open [[What the archive holds]]: are there as many articles as before, up to the "
                "day of the copy?"
            ),
            GuidePicture("back-up-coverage", _("What the archive holds, source by source")),
        ),
        GuideStep(
            _("Try it before you need it: put a copy into another folder, start from there, and search."),
            command="ARCHIVE_DATA_DIR=/srv/trial make run PORT=8001",
        ),
        GuideStep(
            _(
                "After an erasure by law, delete the copies made before, or erase again after restoring "
                "one of them."
            )
        ),
    ),
)

PROTECT = GuidePage(
    "protect",
    _("Protect your account"),
    _(
        "Whoever guesses or steals a password can change the archive in your name. With a second factor "
        "the password alone opens nothing."
    ),
    (
        GuideStep(
            _(
                "Choose a password of ten letters or more that you use nowhere else. To change it, use the "
                "link in the head of the desk."
            )
        ),
        GuideStep(
            _(
                "Press [[Second factor]] beside it. On your phone open an app for one-time codes; any will "
                "do. Let it read the picture, type the six digits that it shows and press [[Set up]]."
            ),
            GuidePicture("protect-set-up", _("The page on which a second factor is set up")),
        ),
        GuideStep(
            _(
                "Now ten recovery codes are shown, once. Write them down and keep them apart from the phone: "
                "each one replaces the phone once. Then press [[I have written them down]]."
            )
        ),
        GuideStep(
            _(
                "From now on the archive asks for the code of the app after your password. Without the phone "
                "type a recovery code in the same field."
            )
        ),
        GuideStep(
            _(
                "For a new phone, open [[Second factor]] while you are logged in, press [[Remove the second "
                "factor]] and set it up again."
            )
        ),
        GuideStep(
            _(
                "If phone and recovery codes are lost, whoever looks after the machine takes the second "
                "factor away; then log in with your password and set up a new one:"
            ),
            command=".venv/bin/python manage.py reset_second_factor NAME",
        ),
    ),
)

PAGES = (UPLOAD, REVIEW, CORRECT, WITHDRAW, PROTECT, BACK_UP)
