# The Python that the tests run on.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/proterm
WORKDIR /src
# The dependencies change more seldom than the code, so they are a layer of their own.
COPY requirements.lock ./
RUN /opt/proterm/bin/python -m pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY terminology terminology
COPY conformance conformance
COPY service service
# What installs is not needed by what runs.
RUN /opt/proterm/bin/python -m pip install --no-deps --no-build-isolation . \
    && /opt/proterm/bin/python -m pip uninstall --yes setuptools pip

FROM python:${PYTHON}-slim
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent proterm \
    && install --directory --owner proterm --group proterm /data
COPY --from=build /opt/proterm /opt/proterm
ENV PATH=/opt/proterm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    PROTERM_DATA=/data
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health/ready', timeout=3)"]
CMD ["proterm", "serve"]
