"""The upload form: files over the limits are refused during the upload, others stored in the database."""

from __future__ import annotations

from typing import Any, TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.text.direction import isolated
from articles.metadata.source_resolver import SourceResolver
from articles.models import ImportBatch, Source, Upload
from articles.readers.registry import formats
from articles.text.fingerprints import sha256_of
from articles.text.limits import upload_limits
from articles.text.problem_messages import format_size
from articles.text.sanitize import sanitize_file_name

#: Takes a type parameter in the type stubs, but not at run time.
AnyFile: TypeAlias = "UploadedFile[Any]"
#: Allowance for the form data around the files, in bytes.
FORM_BYTES = 1024**2
#: Browsers show the answer only after sending the whole body; the server reads at most this much.
MAX_DRAIN_FACTOR = 10
_BLOCK = 1024**2


class MultipleFileInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """All chosen files, also empty ones; the reader of its format checks each."""

    def clean(self, data: list[AnyFile] | None, initial: object = None) -> list[AnyFile]:
        """Require at least one file."""
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return data


class UploadForm(forms.Form):
    """Files, and the source of those that name none."""

    default_source = forms.CharField(
        label=gettext_lazy("Source of articles that name none"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-sources", "dir": "auto", "class": "vTextField"}),
        help_text=gettext_lazy("The name of the newspaper or site. A new name makes a new source."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not declared: forms already have an attribute `files`.
        self.fields["files"] = MultipleFileField(
            label=gettext_lazy("Files"),
            widget=MultipleFileInput(
                attrs={"multiple": True, "accept": ",".join(filter(None, formats().by_extension))}
            ),
            error_messages={"required": gettext_lazy("Choose at least one file.")},
        )


class UploadLimitHandler(FileUploadHandler):
    """Stops an upload when a file or the sum is over the limit; `refusal` has the reason."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refusal = ""
        self.of_file = self.of_all = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Reset the count for the next file."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.of_file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count the chunk and pass it to the next handler."""
        self.of_file += len(raw_data)
        self.of_all += len(raw_data)
        limits = upload_limits()
        if self.of_file > limits.file:
            self.refusal = limit_message(str(self.file_name), limits.file)
        elif self.of_all > limits.total:
            self.refusal = limit_message("", limits.total)
        if self.refusal:
            raise StopUpload(connection_reset=False)  # read to the end, so that the browser shows the answer
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def limit_message(file: str, limit: int) -> str:
    """Return the message for an upload over a limit."""
    size = format_size(limit)
    if file:
        text = _("The file %(file)s is over the limit of %(size)s. Nothing of this upload was stored.")
        return text % {"file": isolated(sanitize_file_name(file)), "size": size}
    text = _("The files together are over the limit of %(size)s. Nothing was stored; upload them in parts.")
    return text % {"size": size}


def prepare_upload(request: HttpRequest) -> str:
    """Install the limits before the body is read.

    Returns the refusal if the content length is over the limit, else ""; after the body was read,
    `upload_refusal` returns the reason.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    total = upload_limits().total
    if length > total + FORM_BYTES:
        _drain_body(request, min(length, total * MAX_DRAIN_FACTOR))
        return limit_message("", total)
    # Temporary files only, so that the server holds at most one file in memory.
    request.upload_handlers = [UploadLimitHandler(request), TemporaryFileUploadHandler(request)]
    return ""


def upload_refusal(request: HttpRequest) -> str:
    """Return why an upload was stopped, or ""."""
    handlers = [handler for handler in request.upload_handlers if isinstance(handler, UploadLimitHandler)]
    return handlers[0].refusal if handlers else ""


def _drain_body(request: HttpRequest, length: int) -> None:
    while length > 0 and (block := request.read(min(_BLOCK, length))):
        length -= len(block)


def store_files(batch: ImportBatch, files: list[AnyFile]) -> None:
    """Store the files in the database, each in its own transaction, one in memory at a time."""
    for file in files:
        file.seek(0)
        content = file.read()
        with transaction.atomic():
            Upload.objects.create(
                batch=batch, name=sanitize_file_name(file.name or "?"), sha256=sha256_of(content),
                size=len(content), content=content,
            )  # fmt: skip


def get_or_create_source(name: str) -> Source | None:
    """Return the source of the form, creating a new one; None for an empty name."""
    pk = SourceResolver().source_id(" ".join(name.split()))
    return Source.objects.get(pk=pk) if pk else None
