"""The stages of a goal agreement and of a change request, and whose turn it is at each."""

from __future__ import annotations

from typing import Literal

from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text

# The one whose goals they are, and the one above who agrees on them.
Side = Literal["own", "above"]
AgreementStatus = Literal["draft", "proposed", "countered", "agreed"]
AgreementStep = Literal["edit", "propose", "counter", "accept", "withdraw", "request_change"]
RequestStatus = Literal["asked", "accepted", "in_force", "refused", "withdrawn"]
RequestStep = Literal["accept", "approve", "refuse", "withdraw"]
Category = Literal["market", "strategy", "data_error", "post_change", "leave", "definition"]

CATEGORIES: dict[Category, Text] = {
    "market": Text("市场变化", "the market moved"),
    "strategy": Text("战略调整", "the strategy changed"),
    "data_error": Text("数据有误", "an error in the data"),
    "post_change": Text("岗位变动", "a change of post"),
    "leave": Text("长假", "a long leave"),
    "definition": Text("指标口径变了", "a metric is defined otherwise"),
}

_NEXT: dict[tuple[str, AgreementStep], AgreementStatus] = {
    ("draft", "edit"): "draft",
    ("draft", "propose"): "proposed",
    ("proposed", "counter"): "countered",
    ("proposed", "accept"): "agreed",
    ("proposed", "withdraw"): "draft",
    ("countered", "counter"): "countered",
    ("countered", "accept"): "agreed",
    ("countered", "withdraw"): "draft",
    ("agreed", "request_change"): "agreed",
}
# Only the side that was asked answers; only the side that asked takes it back.
_ANSWERS = ("counter", "accept")

LOCKED = Text(
    zh="双方已经同意，内容不能直接改；要改就提变更申请，写明原因。",
    en="Both sides have agreed, so nothing changes directly; ask for a change and say why.",
)
_NOT_AGREED = Text(
    zh="目标还没有双方同意，直接修改即可，用不着变更申请。",
    en="These goals are not agreed yet; change them directly, without a change request.",
)
_NOT_PROPOSED = Text(
    zh="目标还没有提出，提出之后对方才能答复。",
    en="These goals have not been proposed yet; they can be answered once they are.",
)
_ON_THE_TABLE = Text(
    zh="目标已经提出，正在等对方答复；要改先撤回，或由对方提出修改意见。",
    en="These goals are proposed and wait for an answer; take them back first, "
    "or let the other side counter-propose.",
)
_OTHER_TURN = Text(
    zh="现在轮到对方答复，你提出的内容不能由你自己同意。",
    en="It is the other side's turn: nobody accepts their own proposal.",
)
_NOT_YOURS = Text(
    zh="这是对方提出的内容，只有对方能撤回。",
    en="The other side proposed this; only they can take it back.",
)


def advance(
    status: str, step: AgreementStep, *, side: Side, turn: Side | Literal[""] = ""
) -> AgreementStatus:
    """The status after one side took a step; `turn` is the side whose answer is awaited.

    >>> advance("proposed", "counter", side="own", turn="own")
    'countered'

    Raises:
        NotAllowedNow: the step does not belong here, or it is the other side's turn.
    """
    after = _NEXT.get((status, step))
    if after is None:
        raise NotAllowedNow(_why_not(status, step), code=f"goals_{status}")
    if step in _ANSWERS and side != turn:
        raise NotAllowedNow(_OTHER_TURN, code="other_turn")
    if step == "withdraw" and side == turn:
        raise NotAllowedNow(_NOT_YOURS, code="not_your_proposal")
    return after


def possible(
    status: str, *, side: Side | Literal[""], turn: Side | Literal[""] = ""
) -> tuple[AgreementStep, ...]:
    """The steps that this side can take now; without a side none.

    >>> possible("proposed", side="above", turn="own")
    ('withdraw',)
    """
    if not side:
        return ()
    return tuple(
        step
        for at, step in _NEXT
        if at == status
        and not (step in _ANSWERS and side != turn)
        and not (step == "withdraw" and side == turn)
    )


def _why_not(status: str, step: AgreementStep) -> Text:
    if step == "request_change":
        return _NOT_AGREED
    if status == "agreed":
        return LOCKED
    return _NOT_PROPOSED if status == "draft" else _ON_THE_TABLE


_REQUEST_NEXT: dict[tuple[str, RequestStep], RequestStatus] = {
    ("asked", "accept"): "accepted",
    ("asked", "refuse"): "refused",
    ("asked", "withdraw"): "withdrawn",
    ("accepted", "approve"): "in_force",
    ("accepted", "refuse"): "refused",
    ("accepted", "withdraw"): "withdrawn",
}


def advance_request(status: str, step: RequestStep) -> RequestStatus:
    """The status of a change request after a step.

    >>> advance_request("accepted", "approve")
    'in_force'

    Raises:
        NotAllowedNow: both sides have to accept before it is approved, or it is decided already.
    """
    after = _REQUEST_NEXT.get((status, step))
    if after is not None:
        return after
    if status == "asked":
        raise NotAllowedNow(
            Text(
                zh="对方还没有同意这次变更，双方同意之后才能批准。",
                en="The other side has not accepted this change yet; both accept before approval.",
            ),
            code="request_not_accepted",
        )
    raise NotAllowedNow(
        Text(
            zh="这个变更申请已经有结果，不能再处理。",
            en="This change request is decided already.",
        ),
        code="request_closed",
    )
