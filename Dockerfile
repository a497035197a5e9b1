# The API alone: no test tools, no compiler, no root.
FROM python:3.11-slim AS packages

COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r requirements.txt


FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin tickets
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY alembic.ini ./
COPY alembic alembic
COPY app app
# What `/problems/…` tells.
COPY docs/errors.md docs/errors.md
# The demo environment keeps its database, mail and secret here; production writes nothing.
RUN mkdir var && chown tickets var

USER tickets
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/health/live', timeout=4)"]

# exec makes uvicorn the process that receives the stop signal; requests in flight then get 25 s,
# less than the 30 s most platforms wait. TRUSTED_PROXIES says how many proxies' word on the client's
# address is believed; uvicorn itself believes none. The flags from --http on bound what callers may
# send: SERVER_FLAGS in app/http/protocol.py.
CMD ["sh", "-c", "exec uvicorn app.main:app --host 0.0.0.0 --port ${PORT:-8000} --workers ${WEB_CONCURRENCY:-1} --no-proxy-headers --timeout-graceful-shutdown 25 --http app.http.protocol:TimedProtocol --limit-concurrency 800 --no-server-header"]
