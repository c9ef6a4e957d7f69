import type { AccessTokens } from "../auth/access-tokens.ts";
import type { Identifier } from "../auth/identify.ts";
import type { Pool } from "../db/client.ts";
import type { DatabaseWatch } from "../services/database-watch.ts";
import type { Engine } from "../services/engine.ts";
import type { KeptAnswers } from "../services/kept-answers.ts";
import type { Renderer } from "../services/renderer.ts";
import type { Config } from "../system/config.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import type { Hub } from "./hub.ts";
import type { Metrics } from "./metrics.ts";
import type { RunFeeds } from "./run-feeds.ts";

/** What whoever starts the API gives it. */
export type AppDeps = {
  config: Pick<Config, "publicUrl" | "trustedProxies" | "lab" | "dataDir">;
  pool: Pool;
  database: DatabaseWatch;
  vault: Vault;
  log: Logger;
  engine: Engine;
  hub: Hub;
  /** The built web app; where it is not built, the page says so. */
  webDir: string;
};

/** What routes work with. */
export type Deps = AppDeps & {
  accessTokens: AccessTokens;
  identifier: Identifier;
  metrics: Metrics;
  answers: KeptAnswers;
  runFeeds: RunFeeds;
  renderer: Renderer;
};
