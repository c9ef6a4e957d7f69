import { cisco_ios } from "./cisco_ios.ts";
import type { Platform } from "./platform.ts";

/** Spoken to like IOS; it only says what it is in other words. */
export const cisco_xe: Platform = {
  ...cisco_ios,
  id: "cisco_xe",
  facts: [
    {
      vendor: "Cisco",
      command: "show version",
      patterns: {
        os_version: /^Cisco IOS[ -]XE [Ss]oftware, Version (\S+)|^Cisco IOS Software.*, Version ([^\s,]+)/m,
        model: /^[Cc]isco (\S+) \(.*(?:processor|revision|bytes of)|^Model [Nn]umber\s*: (\S+)/m,
        serial: /^System [Ss]erial [Nn]umber\s*: (\S+)|^Processor board ID (\S+)/m,
        hostname: /^(\S+) uptime is /m,
        uptime: /^\S+ uptime is (.+)$/m,
      },
    },
  ],
};
