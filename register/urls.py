"""Addresses of the public register. `/l/<id>` and `/d/<code>` are printed in QR codes and never change
(DESIGN §5)."""

from django.urls import path

from register import views

app_name = "register"

urlpatterns = [
    path("", views.home, name="home"),
    path("licences/", views.licences, name="licences"),
    path("licences/<str:number>/", views.licence, name="licence"),
    path("l/<str:opaque_id>", views.opaque, name="opaque"),
    path("d/<str:code>", views.document, name="document"),
    path("verify/", views.verify, name="verify"),
    path("progress/", views.progress_form, name="progress_form"),
    path("progress/<str:number>/", views.progress, name="progress"),
    path("need/", views.need, name="need"),
    path("rules/", views.rules, name="rules"),
    path("who-decides/", views.who_decides, name="who_decides"),
    path("catalog/", views.catalog, name="catalog"),
    path("catalog/<slug:key>/", views.catalog_category, name="catalog_category"),
]
