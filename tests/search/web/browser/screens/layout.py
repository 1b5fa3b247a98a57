"""What is wrong with the layout and the fonts of the page that a window shows."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import CDPSession, Page

PICTURES = Path("test-results") / "screens"
LAYOUT_FAULTS = Path(__file__).with_name("layout_faults.js").read_text(encoding="utf-8")
#: Elements whose own text is Arabic letters only, which other faces than ours could also draw.
ARABIC_TEXTS = """[...document.querySelectorAll("body *")].filter((element) => element.checkVisibility()
  && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
  && /^[\\u0621-\\u064a\\s]+$/.test(element.textContent)).slice(0, 60)
  .forEach((element) => element.setAttribute("data-arabic", ""))"""


def layout_faults(page: Page, language: str, width: int) -> list[str]:
    """Return what overlaps, is cut, is outside the page or runs the wrong way."""
    found: list[str] = page.evaluate(LAYOUT_FAULTS, {"language": language, "width": width})
    return sorted(set(found))


def foreign_fonts(page: Page, session: CDPSession) -> set[str]:
    """Return the faces that draw Arabic letters of the page and are not those of the archive."""
    page.evaluate(ARABIC_TEXTS)
    document = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": document, "selector": "[data-arabic]"})["nodeIds"]
    used = [session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"] for node in nodes]
    return {font["familyName"] for fonts in used for font in fonts if not font["isCustomFont"]}
