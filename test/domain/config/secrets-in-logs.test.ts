import { expect, test } from "vitest";
import { maskSecrets } from "../../../domain/config/secrets.ts";

const mask = (line: string): string => maskSecrets("cisco_ios", line, () => "***");

test.each([
  [
    "*Nov 24 12:00:00.123: %PARSER-5-CFGLOG_LOGGEDCMD: User:olga  logged command:snmp-server community hidden RO",
    "*Nov 24 12:00:00.123: %PARSER-5-CFGLOG_LOGGEDCMD: User:olga  logged command:snmp-server community *** RO",
  ],
  ["%SYS-5-CONFIG: username olga secret hidden", "%SYS-5-CONFIG: username olga secret ***"],
])("a log message that repeats a line is masked as the line is: %s", (line, masked) => {
  expect(mask(line)).toBe(masked);
});

test.each([
  "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up",
  "%SYS-5-CONFIG_I: Configured from console by olga on vty0 (192.0.2.7)",
  "Time: snmp-server community of users",
])("what repeats no secret stays as it is: %s", (line) => {
  expect(mask(line)).toBe(line);
});
