"""Writing metrics: load tables, refresh values, match owners to members.

load_table(actor, table, path, at, answers=…) -> Batch
replay_rejected(actor, table, path, at) -> list[Batch]   mended rows, linked to who rejected them
refresh(actor, periods, at) -> RefreshRun | None        None: nothing has changed
map_owner(actor, source, owner, member_code, at, starts_on=None, ends_on=None) -> OwnerMapping
map_owners(actor, links, at) -> int                     how many matches were new
"""

from mingji.metrics.actions.loading import load_table, replay_rejected
from mingji.metrics.actions.owners import map_owner, map_owners
from mingji.metrics.actions.refreshing import refresh

__all__ = ["load_table", "map_owner", "map_owners", "refresh", "replay_rejected"]
