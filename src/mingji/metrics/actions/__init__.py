"""Writing metrics: load tables, refresh values, match owners to members.

load_table(actor, table, path, at) -> Batch
refresh(actor, periods, at) -> RefreshRun | None        None: nothing has changed
map_owner(actor, source, owner, member_code, at, starts_on=None, ends_on=None) -> OwnerMapping
map_owners(actor, links, at) -> int                     how many matches were new
raise_dispute(actor, slice, complaint, at) -> Dispute
answer_with_reason(actor, dispute_id, reason, at) -> Dispute
follow_up(actor, dispute_id, step, text, at) -> Dispute  settle, reopen or withdraw
propose_correction(actor, proposal, at) -> Correction    counts once another person approved it
decide_correction(actor, number, approve, words, at) -> Correction
acknowledge(actor, finding_id, reason, at) -> QualityFinding
"""

from mingji.metrics.actions.corrections import Proposal, decide_correction, propose_correction
from mingji.metrics.actions.disputes import (
    Complaint,
    FollowUp,
    answer_with_reason,
    follow_up,
    raise_dispute,
)
from mingji.metrics.actions.loading import load_table
from mingji.metrics.actions.owners import map_owner, map_owners
from mingji.metrics.actions.quality import acknowledge
from mingji.metrics.actions.refreshing import refresh

__all__ = [
    "Complaint",
    "FollowUp",
    "Proposal",
    "acknowledge",
    "answer_with_reason",
    "decide_correction",
    "follow_up",
    "load_table",
    "map_owner",
    "map_owners",
    "propose_correction",
    "raise_dispute",
    "refresh",
]
