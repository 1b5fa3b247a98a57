"""`make run` reports problems clearly, keeps its secrets, and repeats no work."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from articles.models import Article, Source
from articles.pulse import beat
from newsarchive import serve
from newsarchive.management.commands.setup_archive import collect_static
from newsarchive.secret import load_or_create_secret
from newsarchive.serve import ProcessSupervisor, find_listen_error
from search import index_state
from search.vocabulary import vocabulary_updates
from tests.ops.running import wait_until

PROJECT = Path(__file__).resolve().parents[2]


def test_a_port_in_use_is_reported_in_both_languages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "newsarchive.serve"], check=False, cwd=PROJECT, capture_output=True,
            text=True, env=os.environ | {"HOST": "127.0.0.1", "PORT": str(port)},
        )  # fmt: skip
    assert done.returncode == 1
    assert f"make run PORT={port + 1}" in done.stderr
    assert "تعذّر فتح العنوان" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_free_port_is_usable_and_an_unknown_host_is_not() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert find_listen_error("127.0.0.1", port) == ""
    assert find_listen_error("192.0.2.1", port) != ""


def test_the_worker_ends_with_the_server() -> None:
    began = time.monotonic()
    assert ProcessSupervisor(lambda: sys.exit(3), lambda: time.sleep(600)).run() == 3
    assert time.monotonic() - began < serve.STOP_SECONDS, "it ends when it is asked to"


def test_a_worker_that_ends_is_restarted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "RESTART_SECONDS", 0)
    runs = tmp_path / "runs"
    runs.write_text("")

    def work() -> None:
        with runs.open("a") as file:
            file.write("x")

    def web() -> None:
        wait_until(lambda: len(runs.read_text()) > 2, 30)
        sys.exit(4)

    assert ProcessSupervisor(web, work).run() == 4


def test_a_worker_that_gives_no_sign_of_life_is_killed_and_restarted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(serve, "RESTART_SECONDS", 0.1)
    begun, beating = tmp_path / "begun", tmp_path / "beating"

    def hangs_at_first() -> None:
        beat()
        hung = begun.exists()
        begun.touch()
        while hung:
            beat()
            beating.touch()
            time.sleep(0.1)
        time.sleep(600)  # as a held interpreter does, it gives no sign of life

    def idle() -> None:
        time.sleep(600)  # has not given its first sign yet, and so is not watched

    def web() -> None:
        wait_until(beating.exists, 60)

    ProcessSupervisor(web, hangs_at_first, idle).run()
    assert beating.exists()
    assert capfd.readouterr().err.count("no sign of life") >= 1


def test_no_child_outlives_a_supervisor_that_is_killed() -> None:
    script = (
        "import os, time; from newsarchive.serve import ProcessSupervisor\n"
        "def work():\n    print(os.getpid(), flush=True)\n    time.sleep(600)\n"
        "ProcessSupervisor(work, work).run()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout
        children = [int(supervisor.stdout.readline()) for _ in range(2)]
        supervisor.kill()
    wait_until(lambda: not any(is_running(child) for child in children), 30)


def is_running(process: int) -> bool:
    """Return True if a process exists and is more than an entry that its parent has not read."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_preloading_loads_all_tables_and_nothing_that_a_fork_would_break() -> None:
    script = (
        "import sys, threading; from newsarchive.preload import preload; preload();"
        "from django.db import connections; from arabic.tables.gazetteer import gazetteer;"
        "print(threading.active_count(), connections['default'].connection, gazetteer.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=PROJECT, capture_output=True, text=True
    )
    assert done.stdout == "1 None 1\n"


def test_the_archive_is_read_before_the_workers_fork_and_no_connection_stays(tmp_path: Path) -> None:
    environment = os.environ | {"ARCHIVE_DATA_DIR": str(tmp_path), "SEARCH_ENGINE": "embedded"}
    environment.pop("DATABASE_URL", None)

    def run(script: str) -> subprocess.CompletedProcess[str]:
        start = "from newsarchive.preload import preload, read_archive; preload(); "
        return subprocess.run(
            [sys.executable, "-c", start + script],
            check=True, cwd=PROJECT, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    read = (
        "read_archive(); import os, threading; from django.db import connections;"
        "from search.store.archive_names import _kept;"
        "print(threading.active_count(), connections['default'].connection, flush=True);"
        "os.fork() or print(_kept._names is not None, flush=True)"
    )
    done = run(read)
    assert done.stdout == "1 None\nFalse\n"
    assert "not read ahead" in done.stderr
    run("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    done = run(read)
    assert done.stdout == "1 None\nTrue\n"
    assert done.stderr == ""


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    first = load_or_create_secret(path)
    assert len(first) > 50
    assert load_or_create_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["secret"], "no draft is left"


@pytest.mark.django_db
def test_the_administrator_is_created_once_and_the_password_shown_once(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    settings.ARCHIVE_DATA_DIR = tmp_path
    call_command("setup_archive", "--no-static", "--no-samples")
    kept = tmp_path / "admin_password"
    password = kept.read_text()
    shown = capsys.readouterr().out
    assert password in shown
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert get_user_model().objects.get(username="admin").check_password(password)
    call_command("setup_archive", "--no-static", "--no-samples")
    assert password not in capsys.readouterr().out
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_an_archive_with_an_article_gets_no_samples(settings: object, tmp_path: Path) -> None:
    settings.ARCHIVE_DATA_DIR = tmp_path
    Article.objects.create(title="خبر", body="نص الخبر", source=Source.objects.create(name="صحيفة"))
    call_command("setup_archive", "--no-static")
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_a_start_after_a_killed_rebuild_does_not_rebuild_the_index(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ARCHIVE_DATA_DIR = tmp_path
    settings.SEARCH_ENGINES = {
        "embedded": {**settings.SEARCH_ENGINES["embedded"], "PATH": tmp_path / "index"}
    }
    Article.objects.create(title="خبر", body="نص الخبر")
    call_command("setup_archive", "--no-static")
    assert "Building the search index" in capsys.readouterr().out
    vocabulary_updates.freeze_vocabulary()
    index_state.update_index_state(building="started")
    call_command("setup_archive", "--no-static")
    assert "Building the search index" not in capsys.readouterr().out


def test_static_files_are_collected_again_only_when_one_changed(settings: object, tmp_path: Path) -> None:
    source = tmp_path / "static"
    source.mkdir()
    (source / "page.css").write_text("p { color: black }")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    assert collect_static() is True
    assert collect_static() is False
    (source / "page.css").write_text("p { color: darkred }")
    os.utime(source / "page.css", (2_000_000_000, 2_000_000_000))
    assert collect_static() is True
    assert "darkred" in (tmp_path / "collected" / "page.css").read_text()


def environment_script(path: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run tools/environment.sh on a copy of the requirements, with only these programs on the PATH."""
    (folder / "tools").mkdir(exist_ok=True)
    for name in ("tools/environment.sh", "requirements.lock", "requirements-dev.lock"):
        (folder / name).write_bytes((PROJECT / name).read_bytes())
    return subprocess.run(
        ["/bin/sh", str(folder / "tools" / "environment.sh"), *arguments],
        check=False, capture_output=True, text=True, env={"PATH": path}, cwd=folder,
    )  # fmt: skip


def fake_programs(folder: Path, **scripts: str) -> str:
    """Return a PATH with these scripts before the ordinary tools, and no other Python."""
    folder.mkdir()
    for tool in ("sh", "cat", "cksum", "dirname", "mkdir", "rm", "sleep", "touch", "kill", "command"):
        for place in ("/bin", "/usr/bin"):
            if (Path(place) / tool).exists() and not (folder / tool).exists():
                (folder / tool).symlink_to(Path(place) / tool)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_a_python_that_is_too_old_is_reported_in_both_languages(tmp_path: Path) -> None:
    path = fake_programs(tmp_path / "bin", python3="exit 1", python="exit 1")
    done = environment_script(path, "run", folder=tmp_path)
    assert done.returncode == 1
    assert "Python 3.11 or newer was not found" in done.stderr
    assert "بايثون" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_package_missing_for_venv_is_named(tmp_path: Path) -> None:
    # Its version is new enough, but it only runs short scripts.
    script = f'case "$1" in -c) exec {sys.executable} "$@" ;; *) exit 1 ;; esac'
    done = environment_script(fake_programs(tmp_path / "bin", python3=script), "run", folder=tmp_path)
    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists(), "nothing half-made is left"
    assert not (tmp_path / ".venv.lock").exists()
