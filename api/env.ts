import type { Context } from "hono";

/** What the middleware leaves on a request. */
export type Env = {
  Variables: { requestId: string; ip: string | null; direct: boolean; route: string; userId: string | undefined };
};
export type ApiContext = Context<Env>;
