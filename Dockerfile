# duban, production form: one image for every service of docker-compose.yaml but the databases, one for Samba.
# Never built where it was written (no docker engine there): hadolint and a test look it over, no more.

FROM python:3.11.13-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement /tmp/requirements.txt \
    && /opt/venv/bin/pip check

# Samba for the agencies' folders.
FROM debian:12.11-slim AS samba
# Of a package Debian keeps one version a release; the release is stated above.
# hadolint ignore=DL3008
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libnss-wrapper samba tini \
    && rm -rf /var/lib/apt/lists/*
COPY samba.sh /usr/local/bin/duban-samba
# smbd turns into whoever logs in, which only root may.
# hadolint ignore=DL3002
USER 0:0
ENTRYPOINT ["tini", "--"]
CMD ["duban-samba"]

FROM python:3.11.13-slim-bookworm AS duban
# LibreOffice renders documents; the fonts are what stands in for 仿宋, 楷体 and 小标宋; pg_dump is for `duban backup`;
# tini reaps children.
# Of a package Debian keeps one version a release; the release is stated above.
# hadolint ignore=DL3008
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        fontconfig fonts-noto-cjk libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils \
        postgresql-client-15 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/duban --shell /usr/sbin/nologin duban \
    && install --directory --owner duban --group duban --mode 0700 /var/lib/duban \
    && install --directory --owner duban --group duban --mode 0770 /srv/duban-drive \
    && install --directory --owner duban --group duban --mode 0700 /srv/samba
COPY --from=packages /opt/venv /opt/venv
COPY secret.sh /usr/local/bin/secret
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
USER 10001:10001
VOLUME ["/var/lib/duban"]
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
