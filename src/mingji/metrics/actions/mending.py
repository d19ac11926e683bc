"""Load the mended rows of a source that had been set aside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mingji.metrics import policy
from mingji.metrics.actions.loading import replay_rejected
from mingji.metrics.actions.quality import check_steps
from mingji.metrics.actions.uploading import written
from mingji.metrics.models import Source
from mingji.people.viewer import Actor
from mingji.rules.errors import NotFound
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the rows of a mended file."""

    read: int
    loaded: int

    @property
    def rejected(self) -> int:
        """Those that cannot be read this time either."""
        return self.read - self.loaded


def mend_rejected(
    actor: Actor, code: str, name: str, chunks: Iterable[bytes], at: datetime
) -> Mended:
    """Load a mended download of what a source had set aside; the same file again changes nothing.

    Raises:
        NotAllowed: the actor does not keep the data.
        NotFound: no such source, or one that no table was chosen for.
        Invalid: the file is too large, or holds rows that do not wait to be mended.
    """
    policy.may_keep_data(actor).require()
    source = Source.objects.filter(code=code).exclude(table="").first()
    if source is None:
        raise NotFound(
            Text(f"没有数据来源“{code}”", f"There is no source “{code}”"), code="no_source"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), name, chunks)
        batches = replay_rejected(actor, source.table, path, at)
        check_steps(actor, {source.table}, at)
    return Mended(sum(each.read for each in batches), sum(each.loaded for each in batches))
