import {
  AS_NUMBER,
  customerGateway,
  linkAddress,
  LOG_HOSTS,
  LOGIN_BANNER,
  loopback,
  MANAGEMENT,
  NTP_SERVER,
  routerName,
  SNMP_HOST,
  type Site,
} from "./plan.ts";

const port = (name: string, description: string, address: string): string => `
    ${name} {
        description "${description}";
        unit 0 {
            family inet {
                address ${address};
            }
        }
    }`;

export function junosConfig(site: Site): string {
  return `
system {
    host-name ${routerName(site, 3)};
    domain-name lab.example;
    root-authentication {
        encrypted-password "$6$virtualLab$noRealSecretIsHere0000000000000000000000000000000001";
    }
    login {
        message "${LOGIN_BANNER.join("\\n")}";
        user lab {
            uid 2000;
            class super-user;
            authentication {
                encrypted-password "$6$virtualLab$noRealSecretIsHere0000000000000000000000000000000002";
            }
        }
    }
    name-server {
        192.0.2.53;
    }
    services {
        ssh {
            root-login deny;
        }
        netconf {
            ssh;
        }
    }
    syslog {
        user * {
            any emergency;
        }
        ${LOG_HOSTS.map((host) => `host ${host} { any notice; authorization info; }`).join("\n        ")}
        file messages {
            any notice;
            authorization info;
        }
        file interactive-commands {
            interactive-commands any;
        }
        source-address ${loopback(site, 3)};
    }
    ntp {
        server ${NTP_SERVER} prefer;
        source-address ${loopback(site, 3)};
    }
}
interfaces {${port("ge-0/0/0", `To ${routerName(site, 1)}`, `${linkAddress(site, 3, 1)}/30`)}${port("ge-0/0/1", `To ${routerName(site, 2)}`, `${linkAddress(site, 3, 2)}/30`)}${port("ge-0/0/2", "Customers", `${customerGateway(site, 3)}/24`)}
    ge-0/0/3 {
        description Spare;
        disable;
    }
    lo0 {
        unit 0 {
            family inet {
                filter {
                    input PROTECT-RE;
                }
                address ${loopback(site, 3)}/32;
            }
        }
    }
}
snmp {
    location "${site.city}, virtual lab";
    contact noc@lab.example;
    community lab-read {
        authorization read-only;
        clients {
            ${MANAGEMENT.network}/${MANAGEMENT.length};
        }
    }
    trap-group lab {
        version v2;
        targets {
            ${SNMP_HOST};
        }
    }
}
routing-options {
    static {
        route 192.0.2.0/24 next-hop 10.${site.number}.103.254;
        route 10.${site.number}.103.0/24 discard;
    }
    router-id ${loopback(site, 3)};
    autonomous-system ${AS_NUMBER};
}
protocols {
    bgp {
        log-updown;
        group IBGP {
            type internal;
            local-address ${loopback(site, 3)};
            family inet {
                unicast;
            }
            export OURS;
            neighbor ${loopback(site, 1)} {
                description ${routerName(site, 1)};
            }
            neighbor ${loopback(site, 2)} {
                description ${routerName(site, 2)};
            }
        }
    }
    ospf {
        reference-bandwidth 100g;
        area 0.0.0.0 {
            interface ge-0/0/0.0 {
                interface-type p2p;
            }
            interface ge-0/0/1.0 {
                interface-type p2p;
            }
            interface lo0.0 {
                passive;
            }
        }
    }
    lldp {
        interface all;
    }
}
policy-options {
    prefix-list MGMT {
        ${MANAGEMENT.network}/${MANAGEMENT.length};
        10.0.0.0/8;
    }
    policy-statement OURS {
        term ours {
            from {
                protocol direct;
                route-filter 10.${site.number}.0.0/16 orlonger;
            }
            then accept;
        }
        term rest {
            then reject;
        }
    }
}
firewall {
    family inet {
        filter PROTECT-RE {
            term ssh {
                from {
                    source-prefix-list {
                        MGMT;
                    }
                    protocol tcp;
                    destination-port ssh;
                }
                then accept;
            }
            term ssh-others {
                from {
                    protocol tcp;
                    destination-port ssh;
                }
                then {
                    count ssh-refused;
                    discard;
                }
            }
            term rest {
                then accept;
            }
        }
    }
}
`;
}
