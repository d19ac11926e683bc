"""Writing metrics: sources and their runs, tables, values, who an owner is.

load_table(actor, table, path, at, answers=…) -> list[Batch]
replay_rejected(actor, table, path, at) -> list[Batch]   mended rows, linked to who rejected them
refresh(actor, periods, at) -> RefreshRun | None        None: nothing has changed
mend_rejected(actor, code, name, chunks, at) -> Mended   the same, uploaded to a source
mend_rows(actor, code, batch, rows, at) -> Mended       the same, row by row
publish_definitions(actor, document, reason, at) -> number of the version
assign_data_owner(actor, metric, member_code, at) -> DataOwner | None
map_owner(actor, source, owner, member_code, at, starts_on=None, ends_on=None) -> OwnerMapping
map_owners(actor, links, at) -> int                     how many matches were new
end_match(actor, mapping_id, ends_on, at) -> OwnerMapping

create_source(actor, kind, code, name, at) -> Source    then, step by step:
set_up_source(actor, code, settings, at) -> Source
check_source(actor, code, at) -> Tested
map_source(actor, code, SourceMapping, at) -> Source
schedule_source(actor, code, SourcePlan, at) -> Source
keep_upload(actor, code, name, chunks, at) -> Path
run_source(actor, code, clock) -> SourceRun             what fails says so in the run
start_run(actor, code, clock) -> SourceRun              the same in a process of its own
go_on(run_id, clock) -> SourceRun                       what that process does
run_due(actor, clock) -> [SourceRun]
accept_push(Sent, clock) -> SourceRun                   signed instead of an actor

raise_dispute(actor, slice, complaint, at) -> Dispute
answer_with_reason(actor, dispute_id, reason, at) -> Dispute
follow_up(actor, dispute_id, step, text, at) -> Dispute  settle, reopen or withdraw
propose_correction(actor, proposal, at) -> Correction    counts once another person approved it
decide_correction(actor, number, approve, words, at) -> Correction
type_in(actor, TypedValue, at) -> Correction            a value that no system holds
acknowledge(actor, finding_id, reason, at) -> QualityFinding
check_steps(actor, tables, at) -> list[Finding]          rows that no step of a conversion counts
"""

from mingji.metrics.actions.corrections import Proposal, decide_correction, propose_correction
from mingji.metrics.actions.data_owners import assign_data_owner
from mingji.metrics.actions.defining import publish_definitions
from mingji.metrics.actions.disputes import (
    Complaint,
    FollowUp,
    answer_with_reason,
    follow_up,
    raise_dispute,
)
from mingji.metrics.actions.loading import load_table, replay_rejected
from mingji.metrics.actions.mending import Mended, mend_rejected, mend_rows
from mingji.metrics.actions.owners import end_match, map_owner, map_owners
from mingji.metrics.actions.pushing import PushRefused, Sent, accept_push, signature_of
from mingji.metrics.actions.quality import acknowledge, check_steps
from mingji.metrics.actions.refreshing import refresh
from mingji.metrics.actions.running import go_on, run_due, run_source, start_run
from mingji.metrics.actions.sources import (
    SourceMapping,
    SourcePlan,
    check_source,
    create_source,
    map_source,
    schedule_source,
    set_up_source,
)
from mingji.metrics.actions.typing_in import TypedValue, type_in
from mingji.metrics.actions.uploading import keep_upload
from mingji.metrics.evidence import EvidenceUpload

__all__ = [
    "Complaint",
    "EvidenceUpload",
    "FollowUp",
    "Mended",
    "Proposal",
    "PushRefused",
    "Sent",
    "SourceMapping",
    "SourcePlan",
    "TypedValue",
    "accept_push",
    "acknowledge",
    "answer_with_reason",
    "assign_data_owner",
    "check_source",
    "check_steps",
    "create_source",
    "decide_correction",
    "end_match",
    "follow_up",
    "go_on",
    "keep_upload",
    "load_table",
    "map_owner",
    "map_owners",
    "map_source",
    "mend_rejected",
    "mend_rows",
    "propose_correction",
    "publish_definitions",
    "raise_dispute",
    "refresh",
    "replay_rejected",
    "run_due",
    "run_source",
    "schedule_source",
    "set_up_source",
    "signature_of",
    "start_run",
    "type_in",
]
