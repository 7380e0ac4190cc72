# One image for web, workers, signer, beat and the one-shot migration; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --uid 10001 portal

ENV VIRTUAL_ENV=/srv/venv \
    PATH=/srv/venv/bin:$PATH
WORKDIR /srv/portal
COPY requirements-setup.txt requirements.txt ./
RUN python -m venv /srv/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-setup.txt \
    && uv pip install --no-cache --compile-bytecode --require-hashes -r requirements.txt

COPY . .
RUN python -m portal.i18n compile \
    && python -m compileall -q . \
    && mkdir -p /srv/state /srv/keys \
    && chmod 700 /srv/keys \
    && chown portal:portal /srv/state /srv/keys

ENV DJANGO_SETTINGS_MODULE=portal.settings \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATE_DIR=/srv/state \
    XDG_CACHE_HOME=/tmp/cache \
    WORLD=real
USER portal
EXPOSE 8000
CMD ["gunicorn", "-c", "python:portal.gunicorn_conf", "portal.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--workers", "4", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
