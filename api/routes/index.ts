import type { Route } from "../route.ts";
import { apiResourceRoutes } from "./api-resources.ts";
import { approvalRoutes } from "./approvals.ts";
import { auditRoutes } from "./audit.ts";
import { authRoutes } from "./auth.ts";
import { changeRoutes } from "./changes.ts";
import { configBackupRoutes } from "./config-backups.ts";
import { credentialRoutes } from "./credentials.ts";
import { deviceFileRoutes } from "./device-files.ts";
import { deviceOverrideRoutes } from "./device-overrides.ts";
import { deviceRoutes } from "./devices.ts";
import { docsRoutes } from "./docs.ts";
import { eventRoutes } from "./events.ts";
import { hostKeyRoutes } from "./host-keys.ts";
import { labRoutes } from "./lab.ts";
import { platformRoutes } from "./platform.ts";
import { runRoutes } from "./runs.ts";
import { stackRoutes } from "./stacks.ts";
import { stackTemplateRoutes } from "./stack-templates.ts";
import { templateRoutes } from "./templates.ts";
import { showCommandRoutes } from "./show-commands.ts";
import { userRoutes } from "./users.ts";
import { variableRoutes } from "./variables.ts";

/** Every route there is. One that hangs in the app without standing here stops the start. */
export const routes: Route[] = [
  ...authRoutes,
  ...userRoutes,
  ...deviceFileRoutes,
  ...deviceRoutes,
  ...showCommandRoutes,
  ...hostKeyRoutes,
  ...credentialRoutes,
  ...deviceOverrideRoutes,
  ...variableRoutes,
  ...apiResourceRoutes,
  ...changeRoutes,
  ...approvalRoutes,
  ...runRoutes,
  ...configBackupRoutes,
  ...templateRoutes,
  ...stackRoutes,
  ...stackTemplateRoutes,
  ...labRoutes,
  ...auditRoutes,
  ...eventRoutes,
  ...platformRoutes,
  ...docsRoutes,
];
