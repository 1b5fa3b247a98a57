#!/bin/sh
# Builds .venv from the pinned requirements, whose files must have the known hashes, and names what is missing.
# Usage: tools/environment.sh run|dev
# Fast if nothing changed: a stamp holds the checksum of the requirements and of the interpreter.
set -eu
cd "$(dirname "$0")/.."
tier=${1:-run}
case $tier in run) wanted=requirements.lock ;; dev) wanted=requirements-dev.lock ;; *) echo "usage: $0 run|dev" >&2; exit 2 ;; esac

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if is_new_enough "$candidate"; then command -v "$candidate"; return; fi
    done
    cat >&2 <<'SAY'
لم نجد بايثون 3.11 أو أحدث.
Python 3.11 or newer was not found. Install it (Debian and Ubuntu: apt install python3 python3-venv;
macOS: brew install python), or name it: make run PYTHON=/path/to/python3.12
SAY
    exit 1
}

if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python; then
    python=.venv/bin/python
else
    python=$(find_python)
fi
# The stamp names the tier: the packages of "run" are part of "dev", so the dev stamp is valid for both.
checksum() { { cat "$1"; "$python" -c 'import sys; print(sys.version_info[:2])'; } | cksum; }
for stamped in dev run; do
    [ "$tier" = dev ] && [ "$stamped" = run ] && continue
    file=requirements.lock; [ "$stamped" = dev ] && file=requirements-dev.lock
    if [ -f ".venv/.complete-$stamped" ] && [ "$(cat ".venv/.complete-$stamped")" = "$(checksum "$file")" ]; then exit 0; fi
done

# One install at a time; the lock of a killed install is recognized by its dead owner.
tries=0
while ! mkdir .venv.lock 2>/dev/null; do
    owner=$(cat .venv.lock/owner 2>/dev/null || echo)
    tries=$((tries + 1))
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf .venv.lock
    elif [ -z "$owner" ] && [ "$tries" -gt 10 ]; then rm -rf .venv.lock
    else sleep 1; fi
done
echo $$ >.venv.lock/owner
trap 'rm -rf .venv.lock' EXIT
trap 'exit 130' INT TERM HUP

say_venv_missing() {
    echo "تعذّر إنشاء بيئة بايثون." >&2
    echo "$python cannot make an environment with pip (on Debian and Ubuntu: apt install python3-venv)." >&2
    exit 1
}

echo "إعداد بيئة بايثون؛ قد يستغرق ذلك دقيقة أو دقيقتين أول مرة …" >&2
echo "Preparing the Python environment (.venv); the first time takes a minute or two ..." >&2
rm -f .venv/.complete-*
# A killed pip leaves files that look installed but are incomplete, or an environment without pip: start over.
if [ -e .venv/.installing ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    python=$(find_python)
    "$python" -m venv .venv >/dev/null 2>&1 \
        || { rm -rf .venv; "$python" -m virtualenv -q .venv >/dev/null 2>&1; } \
        || { rm -rf .venv; say_venv_missing; }
    python=.venv/bin/python
fi
touch .venv/.installing
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$wanted" </dev/null || {
    echo "تعذّر تنزيل الحزم؛ تحقق من الاتصال بالشبكة." >&2
    echo "The packages could not be installed (see above). Is there a network, or a pip mirror set up?" >&2
    exit 1
}
checksum "$wanted" >".venv/.complete-$tier"
rm .venv/.installing
