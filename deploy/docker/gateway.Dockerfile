# The gateway as a container. Build it from the root of the repository:
#
#   docker build -f deploy/docker/gateway.Dockerfile -t artel-gateway .
#
# Where npm needs a registry or token of your own, hand in its settings; they stay out of the image:
#
#   docker build --secret id=npmrc,src=$HOME/.npmrc …
#
# Both bases are Debian 13, so that the native store library (lmdb, glibc) finds in the second what it had in the first.
# The runtime's tag moves with its security updates; a digest (RUNTIME=gcr.io/distroless/…@sha256:…) holds it still.
ARG NODE=node:24.21.0-trixie-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian13:nonroot

# What both installations read, and nothing that changes with the sources: their layers stay cached.
FROM ${NODE} AS manifests
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/gateway/package.json packages/gateway/
# Made here, as the last stage has no mkdir.
RUN mkdir /data

FROM manifests AS dependencies
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=cache,id=artel-pnpm,target=/pnpm/store \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" install \
      --frozen-lockfile --store-dir /pnpm/store --filter '@artel/telemetry-gateway...' --prod

FROM manifests AS build
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=cache,id=artel-pnpm,target=/pnpm/store \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" install \
      --frozen-lockfile --store-dir /pnpm/store --filter '@artel/telemetry-gateway...'
COPY tsconfig.base.json tsup.base.ts ./
COPY packages/protocol packages/protocol
COPY packages/gateway packages/gateway
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" \
      --filter '@artel/telemetry-gateway...' run build

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="Artel Telemetry gateway" \
      org.opencontainers.image.description="Takes telemetry from pages, counts each batch exactly once, shows the sums to Prometheus" \
      org.opencontainers.image.licenses="MIT"
COPY --from=dependencies /app /app
COPY --from=build /app/packages/protocol/dist /app/packages/protocol/dist
COPY --from=build /app/packages/gateway/dist /app/packages/gateway/dist
# The one place that is written to. A volume that is made for it takes over its owner.
COPY --from=manifests --chown=65532:65532 /data /data
VOLUME /data
# Stronger than the configuration file: where a container listens and keeps its data is not the file's business.
ENV NODE_ENV=production \
    GATEWAY_ENV=production \
    GATEWAY_HOST=0.0.0.0 \
    GATEWAY_PORT=4320 \
    DATA_DIR=/data
EXPOSE 4320
# By number: Kubernetes cannot tell of a name that it is not root's.
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/nodejs/bin/node", "--eval", "fetch(`http://127.0.0.1:${process.env.GATEWAY_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# What is put behind the image's name is an argument of artel-gateway.
ENTRYPOINT ["/nodejs/bin/node", "/app/packages/gateway/dist/cli.js"]
