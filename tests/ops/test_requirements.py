"""Each dependency is imported by the code, or listed here with the words that use it."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("arabic", "articles", "search", "newsarchive")
#: Packages whose name is not that of their module.
MODULES = {
    "django-axes": "axes",
    "django-otp": "django_otp",
    "marisa-trie": "marisa_trie",
    "django-csp": "csp",
    "django-import-export": "import_export",
    "django-elasticsearch-dsl": "django_elasticsearch_dsl",
    "django-ninja": "ninja",
    "django-tasks": "django_tasks",
    "django-tasks-db": "django_tasks_db",
    "dj-database-url": "dj_database_url",
    "charset-normalizer": "charset_normalizer",
    "prometheus-client": "prometheus_client",
    "psycopg": "psycopg",
}
#: Packages that are used without an import: the file, and the words in it that need the package.
USED_BY_NAME = {
    "gunicorn": ("newsarchive/serve.py", '"gunicorn"'),
    "whitenoise": ("newsarchive/settings.py", "whitenoise.middleware.WhiteNoiseMiddleware"),
    "psycopg": ("docker-compose.yml", "postgres://"),
    "dj-database-url": ("newsarchive/settings.py", "env.dj_db_url"),
    "defusedxml": ("articles/readers", "openpyxl"),
    "lxml_html_clean": ("articles/readers", "trafilatura"),
}


def requirements(name: str) -> dict[str, str]:
    """Return package to version, of one file of requirements."""
    lines = (PROJECT / name).read_text().splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith(("#", "-"))]
    return {re.sub(r"\[.*\]", "", package): version for package, version in pinned}


def imported() -> set[str]:
    """Return the top-level names of all modules that the four packages import."""
    names: set[str] = set()
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names.update(alias.name.split(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.split(".")[0])
    return names


def is_used_by_name(package: str) -> bool:
    """Return True if the words that need the package are still in the file that USED_BY_NAME gives."""
    place, words = USED_BY_NAME[package]
    path = PROJECT / place
    files = path.rglob("*.py") if path.is_dir() else [path]
    return any(words in file.read_text() for file in files)


@pytest.mark.parametrize("package", sorted(requirements("requirements.txt")))
def test_every_requirement_is_used_by_the_code(package: str) -> None:
    module = MODULES.get(package, package.lower())
    assert module in imported() or (package in USED_BY_NAME and is_used_by_name(package))


def test_packages_that_nothing_imports_are_named_in_settings() -> None:
    packages = requirements("requirements.txt")
    assert set(USED_BY_NAME) <= set(packages), "a package that left is still excused"


@pytest.mark.parametrize("module", ["django", "django_elasticsearch_dsl", "elasticsearch", "pyarabic"])
def test_the_four_packages_of_the_design_are_imported(module: str) -> None:
    assert module in imported()


def test_pyarabic_is_called_and_not_only_imported() -> None:
    aliases = set()
    called = set()
    for path in (PROJECT / "arabic").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom) and "pyarabic" in ast.unparse(node):
                aliases.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        called.update(
            ast.unparse(node).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Attribute)
        )
        called.update(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    assert aliases & called


def test_elasticsearch_stays_below_the_version_that_indexes_empty_documents() -> None:
    major, minor, *_ = requirements("requirements.txt")["elasticsearch"].split(".")
    assert (int(major), int(minor)) < (9, 4)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_constraints_pin_every_requirement_to_the_same_version(name: str) -> None:
    def plain(package: str) -> str:
        return re.sub(r"[-_.]+", "-", package).lower()

    pinned = {plain(package): version for package, version in requirements("constraints.txt").items()}
    for package, version in requirements(name).items():
        assert pinned.get(plain(package)) == version, package


def test_every_dependency_has_its_reason_and_licence_in_the_decisions() -> None:
    (record,) = (PROJECT / "docs" / "decisions").glob("0001-*.md")
    text = record.read_text()
    for package in (*requirements("requirements.txt"), *requirements("requirements-dev.txt")):
        assert f"| {package} |" in text, package


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_has_the_pinned_versions_with_hashes(name: str) -> None:
    locked = (PROJECT / f"{name}.lock").read_text()
    packages = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^ ;\\]+)", locked, re.MULTILINE)
    versions = {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in packages}
    for package, version in requirements(f"{name}.txt").items():
        assert versions[re.sub(r"[-_.]+", "-", package).lower()] == version, "make lock"
    blocks = re.split(r"\n(?=\S)", locked.strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "--require-hashes" in (PROJECT / "tools" / "environment.sh").read_text()
    assert "--require-hashes" in (PROJECT / "Dockerfile").read_text()
