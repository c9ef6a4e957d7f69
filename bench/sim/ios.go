package main

import (
	"fmt"
	"strings"
)

var ios = cli{
	version: iosVersion,
	exec:    func(*vty, string) (string, bool) { return "", false },
	saved:   "Building configuration...\r\n[OK]\r\n",
	head: func(r *router) string {
		return fmt.Sprintf("Building configuration...\r\n\r\nCurrent configuration : %d bytes\r\n", len(r.static()))
	},
	tail: "end\r\n\r\n",
}

// frr takes the lines of IOS; its own are the words of `show version` and of a save.
var frr = cli{
	version: func(name string) string {
		return fmt.Sprintf("FRRouting 10.2.1 (%s) on Linux(6.1.0).\r\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\r\n", name)
	},
	exec:  func(*vty, string) (string, bool) { return "", false },
	saved: "Note: this version of vtysh never writes vtysh.conf\r\nBuilding Configuration...\r\nIntegrated configuration saved to /etc/frr/frr.conf\r\n[OK]\r\n",
	head:  func(*router) string { return "Building configuration...\r\n\r\nCurrent configuration:\r\n!\r\n" },
	tail:  "end\r\n",
}

func iosVersion(name string) string {
	return strings.ReplaceAll(fmt.Sprintf(`Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M5, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2019 by Cisco Systems, Inc.
Compiled Thu 08-Aug-19 14:00 by prod_rel_team

ROM: System Bootstrap, Version 15.0(1r)M15, RELEASE SOFTWARE (fc1)

%s uptime is 1 year, 12 weeks, 3 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M5.bin"
Last reload type: Normal Reload

Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Processor board ID FTX1234ABCD
3 Gigabit Ethernet interfaces
1 terminal line
DRAM configuration is 64 bits wide with parity enabled.
255K bytes of non-volatile configuration memory.
250880K bytes of ATA System CompactFlash 0 (Read/Write)

Configuration register is 0x2102
`, name), "\n", "\r\n") + "\r\n"
}

// runningConfig has exactly n lines, without its head and its end.
func runningConfig(name string, id, n int) string {
	out := strings.Split(strings.TrimSpace(fmt.Sprintf(`!
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec
service password-encryption
hostname %s
!
aaa new-model
aaa authentication login default group tacacs+ local
ip domain name lab.example
username admin privilege 15 secret 9 $9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM
!
interface Loopback0
 ip address 10.255.%d.%d 255.255.255.255
!`, name, id/256%256, id%256)), "\n")
	for i := 0; len(out) < n-60; i++ {
		out = append(out, fmt.Sprintf("interface GigabitEthernet%d/%d/%d", i/480, i/48%10, i%48),
			fmt.Sprintf(" description Customer-%05d circuit CID-%08d to site %s", i, i*7919+id, name),
			fmt.Sprintf(" ip address 10.%d.%d.%d 255.255.255.252", i/64%256, id%256, i%64*4+1),
			" ip access-group EDGE-IN in", " load-interval 30", " service-policy output QOS-EDGE", "!")
	}
	out = append(out, fmt.Sprintf("router bgp %d", 65000+id%500), " bgp log-neighbor-changes")
	for i := 0; len(out) < n-1; i++ {
		out = append(out, fmt.Sprintf(" neighbor 10.200.%d.%d remote-as %d", id%256, i, 64512+i))
	}
	for len(out) < n {
		out = append(out, "!")
	}
	return strings.Join(out[:n], "\r\n") + "\r\n"
}
