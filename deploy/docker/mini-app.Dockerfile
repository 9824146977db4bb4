# The Mini App as a container: its files, and the one origin that the browser talks to. Build it from the root of the
# repository:
#
#   docker build -f deploy/docker/mini-app.Dockerfile -t artel-mini-app .
#
# How npm gets settings of your own is told in gateway.Dockerfile.
ARG NODE=node:24.21.0-trixie-slim
ARG RUNTIME=nginxinc/nginx-unprivileged:1.28.0-alpine

FROM ${NODE} AS build
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/core/package.json packages/core/
COPY packages/sentry/package.json packages/sentry/
COPY packages/react/package.json packages/react/
COPY apps/mini-app/package.json apps/mini-app/
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=cache,id=artel-pnpm,target=/pnpm/store \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" install \
      --frozen-lockfile --store-dir /pnpm/store --filter '@artel/mini-app...'
COPY tsconfig.base.json tsup.base.ts dev.d.ts ./
COPY packages/protocol packages/protocol
COPY packages/core packages/core
COPY packages/sentry packages/sentry
COPY packages/react packages/react
COPY apps/mini-app apps/mini-app
RUN --mount=type=cache,id=artel-npm,target=/root/.npm \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npx --yes "$(node --print 'require("./package.json").packageManager')" \
      --filter '@artel/mini-app...' run build

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="Artel Billiards" \
      org.opencontainers.image.description="The demo Mini App, and the way from its page to the gateway and the game service" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /app/apps/mini-app/dist /usr/share/nginx/html
# The image's own entry point fills it in at the start, into /etc/nginx/conf.d.
COPY deploy/docker/mini-app.conf.template /etc/nginx/templates/default.conf.template
# Names are looked up again as they change, by the resolver of the container.
ENV NGINX_ENTRYPOINT_LOCAL_RESOLVERS=1 \
    GATEWAY_URL=http://gateway:4320 \
    GAME_URL=http://game-service:4330
EXPOSE 8080
USER 101:101
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["wget", "-q", "--spider", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["nginx", "-g", "daemon off;"]
