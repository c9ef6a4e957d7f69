import { cisco_ios } from "./cisco_ios.ts";
import type { PlatformLanguage } from "./language.ts";

/** The language of IOS, with what only the newer hardware and its licences bring. */
export const cisco_xe: PlatformLanguage = {
  ...cisco_ios,
  id: "cisco_xe",
  label: "IOS XE",
  config:
    cisco_ios.config.style === "indented"
      ? {
          ...cisco_ios.config,
          headers: [
            ...cisco_ios.config.headers,
            /^(parameter-map type|device-tracking policy|avb|nmsp|service-template|telemetry ietf subscription|aaa server radius dynamic-author|app-hosting|guest-shell|wireless profile|ap profile|wlan)( |$)/,
          ],
          globalLines: [
            ...cisco_ios.config.globalLines,
            /^(license|platform|diagnostic|memory free|subscriber templating|login on-(success|failure)|multilink bundle-name|netconf-yang|restconf|gnxi|call-home|switch \d+ provision|errdisable|transceiver type)( |$)/,
          ],
        }
      : cisco_ios.config,
  execLines: [
    ...cisco_ios.execLines,
    {
      match: /^(install|license (smart|boot)|request platform)( |$)/,
      say: "changes software or licences, not configuration",
    },
  ],
};
