import type { Route } from "../route.ts";
import { authRoutes } from "./auth.ts";
import { credentialRoutes } from "./credentials.ts";
import { deviceRoutes } from "./devices.ts";
import { docsRoutes } from "./docs.ts";
import { hostKeyRoutes } from "./host-keys.ts";
import { userRoutes } from "./users.ts";

/** Every route there is. One that hangs in the app without standing here stops the start. */
export const routes: Route[] = [
  ...authRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...hostKeyRoutes,
  ...credentialRoutes,
  ...docsRoutes,
];
