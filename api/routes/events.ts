import { route } from "../route.ts";
import { frame, sse } from "../sse.ts";

export const eventRoutes = [
  route(
    {
      method: "get",
      path: "/api/events",
      access: "self",
      tag: "platform",
      summary: "Live hints: which list has changed (`event: hint`, data {topic, id})",
      answer: "text/event-stream",
    },
    async ({ c, deps }) =>
      sse(c, deps, ({ put, closed }) => {
        const stop = deps.hub.onHint((hint) => put(frame({ event: "hint", data: hint })));
        closed.addEventListener("abort", stop, { once: true });
      }),
  ),
];
