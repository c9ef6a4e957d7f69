import type { PlatformLanguage } from "./language.ts";

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
        /^(.*?[ =](?:[\w-]*(?:password|secret|passphrase|pre-shared-key|preshared-key|private-key|auth-key|authentication-key|encryption-key|wep-key|static-key-[0-3]|psk|eap-password|user-key|api-key|token|tcp-md5-key)|key)=)("(?:[^"\\]|\\.)*"|[^\s"]+)/,
      repeats: true,
    },
    { match: /^(\/snmp community (?:add|set)\b.*? name=)("(?:[^"\\]|\\.)*"|[^\s"]+)/ },
    { match: /^((?:add|set)\b.*? security=\S+.*? name=)("(?:[^"\\]|\\.)*"|[^\s"]+)/, under: /^\/snmp community$/ },
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^\/?([a-z][\w-]*[ /])*print( (detail|brief|terse|value-list|count-only|without-paging|stats|proplist=[\w,-]+))*$/,
      /^\/?([a-z][\w-]*[ /])*export( (terse|compact|verbose|show-sensitive|hide-sensitive))*$/,
      /^\/?ping [\w.:-]+ count=\d{1,3}$/,
    ],
    forbidden:
      /[;?`$&\\|[\]{}()"'#<>]|\b(file|append|interval|follow|follow-only|add|set|unset|remove|enable|disable|comment|edit|move|find|get|reset|reset-\S+|import|fetch|tool|script|scripts|do|on-error|execute|console|password|reboot|shutdown|backup|upgrade|downgrade|install|uninstall|cancel|release|renew|flush|clear|kick|make-static|blink|beep|monitor|run|start|stop|sign|generate|test|quit|redo|undo|safe-mode|setup|ssh|telnet)\b(?!-)/i,
    pipes: [],
    quotes: false,
    examples: "`/… print`, `/export`, `/ping … count=5`",
  },
};
