import { z } from "zod";
import { Id, Name, Timestamp, plainText } from "./common.ts";

export const ROLES = ["viewer", "operator", "approver", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Every right there is. A route names the one it needs; a role is a set of them. */
export const PERMISSIONS = [
  "self",
  "devices:read",
  "devices:write",
  "devices:test",
  "host-keys:accept",
  "credentials:read",
  "credentials:write",
  "changes:read",
  "changes:write",
  "changes:apply",
  "approvals:read",
  "approvals:decide",
  "runs:read",
  "runs:control",
  "backups:read",
  "backups:run",
  "backups:delete",
  "templates:read",
  "templates:write",
  "lab:use",
  "users:admin",
  "audit:read",
  "settings:read",
  "settings:write",
  "variables:read",
  "variables:write",
] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

const VIEWER: Permission[] = [
  "self",
  "devices:read",
  "changes:read",
  "approvals:read",
  "runs:read",
  "backups:read",
  "templates:read",
  "settings:read",
  "variables:read",
];
const OPERATOR: Permission[] = [
  ...VIEWER,
  "devices:write",
  "devices:test",
  "credentials:read",
  "changes:write",
  "changes:apply",
  "runs:control",
  "backups:run",
  "templates:write",
  "lab:use",
  "variables:write",
];
/** An approver decides and reads; whoever also writes changes holds both roles, and still cannot decide on their own. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  viewer: VIEWER,
  operator: OPERATOR,
  approver: [...VIEWER, "approvals:decide", "host-keys:accept", "audit:read", "runs:control"],
  admin: PERMISSIONS,
};

export const Username = Name;
export const Password = z.string().min(10, "must have at least 10 characters").max(200);

export const User = z
  .object({
    id: Id,
    username: z.string(),
    display_name: z.string(),
    roles: z.array(Role),
    auth_source: z.enum(["local"]),
    disabled: z.boolean(),
    must_change_password: z.boolean(),
    created_at: Timestamp,
    last_login_at: Timestamp.nullable(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const NewUser = z.strictObject({
  username: Username,
  display_name: plainText(120).optional(),
  password: Password,
  roles: z.array(Role).min(1, "must hold at least one role").max(4),
});
export type NewUser = z.infer<typeof NewUser>;

export const UserPatch = z.strictObject({
  display_name: plainText(120).optional(),
  roles: z.array(Role).min(1, "must hold at least one role").max(4).optional(),
  disabled: z.boolean().optional(),
});
export type UserPatch = z.infer<typeof UserPatch>;

/** `current_password` is needed for one's own password; an admin sets another's without it. */
export const PasswordChange = z.strictObject({
  current_password: z.string().max(200).optional(),
  new_password: Password,
});

export const Login = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
  remember_me: z.boolean().optional(),
});

/** Who the caller is, with every right they hold. */
export const Me = z
  .object({
    user: User,
    permissions: z.array(Permission),
    server_time: Timestamp,
    lab: z.boolean(),
    seen_welcome: z.boolean(),
    last_seen_at: Timestamp.nullable(),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

export const NewApiToken = z.strictObject({
  name: plainText(120).min(1),
  scopes: z.array(Permission).min(1).max(PERMISSIONS.length),
  expires_in_days: z.number().int().min(1).max(365),
});
export const ApiToken = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(Permission),
    created_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Timestamp.nullable(),
  })
  .meta({ id: "ApiToken" });
export type ApiToken = z.infer<typeof ApiToken>;
