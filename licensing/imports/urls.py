"""Pages of imports."""

from django.urls import path

from licensing.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.batches, name="list"),
    path("new/", views.new, name="new"),
    path("template.csv", views.template, name="template"),
    path("<uuid:public_id>/", views.batch, name="batch"),
    path("<uuid:public_id>/findings.csv", views.findings, name="findings"),
    path("<uuid:public_id>/file/", views.original, name="original"),
    path("<uuid:public_id>/load/", views.load, name="load"),
    path("<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
]
