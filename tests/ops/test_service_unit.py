"""The unit of systemd: valid, hardened, and true to what the project has."""

from __future__ import annotations

import configparser
import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from newsarchive import serve
from tests.ops.archive import ROOT

UNIT = ROOT / "deploy" / "newsarchive.service"


@pytest.fixture(scope="module")
def service() -> configparser.SectionProxy:
    """Return the section of the service."""
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    return unit["Service"]


def test_it_starts_what_make_run_starts_and_gives_it_time_to_end(service: configparser.SectionProxy) -> None:
    assert service["ExecStart"].endswith(".venv/bin/python -m newsarchive.serve")
    assert importlib.util.find_spec("newsarchive.serve")
    assert int(service["TimeoutStopSec"]) > serve.STOP_SECONDS


def test_it_may_write_its_data_alone_and_gain_no_privileges(service: configparser.SectionProxy) -> None:
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/opt/newsarchive/staticfiles"
    assert (service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == ("true", "")
    assert service["User"] != "root"


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        return  # not on this machine; the tests above hold everywhere
    here = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/newsarchive/.venv/bin/python", "/bin/true")
    here.write_text(text.replace("User=newsarchive", "User=root"), encoding="utf-8")
    done = subprocess.run(
        [verifier, "verify", "--man=no", str(here)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
