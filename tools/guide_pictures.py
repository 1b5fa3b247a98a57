"""Takes the pictures of the desk's guide, in both languages (part of python -m tools.screenshots).

The administrator of an archive with the samples uploads a table, reviews, corrects, hides and undoes, as the
guide says.
"""

from __future__ import annotations

import base64
import urllib.parse
from pathlib import Path

from playwright.sync_api import Page

GUIDE = Path(__file__).resolve().parent.parent / "static" / "admin-archive" / "guide"
LANGUAGES = ("ar", "en")
WIDTH, HEIGHT = 1000, 620
#: Of 100; letters stay sharp and a picture stays below 80 KB.
QUALITY = 60
_WITHOUT_SIDEBAR = (
    "document.querySelectorAll('#nav-sidebar, #toggle-nav-sidebar').forEach(one => one.remove())"
)
#: Invented; the second row has neither title nor text, and no field of an article is called so.
TABLE = "id,title,body,date,الصفحة\n" + "\n".join(
    (
        "1,معرض للزهور في الحديقة العامة,افتتح معرض الزهور في الحديقة العامة بحضور الأهالي.,2015-03-02,4",
        "2,,,2015-03-02,5",
        "3,ترميم الجسر القديم,بدأت البلدية ترميم الجسر القديم في حماة وتستمر الأعمال شهرين.,2015-03-04,1",
    )
)


class GuidePhotographer:
    """Walks through the guide in one page that is logged in."""

    def __init__(self, page: Page, address: str, folder: Path = GUIDE) -> None:
        self._page, self._address, self._folder = page, address, folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, password: str) -> None:
        """Take all pictures. `password` is the administrator's."""
        page = self._page
        page.set_viewport_size({"width": WIDTH, "height": 900})
        self._open("/admin/login/?next=/admin/", "ar")
        page.fill("#id_username", "admin")
        page.fill("#id_password", password)
        page.click("input[type=submit]")
        self._upload()
        self._review()
        self._correct_and_hide()
        self._picture("protect-set-up", "/admin/second-factor/", "#content")  # its key is used by nobody
        self._picture("back-up-coverage", "/coverage/", "#main")

    def _open(self, path: str, language: str) -> None:
        joint = "&" if "?" in path else "?"
        self._page.goto(f"{self._address}{path}{joint}lang={language}", wait_until="networkidle")

    def _picture(
        self,
        name: str,
        path: str,
        part: str,
        *,
        unfold: str = "",
        height: int = HEIGHT,
        from_end: bool = False,
    ) -> None:
        """Take a part of a page in each language: `height` pixels from its start or up to its end."""
        for language in LANGUAGES:
            self._open(path, language)
            self._page.evaluate(_WITHOUT_SIDEBAR)
            if unfold:
                self._page.locator(unfold).first.evaluate("element => { element.open = true; }")
            box = self._page.locator(part).first.bounding_box()
            if box is None:
                raise RuntimeError(f"{path} has no {part}")
            shown = height if from_end else min(box["height"], height)
            clip = {
                "x": box["x"],
                "y": box["y"] + (box["height"] - shown if from_end else 0),
                "width": min(box["width"], WIDTH),
                "height": shown,
                "scale": 1,
            }
            session = self._page.context.new_cdp_session(self._page)
            wanted = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
            shot = session.send("Page.captureScreenshot", wanted)
            session.detach()
            (self._folder / f"{name}.{language}.webp").write_bytes(base64.b64decode(shot["data"]))

    def _upload(self) -> None:
        page, upload = self._page, "/admin/articles/importbatch/upload/"
        self._picture("upload-form", upload, "#content")
        self._open(upload, "ar")
        table = {"name": "march.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
        page.set_input_files("input[type=file]", files=[table])
        page.fill("#id_default_source", "صحيفة الضفاف")
        page.click(".submit-row input[type=submit]")
        page.wait_for_selector("form[action$='/confirm/']")
        batch = urllib.parse.urlsplit(page.url).path
        self._picture("upload-preview", batch, "#content", unfold=".desk-columns")
        self._open(batch, "ar")
        page.click("form[action$='/confirm/'] input[type=submit]")
        page.wait_for_selector("form[action$='/undo/']", state="attached", timeout=60_000)
        self._picture("upload-result", batch, "#content")
        self._picture("withdraw-import", batch, "#content", unfold="details:has(form[action$='/undo/'])")

    def _review(self) -> None:
        page, review = self._page, "/admin/articles/inference/review/"
        self._picture("review-fact", review, ".review-fact", height=320)
        self._open("/search/?q=" + urllib.parse.quote("حلب"), "ar")
        page.goto(page.locator(".hit h2 a, .hit h3 a, .hit a.headline").first.evaluate("link => link.href"))
        article = urllib.parse.urlsplit(page.url).path
        page.goto(f"{self._address}{article}report/")
        page.fill("#text", "اسم المدينة في العنوان مكتوب خطأ.")
        page.click("form.report button")
        self._picture("review-report", review, "section[aria-labelledby=reports]", height=320)

    def _correct_and_hide(self) -> None:
        page = self._page
        self._open("/search/?q=" + urllib.parse.quote("الجسر القديم"), "ar")
        page.goto(page.locator(".hit h2 a, .hit h3 a, .hit a.headline").first.evaluate("link => link.href"))
        article = urllib.parse.urlsplit(page.url).path
        number = article.strip("/").rpartition("/")[2]
        self._picture("correct-article", article, "#main", height=420)
        self._picture(
            "correct-form",
            f"/admin/articles/article/{number}/change/",
            "fieldset:has(#id_reason)",
            from_end=True,
            height=520,
        )
        self._open(article, "ar")
        page.click("button[name=act][value=hide]")
        page.wait_for_load_state("networkidle")
        self._picture("withdraw-article", article, "#main", height=320)
