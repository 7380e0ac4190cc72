"""The portal's application with the empty view routed. It serves only under `BENCH=1`, never an installation."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings

if not settings.BENCH:
    raise ImproperlyConfigured("portal.bench.wsgi needs BENCH=1")
settings.ROOT_URLCONF = "portal.bench.urls"

application = get_wsgi_application()
