# One image for web, worker, beat and the step before them (docker-compose.yml).

FROM python:3.13.7-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY . ./
# The keys made for this one command stay in /tmp of this stage.
RUN DATA_DIR=/tmp/build STATIC_ROOT=/app/collected /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q config classifier intake cms search

FROM python:3.13.7-slim-bookworm
RUN groupadd --system --gid 10001 yk57 \
    && useradd --system --uid 10001 --gid yk57 --home-dir /data --no-create-home --shell /usr/sbin/nologin yk57 \
    && install --directory --owner yk57 --group yk57 --mode 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected \
    BIND=0.0.0.0 \
    PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 CMD ["python", "-P", "config/checks/alive.py"]
CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
