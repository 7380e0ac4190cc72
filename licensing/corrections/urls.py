"""Pages of corrections: officials' below their list, a holder's beside his licences."""

from django.urls import path

from licensing.corrections import views

app_name = "corrections"
urlpatterns = [
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/new/", views.propose, name="new"),
    path("corrections/<uuid:public_id>/", views.correction, name="correction"),
    path("corrections/<uuid:public_id>/source/", views.source, name="source"),
    path("corrections/requests/<uuid:public_id>/", views.asked_for, name="request"),
    path("corrections/requests/<uuid:public_id>/attachment/", views.attachment, name="attachment"),
    path("my/corrections/", views.mine, name="mine"),
    path("my/corrections/ask/", views.ask, name="ask"),
]
