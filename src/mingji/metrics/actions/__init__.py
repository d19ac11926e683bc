"""Writing metrics: load tables, refresh values, match owners to members.

load_table(actor, table, path, at) -> Batch
refresh(actor, periods, at) -> RefreshRun | None        None: nothing has changed
publish_definitions(actor, document, reason, at) -> number of the version
map_owner(actor, source, owner, member_code, at, starts_on=None, ends_on=None) -> OwnerMapping
map_owners(actor, links, at) -> int                     how many matches were new
"""

from mingji.metrics.actions.defining import publish_definitions
from mingji.metrics.actions.loading import load_table
from mingji.metrics.actions.owners import map_owner, map_owners
from mingji.metrics.actions.refreshing import refresh

__all__ = ["load_table", "map_owner", "map_owners", "publish_definitions", "refresh"]
