"""A large import, measured: .venv/bin/python -m tools.scale [--articles N] [--words N] [--engine NAME]

Invented articles are imported into an archive of their own in a temporary folder. Prints one JSON object:
articles, seconds, articles a second, and the most memory that the importing process and its helpers held
together (resident set sizes added up, so shared pages count more than once)."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(PROJECT / "manage.py")]
LOOK_SECONDS = 0.2


def _list(text: str) -> list[str]:
    return text.split("|")


ROOTS = _list("كتب|درس|قصف|وصل|خرج|دخل|فتح|حمل|نقل|ضرب|جمع|رفع|سمع|حكم|شهد|قتل|عمل|سكن|زرع|صنع")
#: How a word is made of the three letters of its root.
SHAPES = _list("{0}{1}{2}|ال{0}{1}ا{2}|{0}ا{1}{2}|م{0}{1}و{2}|و{0}{1}{2}وا|ب{0}{1}{2}ة|ي{0}{1}{2}ون")
PLACES = _list("حمص|حلب|دمشق|حماة|درعا|إدلب|الرقة|اللاذقية|طرطوس|القامشلي|بيروت|عمان|القاهرة|جنيف")
MONTHS = _list("كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول")


def main() -> int:
    """Generate, import, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=120, help="in each text")
    parser.add_argument("--engine", default="embedded", choices=["embedded", "elasticsearch"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsarchive-scale-") as folder:
        file = Path(folder) / "invented.jsonl.gz"
        with gzip.open(file, "wt", compresslevel=1, encoding="utf-8") as out:
            out.writelines(line + "\n" for line in articles(options.articles, options.words))
        environment = os.environ | {
            "ARCHIVE_DATA_DIR": folder,
            "SEARCH_ENGINE": options.engine,
            "ELASTICSEARCH_PREFIX": f"scale-{os.getpid()}",
        }
        environment.pop("DATABASE_URL", None)
        subprocess.run([*MANAGE, "migrate", "-v0"], env=environment, check=True)
        print(json.dumps(measured([*MANAGE, "import_articles", str(file), "--json"], environment)))
    return 0


def articles(count: int, words: int) -> Iterator[str]:
    """Lines of jsonl, the same for every run."""
    chance = random.Random(7)  # noqa: S311  texts, no secret
    for number in range(count):
        text = [word(chance) for _ in range(words)]
        told = f"{chance.randint(1, 28)} {chance.choice(MONTHS)} 2014"
        text[words // 2] = f"في {chance.choice(PLACES)} يوم {told}."
        title = " ".join([word(chance), chance.choice(PLACES), *(word(chance) for _ in range(4))])
        day = f"201{chance.randint(1, 6)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        fields = {"id": str(number), "title": title, "body": " ".join(text), "date": day}
        yield json.dumps(fields | {"source": f"صحيفة {number % 9}"}, ensure_ascii=False)


def word(chance: random.Random) -> str:
    """An invented word of a known shape; one in fifty has letters at random."""
    root = chance.choice(ROOTS)
    letters = root if chance.random() < 0.98 else "".join(chance.choices("بتجدرسعفقلمنهي", k=3))
    return chance.choice(SHAPES).format(*letters)


def measured(command: list[str], environment: dict[str, str]) -> dict[str, float | int]:
    """Runs an import and looks at its memory meanwhile."""
    began, most = time.monotonic(), 0
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=silent) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(LOOK_SECONDS)
        report = json.loads(process.stdout.read()) if process.stdout else {}
    seconds = time.monotonic() - began
    return {
        "articles": report["created"],
        "seconds": round(seconds, 1),
        "articles_per_second": round(report["created"] / seconds, 1),
        "peak_mb": round(most / 1024**2),
    }


def resident(pid: int) -> int:
    """Bytes of a process and all below it."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
