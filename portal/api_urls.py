"""Everything below `/api/v1/` that machines read: the interface of each app, and its description."""

from django.urls import include, path

from core.api.me import Me
from portal import api_docs
from register import api

app_name = "api-v1"
urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("licences/", api.Licences.as_view(), name="licences"),
    path("licences/<str:number>/", api.OneLicence.as_view(), name="licence"),
    path("catalog/", api.Catalogue.as_view(), name="catalog"),
    path("catalog/<slug:key>/", api.OneCategory.as_view(), name="catalog_category"),
    path("progress/<str:number>/", api.Progress.as_view(), name="progress"),
    path("verify/", api.Verify.as_view(), name="verify"),
    path("", include("licensing.api.urls")),
    path("schema/", api_docs.schema, name="schema"),
]
