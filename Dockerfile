# One image for web, workers, signer, beat and the one-shot migration; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 portal

WORKDIR /srv/portal
COPY requirements-setup.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-setup.txt \
    && uv pip install --system --no-cache --require-hashes -r requirements.txt

COPY . .
RUN python -m portal.i18n compile \
    && mkdir -p /srv/state /srv/keys \
    && chmod 700 /srv/keys \
    && chown portal:portal /srv/state /srv/keys

ENV DJANGO_SETTINGS_MODULE=portal.settings \
    PYTHONUNBUFFERED=1 \
    STATE_DIR=/srv/state \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics \
    WORLD=real
USER portal
EXPOSE 8000
CMD ["gunicorn", "-c", "python:portal.gunicorn_conf", "portal.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--workers", "4", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
