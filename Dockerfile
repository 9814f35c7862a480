# duban, production form: one image for every service of docker-compose.yaml.
# Never built where it was written (no docker there): tests/unit/platform/test_production_form.py reads it, no more.

FROM python:3.11.13-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement /tmp/requirements.txt \
    && /opt/venv/bin/pip check

FROM python:3.11.13-slim-bookworm
# LibreOffice renders documents; the fonts are what stands in for 仿宋, 楷体 and 小标宋; tini reaps children.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        fontconfig fonts-noto-cjk libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/duban --shell /usr/sbin/nologin duban \
    && install --directory --owner duban --group duban --mode 0700 /var/lib/duban \
    && install --directory --owner duban --group duban --mode 0770 /srv/duban-drive
COPY --from=packages /opt/venv /opt/venv
COPY dags /opt/duban/dags
COPY plugins /opt/duban/plugins
COPY plans /opt/duban/plans
COPY include /opt/duban/include
COPY live /opt/duban/live
COPY demo /opt/duban/demo
COPY pyproject.toml README.md /opt/duban/
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable /opt/duban \
    && /opt/venv/bin/python -m compileall -q /opt/duban

ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/duban \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    TZ=Asia/Shanghai \
    DUBAN_HOME=/var/lib/duban \
    DUBAN_DRIVE_DIR=/srv/duban-drive \
    AIRFLOW_HOME=/var/lib/duban/airflow
WORKDIR /opt/duban
USER duban
VOLUME ["/var/lib/duban"]
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
