import { inMenu } from "./routeros-menus.ts";
import type { PlatformLanguage, SecretRule } from "./language.ts";

const EXPORT = "export(?: (?:terse|compact|verbose|show-sensitive|hide-sensitive))*";

/**
 * RouterOS: a script of `add` and `set` commands by menu. Readable only: entries are found by properties or by numbers that
 * move, so what a line does cannot be foreseen from the export.
 */
export const mikrotik_routeros: PlatformLanguage = {
  id: "mikrotik_routeros",
  label: "RouterOS",
  config: {
    style: "opaque",
    indent: 0,
    volatile: [
      /^# (?:\w{3}\/\d\d\/\d{4}|\d{4}-\d\d-\d\d) [\d:]+ by RouterOS /,
      /^# (inactive time|Interface not active|poe-out status: .*|.* not ready|received packet from .* bad format)$/,
      /^# Firmware upgraded successfully/,
    ],
    closing: /^$/,
    opening: null,
    continued: /\\\n\s+/,
  },
  sessionLines: [],
  execLines: [],
  secrets: [
    {
      match:
        /^(.*?[ =](?:[\w-]*(?:password|secrets?|passphrase|pre-shared-key|preshared-key|private-key|auth-key|authentication-key|encryption-key|wep-key|static-key-[0-3]|psk|eap-password|user-key|api-key|token|tcp-md5-key|enc-key|community)|key|cak)=)("(?:[^"\\]|\\.)*"|[^\s"]+)/,
      repeats: true,
    },
    { match: /^(\/snmp community (?:add|set)\b.*? name=)("(?:[^"\\]|\\.)*"|[^\s"]+)/ },
    { within: /^\/snmp community$/, match: /^((?:add|set)\b.*? name=)("(?:[^"\\]|\\.)*"|[^\s"]+)/ },
    { match: /^(\/system ntp key (?:add|set)\b.*? value=)("(?:[^"\\]|\\.)*"|[^\s"]+)/ },
    { within: /^\/system ntp key$/, match: /^((?:add|set)\b.*? value=)("(?:[^"\\]|\\.)*"|[^\s"]+)/ },
    // what a script keeps for itself
    ...["local", "global", "set"].map((word): SecretRule => ({
      needs: `:${word} `,
      match: new RegExp(
        `^(.*?:${word} \\w{0,40}(?:pw|pass|secret|token|key|psk)\\w{0,40} )("(?:[^"\\\\]|\\\\.)*"|[^\\s;"]+)`,
        "i",
      ),
      repeats: true,
    })),
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      inMenu("print(?: (?:detail|brief|terse|value-list|count-only|without-paging|stats|proplist=[\\w,-]+))*"),
      inMenu(EXPORT),
      new RegExp(`^/?${EXPORT}$`),
      /^\/?ping [\w.:-]+ count=(?:100|[1-9]\d?)$/,
    ],
    forbidden:
      /[;?`$&\\|[\]{}()"'#<>]|\b(file|append|interval|follow|follow-only|add|set|unset|remove|enable|disable|comment|edit|move|find|get|reset|reset-\S+|import|fetch|tool|script|scripts|do|on-error|execute|console|password|reboot|shutdown|backup|upgrade|downgrade|install|uninstall|cancel|release|renew|flush|clear|kick|make-static|blink|beep|monitor|run|start|stop|sign|generate|test|quit|redo|undo|safe-mode|setup|ssh|telnet)\b(?!-)/i,
    pipes: [],
    quotes: false,
    examples: "`/… print`, `/export`, `/ping … count=5`",
  },
};
