"""Addresses of the demo identity provider; outside a demo world each answers 404."""

from django.urls import path

from portal.demo import identity

urlpatterns = [
    path(".well-known/openid-configuration", identity.configuration, name="identity_configuration"),
    path("jwks", identity.jwks, name="identity_jwks"),
    path("authorize", identity.authorize, name="identity_authorize"),
    path("token", identity.token, name="identity_token"),
]
