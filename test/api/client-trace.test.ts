import { expect, test } from "vitest";
import { clientTrace } from "../../api/middleware/request.ts";

const TRACE = `00-${"a1".repeat(16)}-${"b1".repeat(8)}`;

test("whoever shows no login goes on with nobody's trace", () => {
  expect(clientTrace(new Headers({ traceparent: `${TRACE}-01` }))).toBeUndefined();
});

test.each([{ cookie: "session=x" }, { authorization: "Bearer x" }])(
  "with %o the trace goes on, and whether it is kept is not the client's to say",
  (login) => {
    expect(clientTrace(new Headers({ ...login, traceparent: `${TRACE}-00` }))).toBe(`${TRACE}-01`);
    expect(clientTrace(new Headers(login))).toBeUndefined();
  },
);
