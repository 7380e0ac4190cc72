"""Addresses of the workbench, below `/api/v1/`."""

from django.urls import path

from licensing.workbench.api import notes

urlpatterns = [
    path("applications/<uuid:public_id>/notes/", notes.CaseNotes.as_view(), name="notes"),
    path("notes/<uuid:public_id>/withdraw/", notes.Withdraw.as_view(), name="note_withdraw"),
    path("notes/<uuid:public_id>/pin/", notes.Pin.as_view(), name="note_pin"),
]
