"""Addresses of corrections, below `/api/v1/`."""

from django.urls import path

from licensing.corrections import api

ONE = "corrections/<uuid:public_id>"
ASKED = "correction-requests/<uuid:public_id>"

urlpatterns = [
    path("corrections/", api.Corrections.as_view(), name="corrections"),
    path(f"{ONE}/", api.OneCorrection.as_view(), name="correction"),
    path(f"{ONE}/confirm/", api.Confirm.as_view(), name="correction_confirm"),
    path(f"{ONE}/approve/", api.Approve.as_view(), name="correction_approve"),
    path(f"{ONE}/decline/", api.Decline.as_view(), name="correction_decline"),
    path(f"{ONE}/withdraw/", api.Withdraw.as_view(), name="correction_withdraw"),
    path("correction-requests/", api.Requests.as_view(), name="correction_requests"),
    path(f"{ASKED}/", api.OneRequest.as_view(), name="correction_request"),
    path(f"{ASKED}/answer/", api.AnswerRequest.as_view(), name="correction_request_answer"),
    path(f"{ASKED}/take-back/", api.TakeBack.as_view(), name="correction_request_take_back"),
]
