# One image for web, worker and the one-shot services of docker-compose.yml.
FROM python:3.11-slim-bookworm

# Further Debian packages, such as those that read scans (docs/operations.md).
ARG PACKAGES=""
# openssl makes the certificates of the first start.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openssl $PACKAGES \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin archive \
    && install --directory --owner archive --mode 0700 /data

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
# The key is for this one command; the real one comes from the environment.
RUN python -m compileall -q arabic articles search newsarchive \
    && SECRET_KEY=for-collectstatic ARCHIVE_DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0

USER archive
ENV ARCHIVE_DATA_DIR=/data HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "newsarchive.wsgi"]
