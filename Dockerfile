# One image for web, worker and beat; the build compiles catalogues and collects static files.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --python /usr/local/bin/python
COPY . .
ENV PATH=/app/.venv/bin:$PATH STATIC_ROOT=/app/static-collected
RUN python -m aftersales.translations \
 && MODE=demo EMBEDDED=1 DATA=/tmp/build python manage.py collectstatic --noinput --ignore "rest_framework/*" --ignore "*.map"

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home portal && mkdir /data /metrics && chown portal: /data /metrics
COPY --from=build --chown=root:root /app /app
WORKDIR /app
USER portal
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 MODE=production DATA=/data STATIC_ROOT=/app/static-collected
EXPOSE 8000
# 2 processes of 8 threads; nginx in front keeps slow clients away from them
CMD ["gunicorn", "aftersales.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--max-requests", "5000", "--max-requests-jitter", "500", "--timeout", "60", \
     "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--config", "deploy/gunicorn.py"]
