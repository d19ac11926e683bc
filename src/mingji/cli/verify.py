"""`mingji verify`: recompute a cycle from its frozen facts and compare every byte; or compare
every signed goal with what was signed, or every loaded file with what was loaded."""

from __future__ import annotations

import click

from mingji.cli import output
from mingji.cli.installation import enter_installation
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text


@click.command()
@click.argument("cycle", required=False)
@click.option("--goals", is_flag=True, help="Check the goal agreements instead of a cycle.")
@click.option("--facts", is_flag=True, help="Check the loaded rows instead of a cycle.")
@click.option("--since", metavar="CHECKPOINT", help="A checkpoint that an earlier run told.")
@output.common_options
def command(
    cycle: str | None, goals: bool, facts: bool, since: str | None, form: str, locale: str
) -> list[Finding]:
    """Recompute CYCLE (its code) from the snapshot; every byte must be the same.

    Files of evidence must be those that were given, in any case.
    With --goals instead of a cycle: every goal agreement must be what both sides signed, by its
    kept versions and by the audit trail. With --facts: every batch in the warehouse must have the
    bytes that were written when it was loaded.

    Reads the database of this installation (MINGJI_HOME, MINGJI_DATABASE). Exit code 0 when all
    is the same, 2 when anything differs or the audit trail is broken. Keep the checkpoint that it
    tells outside the database: with --since it shows whether the end of the trail was cut off.
    """
    if goals + facts + bool(cycle) != 1:
        raise click.UsageError("Name a cycle, or give --goals or --facts: one of the three.")
    enter_installation()
    if cycle:
        columns, (rows, findings) = _RESULT, _results(cycle)
    elif goals:
        columns, (rows, findings) = _AGREEMENT, _agreements(locale)
    else:
        columns, (rows, findings) = _BATCH, _batches()
    findings += [*_evidence(), *_audit(since)]
    if form == "json":
        output.emit_json({"results": rows, "findings": output.findings_data(findings)})
    else:
        output.emit_rows(rows, columns, form)
        output.tell(findings, locale)
    return findings


_RESULT = ("member", "total", "grade", "digest", "same")
_AGREEMENT = ("owner", "period", "version", "digest", "same")
_BATCH = ("table", "file", "batch", "loaded", "same")
_Outcome = tuple[list[dict[str, str]], list[Finding]]


def _results(cycle: str) -> _Outcome:
    """Each result of a cycle, and what is wrong with any."""
    from mingji.appraisals.proof import prove

    proofs = list(prove(cycle))
    rows = [
        {
            "member": proof.member,
            "total": proof.total,
            "grade": proof.grade,
            "digest": proof.digest[:16],
            "same": _same(proof.problem),
        }
        for proof in proofs
    ]
    findings = [
        Finding("result_differs", "error", proof.problem, _ASK, Place(path=proof.member))
        for proof in proofs
        if proof.problem
    ]
    return rows, findings


def _agreements(locale: str) -> _Outcome:
    """Each goal agreement that was ever proposed, and what is wrong with any."""
    from mingji.goals.proof import prove
    from mingji.goals.seals import missing

    rows: list[dict[str, str]] = []
    findings = []
    for proof in prove():
        row = {
            "owner": proof.owner.in_(locale),
            "period": proof.period,
            "version": str(proof.version),
            "digest": proof.digest[:16],
            "same": _same(proof.problem),
        }
        rows.append(row)
        if proof.problem:
            where = Place(path=f"{row['owner']} {proof.period}")
            findings.append(Finding("agreement_differs", "error", proof.problem, _COMPARE, where))
    return rows, findings + [_unsealed(table) for table in missing()]


def _batches() -> _Outcome:
    """Each batch of the warehouse, and what is wrong with the files of any."""
    from mingji.metrics.definitions import library, warehouse

    rows: list[dict[str, str]] = []
    findings = []
    store = warehouse()
    for table in library().definitions.tables:
        for batch in store.batches(table):
            differing = store.differing(batch)
            row = {
                "table": table,
                "file": batch.file,
                "batch": batch.id,
                "loaded": str(batch.loaded),
                "same": ("NO" if differing else "yes") if batch.parts else "?",
            }
            rows.append(row)
            findings += [_altered(table, name) for name in differing]
    if unknown := sum(row["same"] == "?" for row in rows):
        findings.append(_without_digest(unknown))
    return rows, findings


def _altered(table: str, name: str) -> Finding:
    message = Text(
        f"批次文件 {name} 不在了，或者内容和载入时不同。",
        f"The file {name} of a batch is gone, or its bytes differ from those that were loaded.",
    )
    remedy = Text(
        f"从备份恢复 MINGJI_HOME/warehouse/batches/{table} 里的这个文件",
        f"restore this file in MINGJI_HOME/warehouse/batches/{table} from a backup",
    )
    return Finding("batch_differs", "error", message, remedy, Place(path=table))


def _without_digest(count: int) -> Finding:
    message = Text(
        f"{count} 个批次是早先版本载入的，没有留下摘要，核对不了。",
        f"{count} batches were loaded by an earlier version, which kept no digests to check by.",
    )
    return Finding("batch_unknown", "info", message, Text("", ""), count=count)


def _unsealed(table: str) -> Finding:
    """What keeps other programs from changing signed rows of a table has been taken away."""
    message = Text(
        zh="数据库里防止改动已签目标的封条（触发器）不见了。",
        en="The database has lost a seal (a trigger) that keeps signed goals from being changed.",
    )
    remedy = Text(
        zh="查清谁动过数据库；重新启动服务（mingji serve）会重新加上封条",
        en="find out who altered the database; starting the server (mingji serve) puts it back",
    )
    return Finding("seal_missing", "error", message, remedy, Place(path=table))


def _evidence() -> list[Finding]:
    """What is wrong with any file of evidence; or that all hold, where there are some."""
    from mingji.metrics.proof import prove

    proofs = list(prove())
    wrong = [
        Finding("evidence_differs", "error", proof.problem, _RESTORE, Place(path=proof.what.en))
        for proof in proofs
        if proof.problem
    ]
    if wrong or not proofs:
        return wrong
    message = Text(
        f"依据文件共 {len(proofs)} 个，全部吻合", f"All {len(proofs)} files of evidence hold"
    )
    return [Finding("evidence_holds", "info", message, Text("", ""))]


def _same(problem: Text | None) -> str:
    return "yes" if problem is None else "NO"


_COMPARE = Text(
    zh="从备份中对照这份目标确认书，并查审计记录里最后一次合法的写入。",
    en="Compare this agreement with a backup, and find the last rightful write in the audit trail.",
)
_RESTORE = Text(
    zh="从备份恢复 MINGJI_HOME/evidence 里的这个文件，并查审计记录里是谁何时提交的。",
    en="Restore this file in MINGJI_HOME/evidence from a backup; the audit trail tells who gave "
    "it and when.",
)
_ASK = Text(
    zh="从备份中对照这位成员的考核，并查审计记录里最后一次合法的写入。",
    en="Compare this appraisal with a backup, and find the last rightful write in the audit trail.",
)


def _audit(since: str | None) -> list[Finding]:
    """Whether the audit trail holds, and the checkpoint to keep."""
    from mingji.audit import trail

    broken = trail.first_break(trail.Checkpoint.parse(since) if since else None)
    if broken is not None:
        return [Finding("audit_broken", "error", _broken(broken), _ASK)]
    now = trail.checkpoint()
    message = Text(
        zh=f"审计记录共 {now.count} 条，全部吻合。检查点：{now}",
        en=f"All {now.count} audit records hold. Checkpoint: {now}",
    )
    keep = Text(
        zh="把检查点存到数据库之外，下次用 --since 核对。",
        en="keep it outside the database; --since checks against it",
    )
    return [Finding("audit_holds", "info", message, keep)]


def _broken(number: int) -> Text:
    return Text(
        zh=f"审计记录从第 {number} 条起不再吻合：这一条被改动、删除或插入过。",
        en=f"The audit trail breaks at record {number}: it was changed, removed or put in.",
    )
