"""Writes requirements.lock and requirements-dev.lock: every package, its version and the hashes of its files.

    make lock      after a change of requirements*.txt or constraints.txt

pip installs from them with --require-hashes, so a file that was exchanged in a registry
or a mirror is refused.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"


def lock(requirements: str, output: str) -> None:
    """Resolve a file of requirements under the constraints, for every platform, and write its lock."""
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--universal",
        "--generate-hashes", "--no-header", "--no-annotate", "--python-version", OLDEST_PYTHON,
        "--constraint", "constraints.txt", requirements, "--output-file", output,
    ]  # fmt: skip
    (PROJECT / output).unlink(missing_ok=True)
    subprocess.run(command, check=True, cwd=PROJECT)
    print(f"{output}: {(PROJECT / output).read_text().count('==')} packages")


def main() -> int:
    """Write both files."""
    lock("requirements.txt", "requirements.lock")
    lock("requirements-dev.txt", "requirements-dev.lock")
    return 0


if __name__ == "__main__":
    sys.exit(main())
