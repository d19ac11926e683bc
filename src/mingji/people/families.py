"""The twelve job families of a marketing department, and HR beside it."""

from __future__ import annotations

from mingji.rules.text import Text

JOB_FAMILIES: dict[str, Text] = {
    "BR": Text(zh="品牌", en="Brand"),
    "DG": Text(zh="数字投放", en="Performance ads"),
    "CT": Text(zh="内容", en="Content"),
    "PM": Text(zh="产品市场", en="Product marketing"),
    "CH": Text(zh="渠道", en="Channel"),
    "EV": Text(zh="活动", en="Events"),
    "PR": Text(zh="公关", en="Public relations"),
    "MR": Text(zh="市场研究", en="Market research"),
    "GR": Text(zh="增长", en="Growth"),
    "SS": Text(zh="销售支持", en="Sales support"),
    "OP": Text(zh="营销运营", en="Marketing operations"),
    "MG": Text(zh="管理", en="Management"),
    # The HR partner is a member too; no marketing scheme has a template for it.
    "HR": Text(zh="人力资源", en="Human resources"),
}
LEVELS: dict[str, Text] = {
    "specialist": Text(zh="专员", en="Specialist"),
    "lead": Text(zh="主管", en="Team lead"),
    "head": Text(zh="部门负责人", en="Head"),
}
