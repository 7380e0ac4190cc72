"""Addresses of the public register, below `/api/v1/`."""

from django.urls import path

from register import api

urlpatterns = [
    path("licences/", api.Licences.as_view(), name="licences"),
    path("licences/<str:number>/", api.OneLicence.as_view(), name="licence"),
    path("catalog/", api.Catalogue.as_view(), name="catalog"),
    path("catalog/<slug:key>/", api.OneCategory.as_view(), name="catalog_category"),
    path("progress/<str:number>/", api.Progress.as_view(), name="progress"),
    path("verify/", api.Verify.as_view(), name="verify"),
]
