import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="ns-kbd">{children}</kbd>;

/** A text to quote or paste, with a button that copies it. `shown` may be shorter. */
export function CopyText({ text, shown, label = "text" }: { text: string; shown?: string; label?: string }) {
  return (
    <span className="row g4">
      <span className="ns-hash" title={shown ? text : undefined}>
        {shown ?? text}
      </span>
      <CopyIcon text={text} label={label} />
    </span>
  );
}

export function CopyIcon({ text, label }: { text: string; label: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy the ${label}`}>
          <ActionIcon size={24} onClick={copy} aria-label={copied ? "Copied" : `Copy the ${label}`} className="i14">
            {copied ? <IconCheck /> : <IconCopy />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

export const Tag = ({ children, title }: { children: ReactNode; title?: string }) => (
  <span className="ns-tag" title={title}>
    {children}
  </span>
);

/** Routers of the lab are labelled wherever they show. */
export const VirtualTag = () => (
  <span className="ns-tag virtual" title="A virtual router of the lab, not a real device">
    virtual
  </span>
);

/** Two letters for a person. */
const initials = (name: string): string => {
  const words = name.split(/[\s._-]+/).filter((word) => word !== "");
  const letters = words.length > 1 ? words.map((word) => word.charAt(0)).join("") : name;
  return letters.slice(0, 2).toUpperCase();
};
export const Avatar = ({ name }: { name: string }) => (
  <span className="ns-av" aria-hidden="true">
    {initials(name)}
  </span>
);

const PLATFORM_WORDS: Record<string, string> = {
  cisco_ios: "IOS",
  cisco_xe: "IOS XE",
  cisco_xr: "IOS XR",
  cisco_nxos: "NX-OS",
  cisco_asa: "ASA",
  aruba_aoscx: "AOS-CX",
  arista_eos: "EOS",
  juniper_junos: "Junos",
  nokia_sros: "SR OS",
  huawei_vrp: "VRP",
  hp_comware: "Comware",
  fortinet: "FortiOS",
  mikrotik_routeros: "RouterOS",
  vyos: "VyOS",
  frr: "FRR",
  linux: "Linux",
};
/** The short name people use for a device type. */
export const platformWord = (deviceType: string): string => PLATFORM_WORDS[deviceType] ?? deviceType;

/** `1 device`, `3 devices`. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
