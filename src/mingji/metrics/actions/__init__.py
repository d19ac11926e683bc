"""Writing metrics: load tables, refresh values, match owners to members."""

from mingji.metrics.actions.loading import load_table
from mingji.metrics.actions.owners import map_owner

__all__ = ["load_table", "map_owner"]
