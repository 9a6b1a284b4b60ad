# The bot alone: no sandbox, no tests, no build step (Node.js 24 runs the TypeScript as it is).
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Muster" \
      org.opencontainers.image.description="The disaster-recovery war room in Slack" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY commands ./commands
COPY runbooks ./runbooks
RUN ln -s /app/bin/dr /usr/local/bin/dr
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
# The image's own user `node`, as a number so that Kubernetes can see that it is not root (runAsNonRoot).
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz', { signal: AbortSignal.timeout(3000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 and handles SIGTERM itself; the bot starts no processes of its own, so nothing needs reaping.
CMD ["node", "bin/run.js", "main"]
