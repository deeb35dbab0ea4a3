# The version that the `node` package in package.json has too; a test compares them.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
COPY scripts/build.mjs scripts/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json mikro-orm.config.ts ./
COPY client/tsconfig.json client/
COPY client/src client/src
COPY src src
COPY migrations migrations
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
# Without the client: the gateway does not need it, and a link to it would lead nowhere.
COPY package.json package-lock.json ./
# Optional are the binaries of the embedded PostgreSQL and of the compiler, which are not wanted here. Without scripts no
# second Node is fetched: the image has one.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="customer-gateway" \
  org.opencontainers.image.description="A GraphQL gateway that creates customers in an accounting workspace" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# The playground, which is served only with PLAYGROUND=on.
COPY playground/dist playground/dist
COPY schema.graphql ./
# The image's own account, which may write nowhere in /app.
USER node
EXPOSE 4000
# Whether the process lives. Whether it can answer is /readyz, for those who balance the load: a database that is gone is no
# reason to start the gateway anew.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# In this form the process is the first one, and gets the signals.
CMD ["node", "--enable-source-maps", "--no-allocation-site-pretenuring", "dist/src/main.js"]
