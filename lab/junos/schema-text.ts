/**
 * What may be configured, by indentation. `name` alone is a container, or a flag where nothing is below it;
 * `name <kind>` and `name (a|b)` take one value, `name [<kind>]` a list of values; `*name <kind>` stands once per key.
 * Marks: `!` printed on one line when it holds one thing, `?` may stand empty, `^` entries keep the order of entry,
 * `#` its value is a secret, a name ending in `=` is not printed, only the key; `%` stands on
 * the same line as what is below it (`family inet`).
 */
const SYSTEM = `
system
  host-name <hostname>
  domain-name <host>
  domain-search [<host>]
  time-zone <word>
  no-redirects
  no-ping-record-route
  backup-router <ip>
  root-authentication
    encrypted-password <string> #
    *ssh-ed25519 <string>
    *ssh-rsa <string>
  login
    message <string>
    announcement <string>
    retry-options
      tries-before-disconnect <2-10>
      backoff-threshold <1-3>
    *class <name>
      idle-timeout <0-4294967295>
      permissions [<word>]
      allow-commands <string>
      deny-commands <string>
    *user <name>
      full-name <string>
      uid <100-64000>
      class <word>
      authentication
        encrypted-password <string> #
            *ssh-ed25519 <string>
        *ssh-rsa <string>
  name-server
    *address= <ip>
  tacplus-server
    *address= <ip>
      secret <string> #
      port <1-65535>
      timeout <1-90>
      single-connection
      source-address <ip>
  radius-server
    *address= <ip>
      secret <string> #
      port <1-65535>
      timeout <1-90>
      source-address <ip>
  authentication-order [(password|radius|tacplus)]
  accounting
    events [(login|change-log|interactive-commands)]
    destination
      tacplus ?
  services
    ssh ?
      root-login (allow|deny|deny-password)
      protocol-version [(v1|v2)]
      max-sessions-per-connection <1-65535>
      connection-limit <1-250>
      rate-limit <1-250>
      client-alive-interval <0-65535>
      client-alive-count-max <0-255>
      ciphers [<string>]
      macs [<string>]
      key-exchange [<string>]
    telnet ?
    ftp ?
    netconf
      ssh ?
        port <1-65535>
      rfc-compliant
    web-management
      http ?
        interface [<word>]
      https ?
        interface [<word>]
        system-generated-certificate
  syslog
    archive
      size <word>
      files <1-1000>
    *user <word>
      any (emergency|critical|error|warning|notice|info|any|none|alert) !
    *host <host>
      any (emergency|critical|error|warning|notice|info|any|none|alert)
      authorization (emergency|critical|error|warning|notice|info|any|none|alert)
      interactive-commands (emergency|critical|error|warning|notice|info|any|none|alert)
      facility-override <word>
      log-prefix <word>
      port <1-65535>
      match <string>
      source-address <ip>
    *file <word>
      any (emergency|critical|error|warning|notice|info|any|none|alert)
      authorization (emergency|critical|error|warning|notice|info|any|none|alert)
      interactive-commands (emergency|critical|error|warning|notice|info|any|none|alert)
      match <string>
      archive
        size <word>
        files <1-1000>
    source-address <ip>
    time-format
      millisecond
      year
  ntp
    boot-server <host>
    *authentication-key <1-65534>
      type (md5|sha1|sha256)
      value <string> #
    trusted-key [<1-65534>]
    *server <host> !
      key <1-65534>
      version <1-4>
      prefer
      routing-instance <word>
    *peer <host> !
      prefer
    source-address <ip>
  max-configurations-on-flash <0-49>
  max-configuration-rollbacks <0-49>
  commit
    persist-groups-inheritance
    synchronize
    server
      commit-interval <0-60>
  archival
    configuration
      transfer-on-commit
      transfer-interval <15-2880>
      *archive-sites <string>
        password <string> #
  license
    autoupdate
      *url <string>
  processes
    dhcp-service
      traceoptions
        flag <word>
`;

const INTERFACES = `
chassis
  aggregated-devices
    ethernet
      device-count <1-512>
  alarm
    management-ethernet
      link-down (red|yellow|ignore)
interfaces
  *interface= <ifname>
    description <string>
    disable
    mtu <256-9500>
    speed <word>
    vlan-tagging
    flexible-vlan-tagging
    encapsulation <word>
    hold-time
      up <0-4294967295>
      down <0-4294967295>
    gigether-options
      802.3ad <word>
      auto-negotiation
      no-auto-negotiation
      flow-control
      no-flow-control
    aggregated-ether-options
      minimum-links <1-64>
      link-speed <word>
      lacp
        active
        passive
        periodic (fast|slow)
    native-vlan-id <1-4094>
    *unit <0-16385>
      description <string>
      disable
      vlan-id <1-4094>
      bandwidth <word>
      family %
        inet ?
          mtu <256-9500>
          no-redirects
          rpf-check ?
          filter
            input <word>
            output <word>
          dhcp ?
          *address <ip-or-prefix>
            primary
            preferred
            *vrrp-group <0-255>
              virtual-address <ip>
              priority <1-255>
              preempt
              accept-data
        inet6 ?
          filter
            input <word>
            output <word>
          *address <prefix6>
            eui-64
        iso ?
          *address <word>
        mpls ?
        ethernet-switching ?
          interface-mode (access|trunk)
          vlan
            members [<word>]
snmp
  name <string>
  description <string>
  location <string>
  contact <string>
  filter-interfaces
    all-internal-interfaces
  interface [<word>]
  *view <word>
    *oid <word> !
      include
      exclude
  *community <string>
    view <word>
    authorization (read-only|read-write)
    clients
      *client= <prefix>
        restrict
  *trap-group <word>
    version (all|v1|v2)
    destination-port <1-65535>
    categories
      authentication
      chassis
      configuration
      link
      routing
      startup
    targets
      *target= <ip>
  trap-options
    source-address <ip-or-word>
  v3
    usm
      local-engine
        *user <word>
          authentication-sha
            authentication-key <string> #
`;

const ROUTING = `
routing-options
  static
    *route <prefix> !
      next-hop [<ip-or-ifname>]
      discard
      reject
      receive
      preference <0-4294967295>
      metric <0-4294967295>
      tag <0-4294967295>
      no-readvertise
      no-install
      resolve
      retain
  aggregate
    *route <prefix> !
      discard
      policy [<word>]
  router-id <ip>
  autonomous-system <asn>
  forwarding-table
    export [<word>]
  graceful-restart ?
  nonstop-routing
protocols
  bgp
    path-selection <word>
    log-updown
    graceful-restart ?
    local-as <asn>
    *group <name>
      type (internal|external)
      description <string>
      local-address <ip>
      local-preference <0-4294967295>
      hold-time <0-65535>
      passive
      mtu-discovery
      multihop ?
        ttl <1-255>
      import [<word>]
      export [<word>]
      cluster <ip>
      peer-as <asn>
      local-as <asn>
      authentication-key <string> #
      log-updown
      remove-private
      advertise-inactive
      family %
        inet
          unicast ?
            prefix-limit
              maximum <1-4294967295>
          any ?
        inet6
          unicast ?
        inet-vpn
          unicast ?
        evpn
          signaling ?
      multipath ?
        multiple-as
      bfd-liveness-detection
        minimum-interval <1-255000>
        multiplier <1-255>
      *neighbor <ip> ^
        description <string>
        local-address <ip>
        hold-time <0-65535>
        passive
        shutdown
        import [<word>]
        export [<word>]
        peer-as <asn>
        local-as <asn>
        authentication-key <string> #
        family %
          inet
            unicast ?
              prefix-limit
                maximum <1-4294967295>
  ospf
    export [<word>]
    import [<word>]
    reference-bandwidth <word>
    no-rfc-1583
    overload ?
      timeout <60-1800>
    traffic-engineering ?
    spf-options
      delay <50-8000>
    *area <area>
      stub ?
        default-metric <1-16777215>
        no-summaries
      nssa ?
      area-range <prefix>
      *interface <ifname-or-all>
        passive ?
        interface-type (p2p|nbma|p2mp)
        metric <1-65535>
        priority <0-255>
        hello-interval <1-255>
        dead-interval <1-65535>
        disable
        authentication
          simple-password <string> #
          *md5 <0-255>
            key <string> #
        bfd-liveness-detection
          minimum-interval <1-255000>
          multiplier <1-255>
  ospf3
    *area <area>
      *interface <ifname-or-all>
        passive ?
        metric <1-65535>
  isis
    level <1-2>
    *interface <ifname-or-all>
      point-to-point
      passive ?
  ldp
    *interface <ifname-or-all>
  mpls
    *interface <ifname-or-all>
  rsvp
    *interface <ifname-or-all>
  lldp
    port-id-subtype (interface-name|locally-assigned)
    *interface <ifname-or-all>
      disable
  lldp-med
    *interface <ifname-or-all>
  lacp
    traceoptions
      flag <word>
  rstp
    bridge-priority <word>
    *interface <ifname-or-all>
      edge
      no-root-port
  igmp-snooping
    *vlan <word>
  router-advertisement
    *interface <ifname-or-all>
vlans
  *vlan= <name>
    description <string>
    vlan-id <1-4094>
    l3-interface <ifname>
`;

const POLICY = `
policy-options
  *prefix-list <word> ?
    apply-path <string>
    *prefix= <ip-or-prefix>
  *policy-statement <word>
    *term <word> ^
      from !
        protocol [<word>]
        instance <word>
        neighbor [<ip>]
        interface [<word>]
        community [<word>]
        as-path [<word>]
        tag [<0-4294967295>]
        metric <0-4294967295>
        prefix-list [<word>]
        *prefix-list-filter <word> !
          exact
          longer
          orlonger
        *route-filter <prefix> !
          exact
          longer
          orlonger
          upto <word>
          prefix-length-range <word>
        family (inet|inet6)
      to !
        protocol [<word>]
      then !
        metric <0-4294967295>
        local-preference <0-4294967295>
        preference <0-4294967295>
        tag <0-4294967295>
        origin (igp|egp|incomplete)
        as-path-prepend <string>
        next-hop <word>
        community
          add [<word>]
          delete [<word>]
          set [<word>]
        load-balance (per-packet|per-flow|consistent-hash)
        next (term|policy)
        accept
        reject
    from !
      protocol [<word>]
      prefix-list [<word>]
      *route-filter <prefix> !
        exact
        longer
        orlonger
    then !
      metric <0-4294967295>
      local-preference <0-4294967295>
      next-hop <word>
      load-balance (per-packet|per-flow|consistent-hash)
      accept
      reject
  *community <word> !
    members [<string>]
  *as-path <word> !
    path <string>
firewall
  family %
    inet
      *filter <word>
        interface-specific
        *term <word> ^
          from
            source-address
              *address= <prefix>
                except
            destination-address
              *address= <prefix>
                except
            source-prefix-list
              *list= <word>
                except
            destination-prefix-list
              *list= <word>
                except
            protocol [<word>]
            source-port [<word>]
            destination-port [<word>]
            port [<word>]
            icmp-type [<word>]
            tcp-established
            tcp-initial
            is-fragment
            dscp [<word>]
            ttl [<word>]
          then !
            policer <word>
            count <word>
            log
            syslog
            loss-priority (low|medium-low|medium-high|high)
            forwarding-class <word>
            accept
            reject ?
            discard ?
    inet6
      *filter <word>
        *term <word> ^
          from
            source-address
              *address= <prefix6>
            next-header [<word>]
          then !
            count <word>
            accept
            discard ?
  *policer <word>
    if-exceeding
      bandwidth-limit <word>
      burst-size-limit <word>
    then !
      discard
routing-instances
  *instance= <word>
    description <string>
    instance-type (virtual-router|vrf|forwarding)
    *interface <ifname>
    route-distinguisher <word>
    vrf-target <word>
    routing-options
      static
        *route <prefix> !
          next-hop [<ip-or-ifname>]
`;

export const SCHEMA_TEXT = [SYSTEM, INTERFACES, ROUTING, POLICY].join("\n");
