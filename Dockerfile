# The headless twin. See docs/development.md: publish its ports on 127.0.0.1 only.
#   docker build -t parallax . && docker run --rm -p 127.0.0.1:9280:9280 -p 127.0.0.1:9999:9999 -v parallax:/data parallax --sample
FROM node:24-slim AS build
WORKDIR /build
# Without scripts: the image has the Node that the package `node` would fetch.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY electron.vite.config.ts tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.ts && node scripts/third_party.ts
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/out ./out
COPY package.json LICENSE README.md ./
COPY bin ./bin
COPY docs ./docs
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 9280 9281 9999
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["node", "bin/healthy.js"]
ENTRYPOINT ["node", "bin/container.js"]
