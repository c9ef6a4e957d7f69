import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseRecording, unshown } from "../../../domain/contract/recording.ts";
import { applyLines } from "../../../domain/config/apply.ts";
import { countHunks, diffTrees } from "../../../domain/config/diff.ts";
import { wayBack } from "../../../domain/config/inverse.ts";
import { linePresent, neededLines } from "../../../domain/config/needed.ts";
import { normaliseConfig, parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { maskSecrets, secretValues } from "../../../domain/config/secrets.ts";

type Opaque = "fortinet" | "mikrotik_routeros" | "nokia_sros" | "vyos";
const SHOWS: Record<Opaque, RegExp> = {
  fortinet: /^show$/,
  mikrotik_routeros: /^\/export/,
  nokia_sros: /^admin (display-config|show configuration)$/,
  vyos: /^show configuration commands/,
};

/** The configs of a platform's recordings, as its devices print them. */
function configsOf(platform: Opaque): string[] {
  const folder = new URL(`../../recordings/${platform}/`, import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const { exchanges } = parseRecording(readFileSync(new URL(file, folder), "utf8"));
    return exchanges
      .filter((e) => SHOWS[platform].test(e.send))
      .map(({ answer }) =>
        (typeof answer === "string" ? [answer] : answer).filter((s) => typeof s === "string").join(""),
      )
      .map((text) =>
        unshown(text)
          .replace(/\n?--More-- \r {9}\r/g, "\n")
          .replace(/\n[^\n]*$/, "\n"),
      )
      .filter((text) => text.split("\n").length > 5);
  });
}

/** What nobody may see, in the recordings. */
const SECRETS: Record<Opaque, string[]> = {
  fortinet: ["KtPq7xWv1mZs0aLd9YbNcEr5TgHuJi3Ko", "c0mmun1ty-of-2", "Zm9vYmFyYmF6", "MIIFHDBO", "SIb3DQIJ"],
  mikrotik_routeros: ["yAnz5TF", "Zm9vYmFyYmF6", "s3cret of 9", "s3cret-of-6", "c0mmun1ty-9"],
  nokia_sros: ["$2y$10$", "3mF8sQd1LxKp9uW2", "7pWx2cVq0RzT5nLy", "9rTq4LmZ0WxB6vNc", "1gHs7KdP3xQw9zVb"],
  vyos: [
    "vrrp-s3cret",
    "Zm9vYmFyYmF6",
    "yAnz5TF",
    "bgp-s3cret",
    "c0mmun1ty-5",
    "tr4p-5",
    "$6$rounds",
    "radius-s3cret",
    "ipsec-s3cret",
  ],
};
const KEPT: Record<Opaque, string[]> = {
  fortinet: ['        set name "out"', '        set accprofile "super_admin"', '    set hostname "FW-BRANCH-2"'],
  mikrotik_routeros: [
    'public-key="xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="',
    "/system identity set name=RTR-SHOP-9",
  ],
  nokia_sros: ['            user "netops"', "                access-permissions r", '            group "core"'],
  vyos: [
    "set interfaces ethernet eth0 description 'to the core'",
    "set system host-name 'edge-fw1'",
    "set service ssh port '22'",
  ],
};

describe.each(["fortinet", "mikrotik_routeros", "nokia_sros", "vyos"] as const)("%s", (platform) => {
  const configs = configsOf(platform);

  test("its secrets are masked, all of them, and what is none stays", () => {
    expect(configs.length).toBeGreaterThan(0);
    const all = configs.join("\n");
    for (const secret of SECRETS[platform]) expect(all).toContain(secret);
    const masked = configs.map((c) => maskSecrets(platform, c, () => "secret://x")).join("\n");
    for (const secret of SECRETS[platform]) expect(masked).not.toContain(secret);
    for (const line of KEPT[platform]) expect(masked).toContain(line);
    expect(maskSecrets(platform, masked, () => "again")).toBe(masked);
  });

  test("a secret is known by its value", () => {
    const values = configs.flatMap((c) => secretValues(platform, c));
    for (const secret of SECRETS[platform])
      expect(
        values.some((v) => v.includes(secret)),
        secret,
      ).toBe(true);
  });

  test.each(configs)("it is read as sections, and nothing of it is lost", (config) => {
    const tree = parseConfig(platform, config);
    expect(sameConfig(tree, parseConfig(platform, renderConfig(tree)))).toBe(true);
    expect(diffTrees(tree, tree)).toEqual([]);
  });

  test("two versions are compared section by section", () => {
    const [config = ""] = configs;
    const other = config
      .replace(/(host-?name|name) (["']?)[\w-]+\2$/m, "$1 $2OTHER$2")
      .replace("name=RTR", "name=OTHER");
    expect(other).not.toBe(config);
    const hunks = diffTrees(parseConfig(platform, config), parseConfig(platform, other));
    expect(countHunks(hunks)).toEqual({ added: 1, removed: 1 });
  });

  test("a change is not foreseen, so none can be called done or taken back", () => {
    const tree = parseConfig(platform, configs[0] ?? "");
    const { tree: after, notes } = applyLines(platform, tree, ["set something"]);
    expect(sameConfig(tree, after)).toBe(true);
    expect(notes).toEqual([expect.stringContaining("cannot be foreseen")]);
    expect(wayBack(platform, tree, after).lines).toEqual([]);
    expect(neededLines(platform, tree, ["set something"])).toEqual([0]);
    expect(linePresent(platform, tree, ["set something"], 0)).toBe("unclear");
  });
});

describe("what is no change", () => {
  test("FortiOS encrypts its secrets anew at each read", () => {
    const [a = "", b = ""] = configsOf("fortinet");
    expect(a).not.toBe(b);
    expect(normaliseConfig("fortinet", a)).toBe(normaliseConfig("fortinet", b));
    expect(diffTrees(parseConfig("fortinet", a), parseConfig("fortinet", b))).toEqual([]);
    const changed = a.replace('set name "out"', 'set name "in"');
    expect(normaliseConfig("fortinet", changed)).not.toBe(normaliseConfig("fortinet", a));
  });

  test("RouterOS writes the time of the export", () => {
    for (const [was, is] of [
      ["# 2026-11-24 10:11:33 by RouterOS 7.18.2", "# 2026-11-25 01:02:03 by RouterOS 7.18.2"],
      ["# jul/21/2026 09:42:42 by RouterOS 6.48.6", "# aug/01/2026 00:00:01 by RouterOS 6.48.6"],
    ]) {
      const config = configsOf("mikrotik_routeros").find((c) => c.includes(was ?? "")) ?? "";
      expect(config).not.toBe("");
      const other = config.replace(was ?? "", is ?? "");
      expect(normaliseConfig("mikrotik_routeros", other)).toBe(normaliseConfig("mikrotik_routeros", config));
    }
  });

  test("SR OS writes when it was asked", () => {
    for (const config of configsOf("nokia_sros")) {
      const other = config.replace(/^# (Generated|Finished) .*$/gm, "# $1 MON JAN 1 00:00:00 2030 UTC");
      expect(other).not.toBe(config);
      expect(normaliseConfig("nokia_sros", other)).toBe(normaliseConfig("nokia_sros", config));
    }
  });
});

describe("RouterOS breaks long lines in two", () => {
  const broken = `# 2026-11-24 10:11:33 by RouterOS 7.18.2
/ppp secret
add name=branch password=\\
    "s3cret of 9" service=l2tp
/interface wifi security
add authentication-types=wpa2-psk name=sec1 passphrase="long pass\\
    phrase" wpa-pre-shared-key=other-s3cret
`;
  test("a secret is found behind the break, and in the middle of it", () => {
    const masked = maskSecrets("mikrotik_routeros", broken, () => "secret://x");
    expect(masked).not.toMatch(/s3cret|long pass|phrase"/);
    expect(masked).toContain('add name=branch password="secret://x" service=l2tp');
    expect(secretValues("mikrotik_routeros", broken)).toEqual(["s3cret of 9", "other-s3cret", "long passphrase"]);
  });
  test("where a line is broken is no difference", () => {
    const whole = broken.replace(/\\\n\s+/g, "");
    expect(normaliseConfig("mikrotik_routeros", broken)).toBe(normaliseConfig("mikrotik_routeros", whole));
    expect(diffTrees(parseConfig("mikrotik_routeros", broken), parseConfig("mikrotik_routeros", whole))).toEqual([]);
  });
});

describe("secrets in other forms", () => {
  test.each<[Opaque | "huawei_vrp" | "hp_comware", string, string]>([
    ["fortinet", "set psksecret ENC abc123+/=", "set psksecret ENC X"],
    ["fortinet", '    set passwd "pl ain"', '    set passwd "X"'],
    ["fortinet", "set md5-key 1 ENC abcdef", "set md5-key 1 ENC X"],
    ["fortinet", "FW (snmp) # set password hunter2", "FW (snmp) # set password X"],
    ["fortinet", "    set password-policy enable", "    set password-policy enable"],
    [
      "mikrotik_routeros",
      '/ip ipsec identity add peer=p secret="a \\"b\\" c"',
      '/ip ipsec identity add peer=p secret="X"',
    ],
    [
      "mikrotik_routeros",
      "/snmp community add addresses=::/0 authentication-password=a1 encryption-password=b2 name=pub",
      "/snmp community add addresses=::/0 authentication-password=X encryption-password=X name=X",
    ],
    [
      "mikrotik_routeros",
      "/tool user-manager user add password=x1 username=bob",
      "/tool user-manager user add password=X username=bob",
    ],
    ["nokia_sros", 'message-digest-key 1 md5 "abc" hash2', 'message-digest-key 1 md5 "X" hash2'],
    ["nokia_sros", 'secret "abc" hash2', 'secret "X" hash2'],
    ["nokia_sros", "authentication-key abc hash2", "authentication-key X hash2"],
    ["nokia_sros", "no shutdown", "no shutdown"],
    ["vyos", "    encrypted-password $6$abc", "    encrypted-password X"],
    [
      "vyos",
      "set interfaces wireless wlan0 security wpa passphrase 'abc def'",
      "set interfaces wireless wlan0 security wpa passphrase 'X'",
    ],
    [
      "vyos",
      "set system config-management commit-archive location 'sftp://bob:pw1@192.0.2.1/x'",
      "set system config-management commit-archive location 'sftp://bob:X@192.0.2.1/x'",
    ],
    [
      "vyos",
      "set policy community-list 10 rule 5 action 'permit'",
      "set policy community-list 10 rule 5 action 'permit'",
    ],
    ["huawei_vrp", " ospf authentication-mode md5 1 cipher %^%#ab c", " ospf authentication-mode md5 1 cipher X c"],
    ["huawei_vrp", "super password level 3 cipher abc", "super password level 3 cipher X"],
    [
      "huawei_vrp",
      "snmp-agent usm-user v3 u g authentication-mode sha abc privacy-mode aes128 def",
      "snmp-agent usm-user v3 u g authentication-mode sha X privacy-mode aes128 X",
    ],
    ["huawei_vrp", "undo peer 192.0.2.1 password cipher abc", "undo peer 192.0.2.1 password cipher X"],
    ["huawei_vrp", "[SW1-aaa]local-user bob password cipher abc", "[SW1-aaa]local-user bob password cipher X"],
    ["huawei_vrp", "ssh server cipher aes256_ctr", "ssh server cipher aes256_ctr"],
    ["hp_comware", " key accounting simple abc", " key accounting simple X"],
    ["hp_comware", " snmp-agent community write simple abc", " snmp-agent community write simple X"],
  ])("%s: %s", (platform, line, expected) => {
    expect(maskSecrets(platform, line, () => "X")).toBe(expected);
  });
});

describe("a line that is made to keep the patterns busy", () => {
  const n = 100_000;
  const hostile = [
    "key ".repeat(n),
    `snmp-agent usm-user ${"authentication-mode ".repeat(n)}`,
    "password ".repeat(n),
    "authentication hash ".repeat(n),
    "radius ".repeat(n),
    "a".repeat(4 * n),
    "http://a:".repeat(n),
    `add ${"key=a ".repeat(n)}`,
    "-=".repeat(2 * n),
    `set ${"-".repeat(4 * n)}`,
    `${"# ".repeat(n)}set`,
    ` '`.repeat(n),
    '"'.repeat(n + 1),
    `x${" ".repeat(4 * n)}x`,
  ];
  test.each(["fortinet", "mikrotik_routeros", "nokia_sros", "vyos", "huawei_vrp", "hp_comware", "cisco_ios"] as const)(
    "is masked and compared by %s all the same",
    (platform) => {
      for (const line of hostile) {
        maskSecrets(platform, line, () => "X");
        normaliseConfig(platform, line);
        parseConfig(platform, line);
      }
      expect(maskSecrets("mikrotik_routeros", `add ${"key=s3cret ".repeat(200)}`, () => "X")).not.toContain("s3cret");
    },
    60_000,
  );
});
