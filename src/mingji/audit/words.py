"""What the actions and kinds of the trail are called; a word that is not here shows as it is."""

from __future__ import annotations

from mingji.rules.text import Text

ACTIONS: dict[str, Text] = {
    "make_team": Text(zh="建立团队", en="Set up a team"),
    "hire": Text(zh="办理入职", en="Hired"),
    "post": Text(zh="办理调动", en="Moved to another post"),
    "leave": Text(zh="办理离职", en="Left"),
    "give_duty": Text(zh="赋予职责", en="Gave a duty"),
    "give_login": Text(zh="开通账号", en="Gave a login"),
    "set_password": Text(zh="设置密码", en="Set a password"),
    "sign_in": Text(zh="登录", en="Signed in"),
    "create_token": Text(zh="新建 API 令牌", en="Made an API token"),
    "revoke_token": Text(zh="停用 API 令牌", en="Revoked an API token"),
    "set_preferences": Text(zh="修改偏好", en="Changed preferences"),
    "metrics.load_table": Text(zh="加载数据", en="Loaded data"),
    "metrics.refresh": Text(zh="刷新数据", en="Refreshed the data"),
    "metrics.publish_definitions": Text(zh="发布指标定义", en="Published metric definitions"),
    "metrics.map_owner": Text(zh="匹配数据负责人", en="Matched an owner"),
    "metrics.end_match": Text(zh="结束数据负责人的匹配", en="Ended a match of an owner"),
    "metrics.create_source": Text(zh="新建数据来源", en="Made a source"),
    "metrics.set_up_source": Text(zh="设置数据来源", en="Set up a source"),
    "metrics.test_source": Text(zh="测试数据来源的连接", en="Tested a source"),
    "metrics.map_source": Text(zh="保存字段对应", en="Mapped the columns of a source"),
    "metrics.schedule_source": Text(zh="安排数据来源的时间", en="Scheduled a source"),
    "metrics.upload": Text(zh="上传文件", en="Uploaded a file"),
    "metrics.run_source": Text(zh="运行数据来源", en="Ran a source"),
    "metrics.refuse_push": Text(zh="拒绝推送", en="Refused a push"),
    "metrics.dispute_raised": Text(zh="提出异议", en="Raised a dispute"),
    "metrics.dispute_reason": Text(zh="说明理由，答复异议", en="Answered a dispute with a reason"),
    "metrics.dispute_proposed": Text(zh="提出更正，答复异议", en="Answered with a correction"),
    "metrics.dispute_approved": Text(zh="批准异议的更正", en="Approved a dispute's correction"),
    "metrics.dispute_rejected": Text(zh="退回异议的更正", en="Rejected a dispute's correction"),
    "metrics.dispute_reopened": Text(zh="重新提出异议", en="Reopened a dispute"),
    "metrics.dispute_settled": Text(zh="接受异议的答复", en="Accepted the answer to a dispute"),
    "metrics.dispute_withdrawn": Text(zh="撤回异议", en="Withdrew a dispute"),
    "metrics.propose_correction": Text(zh="提出更正", en="Proposed a correction"),
    "metrics.approve_correction": Text(zh="批准更正", en="Approved a correction"),
    "metrics.reject_correction": Text(zh="退回更正", en="Rejected a correction"),
    "metrics.acknowledge": Text(zh="确认数据质量问题", en="Acknowledged a data finding"),
    "import": Text(zh="导入目标", en="Imported goals"),
    "set": Text(zh="设定", en="Set"),
    "propose": Text(zh="提出目标", en="Proposed the goals"),
    "accept": Text(zh="同意目标", en="Accepted the goals"),
    "align": Text(zh="对齐上级目标", en="Aligned a goal"),
    "unalign": Text(zh="取消对齐", en="Ended an alignment"),
    "combine": Text(zh="设定目标合成方式", en="Said how targets combine"),
    "plan": Text(zh="批量拟定目标", en="Set goals of many"),
    "counter": Text(zh="提出修改意见", en="Counter-proposed"),
    "withdraw": Text(zh="撤回提出的目标", en="Took the proposal back"),
    "remove": Text(zh="移除一个目标", en="Took a goal out"),
    "comment": Text(zh="发表评论", en="Commented"),
    "set_deadline": Text(zh="设定确认期限", en="Set the deadline"),
    "report": Text(zh="填报进展", en="Reported progress"),
    "ask_change": Text(zh="申请变更", en="Asked for a change"),
    "accept_change": Text(zh="同意变更", en="Accepted a change"),
    "approve_change": Text(zh="批准变更", en="Approved a change"),
    "refuse_change": Text(zh="拒绝变更", en="Refused a change"),
    "withdraw_change": Text(zh="撤回变更申请", en="Took a change request back"),
    "follow_support": Text(zh="跟进承诺的支持", en="Followed up the support"),
    "edit": Text(zh="修改目标", en="Changed the goals"),
    "open_cycle": Text(zh="开启考核周期", en="Opened the cycle"),
    "save_self_review": Text(zh="保存自评", en="Saved the self-review"),
    "submit_self_review": Text(zh="提交自评", en="Submitted the self-review"),
    "save_manager_review": Text(zh="保存上级评价", en="Saved the manager review"),
    "submit_manager_review": Text(zh="提交上级评价", en="Submitted the manager review"),
    "end_self_review": Text(zh="结束自评", en="Ended the self-reviews"),
    "compute": Text(zh="计算得分", en="Computed the scores"),
    "release": Text(zh="发布结果", en="Released the results"),
    "publish_scheme": Text(zh="发布绩效方案", en="Published the performance scheme"),
}
KINDS: dict[str, Text] = {
    "member": Text(zh="成员", en="Member"),
    "team": Text(zh="团队", en="Team"),
    "scheme_version": Text(zh="绩效方案版本", en="Scheme version"),
    "definitions": Text(zh="指标定义", en="Metric definitions"),
    "batch": Text(zh="数据批次", en="Data batch"),
    "refresh_run": Text(zh="数据刷新", en="Refresh"),
    "source": Text(zh="数据来源", en="Source"),
    "dispute": Text(zh="异议", en="Dispute"),
    "correction": Text(zh="更正", en="Correction"),
    "quality_finding": Text(zh="数据质量问题", en="Data finding"),
    "owner_mapping": Text(zh="数据负责人匹配", en="Owner mapping"),
    "goal": Text(zh="目标", en="Goal"),
    "agreement": Text(zh="目标确认书", en="Goal agreement"),
    "goals": Text(zh="目标导入", en="Import of goals"),
    "theme": Text(zh="战略主题", en="Strategy theme"),
    "cycle": Text(zh="考核周期", en="Appraisal cycle"),
    "appraisal": Text(zh="绩效考核", en="Appraisal"),
}


def action_in_words(action: str) -> Text:
    """What an action is called."""
    return ACTIONS.get(action, Text.same(action))


def kind_in_words(kind: str) -> Text:
    """What a kind of object is called."""
    return KINDS.get(kind, Text.same(kind))
