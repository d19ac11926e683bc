from __future__ import annotations

from django.urls import path

from mingji.people import views

app_name = "people"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/as/", views.sign_in_as, name="sign_in_as"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("preferences/", views.preferences, name="preferences"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.token_revoke, name="token_revoke"),
    path("members/<slug:code>/", views.member, name="member"),
]
