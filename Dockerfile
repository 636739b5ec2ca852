# The image of the bridge: the daemon as entry point, a plain user, its database in /data, its
# configuration in /config/bridge.toml (or in TASK_BRIDGE_ variables). It brings no secret.
#
#   docker build -t task-bridge .
#   docker run -v bridge-data:/data -v "$PWD/config:/config:ro" task-bridge
#   docker run ... task-bridge check        (any other command in place of `run`)

FROM python:3.11-slim AS wheel
WORKDIR /src
COPY requirements-dev.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-dev.lock
COPY pyproject.toml LICENSE ./
COPY bridge ./bridge
COPY migrations ./migrations
COPY config/bridge.example.toml ./config/bridge.example.toml
RUN python -m hatchling build -t wheel -d /wheels

FROM python:3.11-slim AS builder
COPY requirements.lock ./
RUN python -m venv /opt/task-bridge \
    && /opt/task-bridge/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=wheel /wheels /wheels
RUN /opt/task-bridge/bin/pip install --no-cache-dir --no-index --no-deps /wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin bridge \
    && install -d -o bridge -g bridge -m 0700 /data
COPY --from=builder /opt/task-bridge /opt/task-bridge
ENV PATH=/opt/task-bridge/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TASK_BRIDGE_CONFIG=/config/bridge.toml
USER 10001:10001
WORKDIR /data
VOLUME /data
# The daemon settles what is in flight within eight seconds of SIGTERM, inside the usual ten.
STOPSIGNAL SIGTERM
# From the database alone: 0 if a daemon is alive and both polls succeeded lately.
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
    CMD ["task-bridge", "status"]
ENTRYPOINT ["task-bridge"]
CMD ["run"]
