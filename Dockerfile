# One image for each service: docker build --target query-api .

# All services share their dependencies. The image has Node already, so the optional dependencies,
# which bring Node for other ways to start, stay out. No library needs its install script.
FROM node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY kernel/package.json ./kernel/
COPY client/package.json ./client/
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

# The console is built here: its builder and libraries stay out of the images. The builder has its
# compiled parts among the optional dependencies.
FROM node:24.21.0-slim AS console
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY kernel/package.json ./kernel/
COPY client ./client
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY console ./console
RUN node console/build.ts

FROM node:24.21.0-slim AS base
ENV NODE_ENV=production
# Without these limits glibc would keep the memory of freed read buffers.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
# In a container, requests come from outside only.
ENV HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY kernel ./kernel
COPY schemas ./schemas
USER node

FROM base AS command-api
COPY command-api ./command-api
EXPOSE 4001
EXPOSE 4011
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4001/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "command-api/main.ts"]

FROM base AS projectors
COPY projectors ./projectors
EXPOSE 4002
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4002/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "projectors/main.ts"]

FROM base AS query-api
COPY query-api ./query-api
COPY --from=console /app/console/dist ./console/dist
EXPOSE 4000
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "query-api/main.ts"]

FROM base AS reactors
COPY reactors ./reactors
EXPOSE 4003
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4003/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "reactors/main.ts"]

FROM base AS replay-worker
COPY local-stack ./local-stack
COPY projectors ./projectors
COPY command-api ./command-api
COPY replay ./replay
COPY replay-worker ./replay-worker
EXPOSE 4005
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4005/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "replay-worker/main.ts"]

# Programs that run once: topics and schemas, the import, tokens, the replay tool.
FROM base AS tools
COPY local-stack ./local-stack
COPY projectors ./projectors
COPY command-api ./command-api
COPY replay ./replay
COPY client ./client
COPY scraper ./scraper
CMD ["node", "schemas/deploy.ts"]
