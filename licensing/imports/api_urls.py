"""Addresses of imports, below `/api/v1/`."""

from django.urls import path

from licensing.imports import api

ONE = "imports/<uuid:public_id>"

urlpatterns = [
    path("imports/", api.Imports.as_view(), name="imports"),
    path(f"{ONE}/", api.OneImport.as_view(), name="import"),
    path(f"{ONE}/findings/", api.Findings.as_view(), name="import_findings"),
    path(f"{ONE}/load/", api.Load.as_view(), name="import_load"),
    path(f"{ONE}/withdraw/", api.Withdraw.as_view(), name="import_withdraw"),
]
