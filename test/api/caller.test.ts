import { expect, test } from "vitest";
import { callerOf } from "../../api/middleware/request.ts";
import { blockListOf } from "../../system/config.ts";

const nobody = blockListOf([]);
const proxies = blockListOf(["10.0.0.0/8", "2001:db8::/32"]);

test.each([
  ["a direct caller", "192.0.2.1", undefined, nobody, "192.0.2.1", true],
  ["IPv4 in IPv6 clothes", "::ffff:192.0.2.1", undefined, nobody, "192.0.2.1", true],
  ["a header that nobody trusted wrote", "192.0.2.1", "203.0.113.9", nobody, "192.0.2.1", false],
  ["a header of a trusted proxy", "10.0.0.1", "203.0.113.9", proxies, "203.0.113.9", false],
  ["a chain of trusted proxies", "10.0.0.1", "203.0.113.9, 10.0.0.7", proxies, "203.0.113.9", false],
  [
    "what stands further left than the first untrusted one",
    "10.0.0.1",
    "127.0.0.1, 203.0.113.9, 10.0.0.7",
    proxies,
    "203.0.113.9",
    false,
  ],
  ["IPv6 through a proxy", "2001:db8::5", "2001:470::9", proxies, "2001:470::9", false],
  ["a proxy's own request", "10.0.0.1", undefined, proxies, "10.0.0.1", true],
  ["a header that holds no address", "10.0.0.1", "unknown", proxies, "10.0.0.1", false],
  ["only proxies", "10.0.0.1", "10.0.0.2, 10.0.0.3", proxies, "10.0.0.2", false],
  ["no socket at all", undefined, "127.0.0.1", proxies, null, false],
] as const)("%s", (_what, remote, forwarded, trusted, ip, direct) => {
  expect(callerOf(remote, forwarded, trusted)).toEqual({ ip, direct });
});
