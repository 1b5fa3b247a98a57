#!/usr/bin/env python3
"""Checks an article that a news archive exported as evidence (verify_evidence.py FILE.zip… [--seal HASH]).

Needs Python 3.9 or newer and nothing else: neither the archive nor its packages. Exit code 0: every byte is
as it was sealed; 1: something was altered, added or dropped, and is named; 2: wrong arguments or a missing
file.

The seal is the SHA-256 of manifest.json. A forger who recomputes all hashes gets another seal: compare it by
--seal with the one that the archive keeps on record, or that was noted when the file was handed over.
"""

import argparse
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

FORMAT = "newsarchive-evidence-1"
NEEDED = ("chain.json", "manifest.json", "metadata.json", "original.bin", "page.html", "seal.txt", "text.txt")


def digest(data):
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """Return the canonical JSON of a value, which is what gets hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def unpack_zip(data, faults):
    """Return {name: bytes}; unreadable files are named in `faults` and left out."""
    files = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.filename in files:
                faults.append(f"{info.filename}: stands in the zip twice")
                continue
            try:
                files[info.filename] = archive.read(info)
            except Exception as error:  # a damaged header can make zipfile raise anything
                faults.append(f"{info.filename}: damaged ({error})")
    return files


def build_zip(files):
    """Build the zip as an archive makes it of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    return target.getvalue()


def check_manifest(files, manifest, faults):
    """Check each file against the manifest; files must be neither missing nor added."""
    if manifest.get("format") != FORMAT:
        faults.append(f"manifest.json: of another format ({manifest.get('format')})")
    listed = manifest.get("files", {})
    for name in sorted(set(listed) - set(files)):
        faults.append(f"{name}: missing")
    for name in sorted(set(files) - set(listed) - {"manifest.json", "seal.txt"}):
        faults.append(f"{name}: was not there when this was sealed")
    for name in sorted(set(listed) & set(files)):
        if digest(files[name]) != listed[name].get("sha256") or len(files[name]) != listed[name].get("bytes"):
            faults.append(f"{name}: altered")


def check_chain(files, manifest, faults):
    """Check that each step has its predecessor's hash, the last is the manifest's head, none is missing."""
    chain, previous = json.loads(files["chain.json"]), ""
    for number, step in enumerate(chain, 1):
        claimed = step.pop("hash", "")
        if step.get("number") != number or step.get("previous") != previous:
            faults.append(f"chain.json: step {number} does not follow the one before it")
        if digest(canonical(step)) != claimed:
            faults.append(f"chain.json: step {number} was altered")
        previous = claimed
    if len(chain) != manifest.get("steps") or previous != manifest.get("head"):
        faults.append("chain.json: steps were dropped or added")
    return chain


def check_states(files, chain, faults):
    """Go back from the current state through every revision; each step has the hash of the state after it."""
    metadata = json.loads(files["metadata.json"])
    state, original = metadata["state"], files["original.bin"]
    if digest(original) != metadata["original_sha256"]:
        faults.append("original.bin: is not the original that metadata.json names")
    shown = f"{state['title']}\n\n{state['body']}\n".encode()
    if shown != files["text.txt"]:
        faults.append("text.txt: is not the text that metadata.json names")
    if sum(name.endswith(".json") for name in files if name.startswith("revisions/")) != len(chain) - 1:
        faults.append("revisions/: not one for each step")
    for number in range(len(chain) - 1, 0, -1):
        step, name = chain[number], f"revisions/{number:04}.json"
        if digest(canonical(state)) != step["state"]:
            faults.append(f"step {number + 1}: led to another state than this")
        if name not in files:
            faults.append(f"{name}: missing")
            continue
        if digest(files[name]) != step["before"]:
            faults.append(f"{name}: altered")
        state = {**state, **json.loads(files[name])}
        if step["original_before"]:
            original = files.get(f"revisions/{number:04}.original", b"")
            if digest(original) != step["original_before"]:
                faults.append(f"revisions/{number:04}.original: altered or missing")
    if digest(canonical(state)) != chain[0]["state"]:
        faults.append("step 1: what was received is another state than this")
    if digest(original) != chain[0]["original"]:
        faults.append("step 1: what was received is another original than this")


def verify(data, seal=""):
    """Return the faults, a line each, and the seal. No fault means that every byte is as it was sealed."""
    faults = []
    try:
        files = unpack_zip(data, faults)
    except Exception as error:  # a damaged zip can make zipfile raise anything
        return [f"the zip is damaged: {error}"], ""
    faults += [f"{name}: missing" for name in NEEDED if name not in files]
    if any(name not in files for name in NEEDED):
        return faults, ""
    found = digest(files["manifest.json"])
    if files["seal.txt"] != f"{found}\n".encode():
        faults.append("manifest.json: is not the one that seal.txt seals")
    if seal and found != seal.strip().lower():
        faults.append(f"the seal is {found}, not the one given")
    try:
        manifest = json.loads(files["manifest.json"])
        check_manifest(files, manifest, faults)
        check_states(files, check_chain(files, manifest, faults), faults)
    except Exception as error:  # invalid JSON, or JSON of another shape
        faults.append(f"the records cannot be read: {type(error).__name__}: {error}")
    if not faults and build_zip(files) != data:
        faults.append("the zip around the files was altered")
    return faults, found


def main():
    """Check the files named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE.zip")
    parser.add_argument("--seal", default="", help="the SHA-256 that was noted when the file was handed over")
    options = parser.parse_args()
    if options.seal and len(options.files) > 1:
        parser.error("--seal belongs to one file")
    code = 0
    for name in options.files:
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            print(f"{name}: cannot be read: {error}", file=sys.stderr)
            return 2
        faults, seal = verify(data, options.seal)
        print(f"{name}: {'ALTERED' if faults else 'intact'}" + (f", seal {seal}" if seal else ""))
        for fault in faults:
            print(f"  {fault}")
        code = 1 if faults else code
    return code


if __name__ == "__main__":
    sys.exit(main())
