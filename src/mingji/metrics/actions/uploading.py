"""Keep a file that was uploaded to a source, once it is certain that it can be read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePath

from django.conf import settings

from mingji.audit import trail
from mingji.connectors.files import open_file
from mingji.metrics import policy
from mingji.metrics.doors import UPLOAD, as_read, fitted_for, uploads_of
from mingji.metrics.locking import alone_on
from mingji.metrics.models import Source
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

_LONGEST = 80


def keep_upload(actor: Actor, code: str, name: str, chunks: Iterable[bytes], at: datetime) -> Path:
    """Keep a file for the next run of an upload source, under a safe name of its own folder.

    The file is opened first, and held against the mapping if there is one: what cannot be read is
    not kept.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source, or not one for uploads.
        NotAllowedNow: the source is being read right now.
        Invalid: the file is too large, cannot be read, or does not fit the mapping.
    """
    policy.may_keep_data(actor).require()
    source = Source.objects.filter(code=code, kind=UPLOAD).first()
    if source is None:
        raise NotFound(
            Text(f"没有上传来源“{code}”", f"There is no upload source “{code}”"), code="no_source"
        )
    with alone_on(code):
        folder = _next_folder(uploads_of(code))
        try:
            path = written(folder, name, chunks)
            reading = open_file(path)
            if source.table:
                fitted_for(source, as_read(source, reading))
        except BaseException:
            shutil.rmtree(folder)
            raise
    trail.record(
        actor=actor_code(actor),
        action="metrics.upload",
        kind="source",
        object_id=code,
        at=at,
        evidence={"file": path.name, "sha256": reading.digest, "bytes": path.stat().st_size},
    )
    return path


def safe_name(name: str) -> str:
    """A file name without folders, control characters or anything that a shell or a page minds.

    >>> safe_name("../../etc/线索 (7月).csv"), safe_name(".htaccess")
    ('线索_7月.csv', 'file.htaccess')
    """
    plain = PurePath(name.replace("\\", "/")).name
    stem, dot, suffix = plain.rpartition(".")
    stem, suffix = (stem, suffix) if dot else (suffix, "")
    stem = re.sub(r"[^\w-]+", "_", stem).strip("_")[:_LONGEST] or "file"
    suffix = re.sub(r"\W", "", suffix)[:8]
    return f"{stem}.{suffix}" if suffix else stem


def _next_folder(root: Path) -> Path:
    last = max((int(each.name) for each in root.glob("*") if each.name.isdecimal()), default=0)
    folder = root / f"{last + 1:06d}"
    folder.mkdir(parents=True)
    return folder


def written(folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """The chunks of an upload as a file of a folder, under a safe name.

    Raises:
        Invalid: the file is too large.
    """
    path, most, size = folder / safe_name(name), settings.MINGJI_UPLOAD_MB * 2**20, 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise _too_large(path.name)
            file.write(chunk)
    return path


def _too_large(name: str) -> Invalid:
    most = settings.MINGJI_UPLOAD_MB
    message = Text(f"文件超过 {most} MB", f"the file is larger than {most} MB")
    remedy = Text(
        "分成几个文件上传，或放进收件文件夹", "upload it in parts, or put it into the inbox folder"
    )
    finding = Finding("too_large", "error", message, remedy, Place(name))
    return Invalid(message, code="too_large", findings=(finding,))
