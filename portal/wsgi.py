"""The WSGI application served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

import portal.celery  # noqa: E402, F401  (the doorbell rings through the portal's Celery application)
