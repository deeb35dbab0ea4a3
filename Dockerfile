# A test compares the version with that of the `node` package in package.json.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
# Without client/package.json, npm does not link the client, which the gateway does not use.
COPY package.json package-lock.json ./
# The optional packages are the embedded PostgreSQL and the compiler. Install scripts would add a second Node.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM dependencies AS build
COPY client/package.json client/
# Adds the packages that only the build needs, in the versions of package-lock.json.
RUN npm install --no-save --ignore-scripts --no-audit --no-fund
COPY scripts/build.mjs scripts/
COPY tsconfig.json tsconfig.build.json mikro-orm.config.ts ./
COPY client/tsconfig.json client/
COPY client/src client/src
COPY src src
COPY migrations migrations
COPY bundle bundle
RUN npm run bundle

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="customer-gateway" \
  org.opencontainers.image.description="A GraphQL gateway that creates customers in an accounting workspace" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/bundle dist
# The playground is served only with PLAYGROUND=on.
COPY playground/dist playground/dist
COPY schema.graphql ./
# The account has the ID 1000 and can write to no file in /app.
USER node
EXPOSE 4000
# Checks that the process lives, not /readyz: a restart does not help when the database is unavailable.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
# In the exec form, Node is the first process and receives the signals.
CMD ["node", "--enable-source-maps", "--no-allocation-site-pretenuring", "--no-memory-reducer", "dist/src/main.js"]
