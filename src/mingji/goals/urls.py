from __future__ import annotations

from django.urls import path

from mingji.goals.views import (
    agreement,
    changes,
    drafting,
    goals,
    planning,
    printing,
    progress,
    strategy,
    support,
)

app_name = "goals"
urlpatterns = [
    path("", goals.mine, name="mine"),
    path("plan/", planning.plan, name="plan"),
    path("upload/", planning.upload, name="upload"),
    path("upload/sheet/", planning.upload_sheet, name="upload_sheet"),
    path("strategy/", strategy.strategy, name="strategy"),
    path("of/<slug:code>/", goals.of_member, name="member"),
    path("of/<slug:code>/new/", drafting.new, name="new"),
    path("team/<slug:code>/", goals.of_team, name="team"),
    path("team/<slug:code>/new/", drafting.new_of_team, name="new_of_team"),
    path("<int:goal_id>/", goals.goal, name="goal"),
    path("<int:goal_id>/why/", goals.why, name="why"),
    path("<int:goal_id>/edit/", drafting.edit, name="edit"),
    path("<int:goal_id>/key-results/new/", drafting.new_key_result, name="new_key_result"),
    path("<int:goal_id>/report/", progress.report, name="report"),
    path("<int:goal_id>/support/", support.support, name="support"),
    path("<int:goal_id>/remove/", drafting.remove, name="remove"),
    path("agreements/<int:agreement_id>/", agreement.agreement, name="agreement"),
    path("agreements/<int:agreement_id>/propose/", agreement.propose, name="propose"),
    path("agreements/<int:agreement_id>/withdraw/", agreement.withdraw, name="withdraw"),
    path("agreements/<int:agreement_id>/accept/", agreement.accept, name="accept"),
    path("agreements/<int:agreement_id>/counter/", agreement.counter, name="counter"),
    path("agreements/<int:agreement_id>/comment/", agreement.comment, name="comment"),
    path("agreements/<int:agreement_id>/deadline/", agreement.deadline, name="deadline"),
    path("agreements/<int:agreement_id>/versions/", agreement.versions, name="versions"),
    path("agreements/<int:agreement_id>/change/", changes.ask, name="ask_change"),
    path("changes/<int:request_id>/", changes.change, name="change"),
    path("changes/<int:request_id>/effect/<slug:when>/", changes.effect, name="effect"),
    path("changes/<int:request_id>/accept/", changes.accept, name="accept_change"),
    path("changes/<int:request_id>/approve/", changes.approve, name="approve_change"),
    path("changes/<int:request_id>/refuse/", changes.refuse, name="refuse_change"),
    path("changes/<int:request_id>/withdraw/", changes.withdraw, name="withdraw_change"),
    path("agreements/<int:agreement_id>/print/", printing.agreement_pdf, name="agreement_pdf"),
]
