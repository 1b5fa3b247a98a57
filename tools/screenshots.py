"""Takes the pictures of README and guide from the sample articles (python -m tools.screenshots [guide]).

A new archive with the samples is served on a free port and displayed by Chromium, in Arabic and English, on a
wide screen and on a phone. With the word `guide` only the pictures of the desk's guide are taken.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.check import find_chromium
from tools.guide_pictures import GuidePhotographer
from tools.servers.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "images"
SEARCH = "/search/?q=" + urllib.parse.quote("أحياء حمص")
#: On a phone the list alone fills the picture; elsewhere the first hit is shown with its explanation.
NARROW = 600
#: File name: (address, language, width, height in CSS pixels).
VIEWS = {
    "search-ar.png": (SEARCH, "ar", 1440, 1000),
    "search-en.png": (SEARCH, "en", 1440, 1000),
    "search-ar-telephone.png": (SEARCH, "ar", 390, 844),
    "home-ar.png": ("/", "ar", 1440, 900),
}


def take(page: Page, address: str, folder: Path) -> None:
    """Save every view as a PNG in `folder`."""
    for name, (path, language, width, height) in VIEWS.items():
        page.set_viewport_size({"width": width, "height": height})
        separator = "&" if "?" in path else "?"
        page.goto(f"{address}{path}{separator}lang={language}", wait_until="networkidle")
        # A face of type that came too late for the first view is there for the second.
        page.reload(wait_until="networkidle")
        if path == SEARCH and width > NARROW:
            page.locator(".why-link").first.click()
            page.locator(".why").wait_for()
            page.evaluate("document.activeElement.blur()")
        page.screenshot(path=folder / name)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the archive responds. Raises RuntimeError if it ends or two minutes pass."""
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the archive did not start")


def main() -> int:
    """Return 0 when the pictures are in docs/images and in the folder of the guide."""
    browser_path = find_chromium()
    if browser_path is None:
        print("Chromium is needed: install it, or name it in CHROMIUM", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        password = secrets.token_urlsafe()
        environment = os.environ | {
            "ARCHIVE_DATA_DIR": data,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "ADMIN_PASSWORD": password,
        }
        serve = [sys.executable, "-m", "newsarchive.serve"]
        server = subprocess.Popen(serve, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}", server)
            with sync_playwright() as playwright:
                # Chromium has no sandbox when root runs it (in a container); the pages are our own.
                switches = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=browser_path, args=switches)
                if "guide" not in sys.argv[1:]:
                    take(browser.new_page(), f"http://127.0.0.1:{port}", PICTURES)
                GuidePhotographer(browser.new_page(), f"http://127.0.0.1:{port}").take(password)
                browser.close()
        finally:
            server.terminate()
            server.wait(60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
