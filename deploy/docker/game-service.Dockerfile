# The game service as a container. Build it from the root of the repository:
#
#   docker build -f deploy/docker/game-service.Dockerfile -t artel-game-service .
#
# Its bases, and how npm gets settings of your own, are those of gateway.Dockerfile.
ARG NODE=node:24.21.0-trixie-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian13:nonroot

# What both installations read, and nothing that changes with the sources: their layers stay cached.
FROM ${NODE} AS manifests
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/service/package.json packages/service/
COPY apps/game-service/package.json apps/game-service/

FROM manifests AS dependencies
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=cache,id=artel-pnpm,target=/pnpm/store \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" install \
      --frozen-lockfile --store-dir /pnpm/store --filter '@artel/game-service...' --prod
# The toolkit brings no pino, no OpenTelemetry and no Fastify of its own: it takes the app's. In a workspace it would look
# for them beside itself, where they are for its development only.
RUN cd packages/service/node_modules && \
    for peer in $(node --print 'Object.keys(require("../package.json").peerDependencies).join(" ")'); do \
      app="$(realpath "/app/apps/game-service/node_modules/$peer")" && \
      mkdir -p "$(dirname "$peer")" && ln -s "$app" "$peer" || exit 1; \
    done

FROM manifests AS build
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=cache,id=artel-pnpm,target=/pnpm/store \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" install \
      --frozen-lockfile --store-dir /pnpm/store --filter '@artel/game-service...'
COPY tsconfig.base.json tsup.base.ts ./
COPY packages/protocol packages/protocol
COPY packages/service packages/service
COPY apps/game-service apps/game-service
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" \
      --filter '@artel/game-service...' run build

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="Artel Billiards game service" \
      org.opencontainers.image.description="The sessions of Artel Billiards, on the telemetry toolkit for services" \
      org.opencontainers.image.licenses="MIT"
COPY --from=dependencies /app /app
COPY --from=build /app/packages/protocol/dist /app/packages/protocol/dist
COPY --from=build /app/packages/service/dist /app/packages/service/dist
COPY --from=build /app/apps/game-service/dist /app/apps/game-service/dist
COPY apps/game-service/migrations /app/apps/game-service/migrations
# It keeps nothing itself: DATABASE_URL names what does.
ENV NODE_ENV=production \
    GAME_HOST=0.0.0.0 \
    GAME_PORT=4330
EXPOSE 4330
# By number: Kubernetes cannot tell of a name that it is not root's.
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/nodejs/bin/node", "--eval", "fetch(`http://127.0.0.1:${process.env.GAME_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "/app/apps/game-service/dist/cli.js"]
