package main

import (
	"fmt"
	"strings"
	"time"
)

const (
	askPassword = "\x00password"
	invalid     = "                ^\r\n% Invalid input detected at '^' marker.\r\n\r\n"
)

// keywords are taken abbreviated, as routers do ("sh run", "conf t").
var keywords = []string{"show", "running-config", "version", "clock", "privilege", "terminal", "length", "width", "configure",
	"enable", "disable", "exit", "logout", "quit", "write", "memory"}

// expand spells out the first two words.
func expand(line string) string {
	words := strings.Fields(line)
	for i := 0; i < len(words) && i < 2; i++ {
		if i == 1 && words[0] == "configure" && strings.HasPrefix("terminal", words[1]) {
			words[1] = "terminal"
			continue
		}
		for _, keyword := range keywords {
			if strings.HasPrefix(keyword, words[i]) && (len(words[i]) > 1 || words[i] == keyword) {
				words[i] = keyword
				break
			}
		}
	}
	return strings.Join(words, " ")
}

func (v *vty) exec(line string) (answer string, quit bool) {
	if v.mode != "" {
		return v.configure(strings.Join(strings.Fields(line), " ")), false
	}
	line = expand(line)
	if answer, known := v.r.cli.exec(v, line); known {
		return answer, false
	}
	switch {
	case line == "exit" || line == "quit" || line == "logout":
		return "", true
	case line == "enable":
		if v.privileged {
			return "", false
		}
		return askPassword, false
	case line == "disable":
		v.privileged = *enable == ""
	case strings.HasPrefix(line, "terminal length "):
		fmt.Sscanf(line, "terminal length %d", &v.page)
	case strings.HasPrefix(line, "terminal "):
	case line == "show version":
		return v.r.cli.version(v.r.name), false
	case line == "show hostname":
		return "Hostname: " + v.r.name + "\r\n", false
	case line == "show clock":
		return time.Now().UTC().Format("*15:04:05.000 UTC Mon Jan 2 2006") + "\r\n", false
	case line == "show privilege":
		level := 1
		if v.privileged {
			level = 15
		}
		return fmt.Sprintf("Current privilege level is %d\r\n", level), false
	case line == "show running-config" && v.privileged:
		return v.r.running(), false
	case line == "configure terminal" && v.privileged:
		v.mode = "config"
		return "Enter configuration commands, one per line.  End with CNTL/Z.\r\n", false
	case (line == "write memory" || line == "write" || line == "copy running-config startup-config") && v.privileged:
		return v.r.cli.saved, false
	default:
		return invalid, false
	}
	return "", false
}

// modes are the lines that lead into a section, by their first words.
var modes = []struct{ begins, mode string }{
	{"interface ", "config-if"}, {"router ", "config-router"}, {"vlan ", "config-vlan"}, {"ip access-list ", "config-ext-nacl"},
}

// globals are lines that leave a section, because only the top level has them.
var globals = []string{"hostname ", "snmp-server ", "ntp ", "logging ", "ip route "}

func (v *vty) configure(line string) string {
	switch {
	case line == "end":
		v.mode, v.candidate = "", nil
		return ""
	case line == "exit" && v.mode == "config":
		v.mode, v.candidate = "", nil
		return ""
	case line == "exit":
		v.mode = "config"
		return ""
	case strings.HasPrefix(line, "bogus"): // the line that a router refuses
		return invalid
	case v.candidate != nil && (line == "abort" || strings.HasPrefix(line, "commit")):
		return v.endCandidate(line)
	}
	once(&v.r.firstLine)
	indent := " "
	for _, section := range modes {
		if strings.HasPrefix(line, section.begins) {
			v.mode, indent = section.mode, ""
		}
	}
	for _, begin := range globals {
		if strings.HasPrefix(line, begin) {
			v.mode, indent = "config", ""
		}
	}
	if v.mode == "config" {
		indent = ""
	}
	if v.candidate == nil {
		v.r.push(indent + line)
		return ""
	}
	v.r.mu.Lock()
	defer v.r.mu.Unlock()
	v.candidate.lines = append(v.candidate.lines, indent+line)
	return ""
}
