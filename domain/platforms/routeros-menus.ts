/** The menus whose entries may be printed and exported, by their first word; what stands behind it are their own menus, in any order. */
const MENUS: Record<string, string> = {
  interface:
    "bonding bridge calea filter host mdb msti nat port settings vlan ethernet poe switch rule isolation eoip eoipv6 gre gre6 ipip ipipv6 6to4 l2tp-client l2tp-server l2tp-ether list member lte apn macsec macvlan mesh ovpn-client ovpn-server server ppp-client pppoe-client pppoe-server pptp-client pptp-server sstp-client sstp-server veth vpls vrrp vxlan vteps wireguard peers dot1x client state active wifi wifi-qcom access-list channel configuration datapath interworking provisioning radio registration-table security wireless channels security-profiles connect-list nstreme manual-tx-power-table wds virtual-ethernet",
  ip: "address arp cloud dhcp-client option dhcp-relay dhcp-server alert lease matcher network sets dns cache static adlist forwarders firewall address-list connection tracking filter layer7-protocol mangle nat raw service-port hotspot active host ip-binding profile user walled-garden ipsec active-peers identity installed-sa key mode-config peer policy group proposal settings statistics neighbor discovery-settings packing pool used proxy access route rule vrf nexthop service smb shares socks traffic-flow ipfix target upnp interfaces",
  ipv6: "address dhcp-client option dhcp-relay dhcp-server binding firewall address-list connection filter mangle nat raw nd prefix neighbor pool used route settings",
  routing:
    "bfd configuration session settings bgp advertisements aggregate connection evpn instance network peer template vpn vpnv4-route filter chain community-list community-ext-list community-large-list num-list rule select-rule igmp-proxy mfc interface isis lsp neighbor area id nexthop ospf interface-template lsa nbma-neighbor sham-link static-neighbor virtual-link range route as-border-router ospf-v3 pimsm bsr candidate rp static-rp uib-g uib-sg rip key stats memory origin process step table rpki route-rule",
  mpls: "forwarding-table interface ldp accept-filter advertise-filter local-mapping neighbor remote-mapping settings traffic-eng path tunnel",
  ppp: "aaa active l2tp-secret profile secret",
  queue: "interface simple tree type",
  radius: "incoming",
  snmp: "community",
  user: "aaa active group settings ssh-keys private",
  "user-manager": "attribute limitation profile profile-limitation router session user group user-profile",
  "caps-man":
    "aaa access-list channel configuration datapath interface manager provisioning radio rates registration-table remote-cap security",
  certificate: "settings crl scep-server ra",
  system:
    "clock manual device-mode gps health settings history identity led leds license logging action note ntp client server servers keys package resource cpu irq pci usb routerboard scheduler ups watchdog",
  disk: "",
  log: "",
  port: "remote-access",
};

const menu = Object.entries(MENUS)
  .map(([first, more]) => (more === "" ? first : `${first}(?:[ /](?:${more.split(" ").join("|")}))*`))
  .join("|");

/** `/ip address print`, or `/ip/address/print`; `verb` with its arguments. */
export const inMenu = (verb: string): RegExp => new RegExp(`^/?(?:${menu})[ /]${verb}$`);
