"""zip, gz and tar files: their members are read like separate files."""

from __future__ import annotations

import tarfile
import zipfile

import pytest

from articles.ingest.transform import parse_and_sanitize
from articles.text.limits import Limits
from tests.articles.conftest import records_of
from tests.articles.readers.sample_files import (
    MORE,
    TEXT,
    make_tar,
    make_tar_of_members,
    make_zip,
    parse_file,
    parse_only,
    rejection_code,
)


def test_an_archive_that_expands_beyond_the_limit_is_rejected_whole() -> None:
    data = make_zip({f"{number}.txt": TEXT.encode() * 6000 for number in range(6)})
    limits = Limits(file=1024**2, total=2 * 1024**2)
    assert [record.rejected.code for record in records_of("a.zip", data, limits) if record.rejected] == [
        "archive-too-large"
    ]


def test_a_member_with_a_suspicious_ratio_is_rejected_and_its_neighbours_are_read() -> None:
    limits = Limits(file=64 * 1024**2, total=64 * 1024**2)
    found = records_of(
        "a.zip", make_zip({"bomb.txt": b"0" * (8 * 1024**2), "news.txt": TEXT.encode()}), limits
    )
    assert [(record.file, record.rejected and record.rejected.code) for record in found] == [
        ("a.zip/bomb.txt", "archive-bomb"),
        ("a.zip/news.txt", None),
    ]


def test_archives_may_nest_twice_and_not_deeper() -> None:
    data = make_zip({"news.txt": TEXT.encode()})
    twice = make_zip({"inner.zip": data})
    assert [parse_and_sanitize(record).body for record in records_of("a.zip", twice)] == [TEXT]
    thrice = records_of("a.zip", make_zip({"outer.zip": twice}))
    assert [record.rejected.code for record in thrice if record.rejected] == ["archive-too-deep"]


def test_folders_of_a_zip_stay_in_the_name_and_system_files_are_skipped() -> None:
    files = {"أخبار/حمص/1.txt": TEXT.encode(), "__MACOSX/._1.txt": b"\0", "أخبار/.DS_Store": b"\0"}
    files |= {"أخبار/~$خبر.docx": b"\4user", "أخبار/.~lock.خبر.odt#": b",user"}
    assert [record.file for record in records_of("a.zip", make_zip(files))] == ["a.zip/أخبار/حمص/1.txt"]


@pytest.mark.parametrize(("name", "kind"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz")])
def test_a_tar_is_read_with_the_archives_inside_it_compressed_or_not(name: str, kind: str) -> None:
    inner = make_zip({"b.txt": MORE.encode()})
    found = parse_file(name, make_tar({"أ/خبر.txt": TEXT.encode(), "b.zip": inner}, kind))
    assert [record.body for record in found] == [TEXT, MORE]
    assert found[0].file.endswith("/أ/خبر.txt")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (tarfile.SYMTYPE, "archive-link"),
        (tarfile.LNKTYPE, "archive-link"),
        (tarfile.CHRTYPE, "archive-special"),
        (tarfile.FIFOTYPE, "archive-special"),
    ],
)
def test_links_and_devices_in_a_tar_are_rejected(kind: bytes, code: str) -> None:
    info = tarfile.TarInfo("a.txt")
    info.type, info.linkname = kind, "/etc/passwd"
    assert rejection_code(parse_only("a.tar", make_tar_of_members(info))) == code


@pytest.mark.parametrize("name", ["/etc/x.txt", "../x.txt", "a/../../x.txt"])
def test_path_traversal_in_a_tar_is_rejected(name: str) -> None:
    assert rejection_code(parse_only("a.tar", make_tar({name: b"x"}))) == "archive-name"


def test_a_zip_cut_off_behind_another_zip_is_not_taken_for_that_one() -> None:
    inner = make_zip({"word/document.xml": b"<x/>", "خبر.txt": TEXT.encode()})
    members = {"1.txt": MORE.encode(), "inner.zip": inner, "2.txt": MORE.encode() * 9}
    whole = make_zip(members, lambda info: setattr(info, "compress_type", zipfile.ZIP_STORED))
    assert [rejection_code(each) for each in records_of("a.zip", whole[:-600])] == ["archive-broken"]
