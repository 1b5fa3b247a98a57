"""The README is an interface: its commands parse and run, its settings and links exist."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.ops.archive import PATIENCE
from tests.ops.prefork import Prefork

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ENTRY = ".venv/bin/python manage.py "
#: Run elsewhere: test_make.py (`make run`), `make test` by itself, test_compose.py and test_deployment.py.
ELSEWHERE = {"make run", "make test", "deploy/make-env.sh archive.example.org", "docker compose up --detach"}


def shown_commands() -> list[str]:
    """Every line of every shell block, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


MANAGE = [line for line in shown_commands() if ENTRY in line]


def test_the_first_two_commands_are_run_and_test() -> None:
    assert shown_commands()[:2] == ["make run", "make test"]


def test_every_shell_line_is_tested_somewhere() -> None:
    rest = [line for line in shown_commands() if line not in MANAGE and line not in ELSEWHERE]
    assert rest == [".venv/bin/python tools/backup.py backup.sqlite3"]


@pytest.mark.parametrize("line", MANAGE)
def test_the_options_shown_are_those_of_the_command(line: str) -> None:
    name, *arguments = shlex.split(line.split(ENTRY, 1)[1])
    command = load_command_class(get_commands()[name], name)
    parsed = vars(command.create_parser("manage.py", name).parse_args(arguments))
    assert parsed


def table_rows() -> list[tuple[str, list[str]]]:
    """(command, its options) of each row in the table of commands."""
    rows = re.findall(r"^\| `([a-z_]+)((?: [^`]*)?)` \|", README, re.MULTILINE)
    return [(name, re.findall(r"--[a-z-]+", rest)) for name, rest in rows]


@pytest.mark.parametrize(("name", "options"), table_rows(), ids=[name for name, _ in table_rows()])
def test_the_table_of_commands_shows_options_that_exist(name: str, options: list[str]) -> None:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    assert set(options) <= set(parser._option_string_actions)


def test_every_command_is_in_the_table() -> None:
    ours = {name for name, app in get_commands().items() if app in {"articles", "search", "newsarchive"}}
    assert ours == {name for name, _ in table_rows()}


def test_every_setting_that_the_code_reads_is_in_the_table() -> None:
    code = "".join(
        (PROJECT / name).read_text()
        for name in ("newsarchive/settings.py", "newsarchive/serve.py", "deploy/gunicorn.conf.py")
    )
    read = set(re.findall(r"""(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)\"""", code))
    assert len(read) > 20
    section = README.split("## Settings")[1].split("\n## ")[0]
    assert {name for name in read if f"`{name}`" not in section} == set()


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= targets


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Create an archive with the sample articles and return its environment."""
    environment = os.environ | {
        "ARCHIVE_DATA_DIR": str(tmp_path_factory.mktemp("archive")),
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
        "SEARCH_ENGINE": "embedded",
    }
    environment.pop("DATABASE_URL", None)
    run(f"{ENTRY}setup_archive --no-static", environment)
    return environment


def run(line: str, environment: dict[str, str]) -> str:
    """Run a line of the README, which must succeed, and return its output."""
    words = shlex.split(line)
    settings = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    words = [word for word in words if word.split("=", 1)[0] not in settings]
    words[0] = sys.executable
    if "ARCHIVE_DATA_DIR" in settings:
        settings["ARCHIVE_DATA_DIR"] = str(
            Path(environment["ARCHIVE_DATA_DIR"]) / settings["ARCHIVE_DATA_DIR"]
        )
        words += ["--no-static"]
    if words[1] == "tools/backup.py":
        words[2] = str(Path(environment["ARCHIVE_DATA_DIR"]) / words[2])
    done = subprocess.run(
        words, check=False, cwd=PROJECT, env=environment | settings, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def forks(archive: dict[str, str]) -> Iterator[Prefork]:
    """Yield what starts processes of the archive without the start-up time of Python and Django."""
    server = Prefork(archive)
    yield server
    server.close()


@pytest.mark.slow
@pytest.mark.parametrize("line", [line for line in shown_commands() if line not in ELSEWHERE])
def test_the_command_runs_as_shown(line: str, archive: dict[str, str], forks: Prefork) -> None:
    if line.startswith(ENTRY):
        # Without the start of Python and Django: the archive was set up and is backed up with it.
        words = shlex.split(line.removeprefix(ENTRY))
        if "--output" in words:  # not into the project's folder
            at = words.index("--output") + 1
            words[at] = str(Path(archive["ARCHIVE_DATA_DIR"]) / words[at])
        command = forks.start("manage.py", *words)
        assert command.wait(PATIENCE) == 0, command.error
        printed = command.out
    else:
        printed = run(line, archive)
    if "--json" in line:
        assert isinstance(json.loads(printed), dict)


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    ["حمص حلب", "حمص أو حلب", "حمص OR حلب", "حمص -حلب", "حمص NOT حلب", '"حمص القديمة"', "«حمص القديمة»",
     '"أحياء القديمة"~3', "عائل*", "*عائل*", "title:حمص", "city:حمص", "مدينة:حمص", 'source:"صحيفة الضفاف"',
     "(حمص أو حلب) -دمشق"],
)  # fmt: skip
def test_the_queries_shown_find_something_without_complaint(query: str, forks: Prefork) -> None:
    assert f"`{query}`" in README
    # The command itself runs as shown above.
    printed = forks.start("manage.py", "search", "--json", "--", query)
    assert printed.wait(PATIENCE) == 0, printed.error
    answer = json.loads(printed.out)
    assert answer["complaints"] == []
    assert answer["total"] > 0
