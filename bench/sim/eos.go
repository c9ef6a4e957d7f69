package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

var eos = cli{
	version: func(string) string {
		return "Arista vEOS-lab\r\nHardware version: \r\nSerial number: SN-0001\r\nSoftware image version: 4.30.1F\r\nArchitecture: x86_64\r\nUptime: 1 week, 2 days\r\nTotal memory: 2006860 kB\r\n"
	},
	exec:  eosExec,
	saved: "Copy completed successfully.\r\n",
	head: func(r *router) string {
		return fmt.Sprintf("! Command: show running-config\r\n! device: %s (vEOS-lab, EOS-4.30.1F)\r\n", r.name)
	},
	tail: "end\r\n",
}

func eosExec(v *vty, line string) (string, bool) {
	words := strings.Fields(line)
	switch {
	case strings.HasPrefix(line, "terminal width "):
		return "Width set to " + words[2] + " columns.\r\n", true
	case strings.HasPrefix(line, "terminal length "):
		fmt.Sscanf(line, "terminal length %d", &v.page)
		return "Pagination disabled.\r\n", true
	case line == "show configuration sessions":
		return v.r.listCandidates(), true
	case len(words) >= 3 && strings.HasPrefix(line, "configure session ") && v.privileged:
		return v.openCandidate(words[2], words[3:]), true
	case len(words) == 4 && strings.HasPrefix(line, "no configure session ") && v.privileged:
		v.r.mu.Lock()
		defer v.r.mu.Unlock()
		v.r.candidates = slices.DeleteFunc(v.r.candidates, func(c *candidate) bool { return c.name == words[3] })
		return "", true
	}
	return "", false
}

func (r *router) listCandidates() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := "Maximum number of completed sessions: 1\r\nMaximum number of pending sessions: 5\r\n\r\n" +
		"  Name                   State              User   Terminal\r\n" +
		"  ---------------------- ------------------ ------ --------\r\n"
	for _, c := range r.candidates {
		out += fmt.Sprintf("  %-22s %-18s %s\r\n", c.name, c.state, *user)
	}
	return out
}

// openCandidate enters a configuration session, or confirms or takes back one whose commit timer runs.
func (v *vty) openCandidate(name string, rest []string) string {
	r := v.r
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.candidates, func(c *candidate) bool { return c.name == name && c.state != "completed" })
	if len(rest) > 0 {
		if at < 0 {
			return "% Cannot find session: " + name + "\r\n"
		}
		c := r.candidates[at]
		if c.until != nil {
			c.until.Stop()
		}
		if rest[0] == "abort" {
			r.pushed = c.keeps
			r.candidates = slices.Delete(r.candidates, at, at+1)
		} else {
			c.state = "completed"
		}
		return ""
	}
	if at < 0 {
		// only the last completed one is remembered
		r.candidates = slices.DeleteFunc(r.candidates, func(c *candidate) bool { return c.state == "completed" })
		r.candidates = append(r.candidates, &candidate{name: name, state: "pending"})
		at = len(r.candidates) - 1
	}
	v.candidate, v.mode = r.candidates[at], "config"
	return ""
}

// endCandidate makes the lines of the open session active, for good or until its timer ends, or drops them.
func (v *vty) endCandidate(line string) string {
	r, c := v.r, v.candidate
	r.mu.Lock()
	defer r.mu.Unlock()
	v.candidate, v.mode = nil, ""
	if line == "abort" {
		r.candidates = slices.DeleteFunc(r.candidates, func(each *candidate) bool { return each == c })
		return ""
	}
	c.keeps = slices.Clone(r.pushed)
	r.pushed = append(r.pushed, c.lines...)
	counted.configLines.Add(int64(len(c.lines)))
	c.state = "completed"
	var hours, minutes, seconds int
	if n, _ := fmt.Sscanf(line, "commit timer %d:%d:%d", &hours, &minutes, &seconds); n == 3 {
		c.state = "pendingCommitTimer"
		c.until = time.AfterFunc(time.Duration(hours*3600+minutes*60+seconds)*time.Second, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.pushed = c.keeps
			r.candidates = slices.DeleteFunc(r.candidates, func(each *candidate) bool { return each == c })
		})
	}
	return ""
}
