# One image; its command is one of `python -m api ...`: serve, migrate, grant. It brings no PostgreSQL: DATABASE_URL is
# the owner's address, who migrates, APP_DATABASE_URL the same database for the login vhod_app, who serves. It is in
# production mode, so start-up also asks for PUBLIC_URL, VHOD_SECRET_KEY and VHOD_ISSUERS: api/settings.py.
#   docker run --rm --env-file production.env vhod python -m api migrate
#   docker run -p 8000:8000 --env-file production.env vhod

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin vhod
COPY --from=packages /venv /venv
WORKDIR /app
# The files that .dockerignore lets through; compiled now, because the user below may not write here.
COPY . .
RUN /venv/bin/python -m compileall -q api schema auth domain migrations
USER vhod
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VHOD_MODE=production HOST=0.0.0.0 PORT=8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=2)"]
CMD ["python", "-m", "api", "serve"]
