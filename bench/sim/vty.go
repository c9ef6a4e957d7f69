package main

import (
	"bufio"
	"io"
	"strings"

	"golang.org/x/crypto/ssh"
)

// vty is one terminal session on a router.
type vty struct {
	r          *router
	channel    ssh.Channel
	in         *bufio.Reader
	page       int // lines of a screen; 0: no pager
	privileged bool
	mode       string     // "" is the operational mode, else config, config-if, …
	candidate  *candidate // the configuration session that is open (EOS)
}

func (v *vty) prompt() string {
	switch {
	case v.mode != "":
		return v.r.name + "(" + v.shownMode() + ")#"
	case v.privileged:
		return v.r.name + "#"
	}
	return v.r.name + ">"
}

func (v *vty) shownMode() string {
	if v.candidate == nil {
		return v.mode
	}
	return "config-s-" + v.candidate.name[:min(6, len(v.candidate.name))] + strings.TrimPrefix(v.mode, "config")
}

func (v *vty) write(text string) {
	n, _ := io.WriteString(v.channel, text)
	counted.bytesOut.Add(int64(n))
}

// readLine reads one typed line. `out` is sent, with the echo, when no more input waits: a pasted block of lines comes back
// in few packets, as from a router.
func (v *vty) readLine(visible bool, out *strings.Builder) (string, error) {
	var line []byte
	for {
		if v.in.Buffered() == 0 && out.Len() > 0 {
			v.write(out.String())
			out.Reset()
		}
		c, err := v.in.ReadByte()
		if err != nil {
			return "", err
		}
		switch c {
		case '\r', '\n':
			if c == '\r' && v.in.Buffered() > 0 {
				if next, _ := v.in.Peek(1); next[0] == '\n' {
					v.in.ReadByte()
				}
			}
			out.WriteString("\r\n")
			return string(line), nil
		case 0x7f, 0x08:
			if len(line) > 0 {
				line = line[:len(line)-1]
				out.WriteString("\b \b")
			}
		case 0x03, 0x1a: // ctrl-C, ctrl-Z
			v.mode, v.candidate = "", nil
			out.WriteString("\r\n")
			return "", nil
		case 0x05, 0x15: // ctrl-E, ctrl-U: to the end of the line, empty the line
		default:
			line = append(line, c)
			if visible {
				out.WriteByte(c)
			}
		}
	}
}

func (v *vty) run() {
	var out strings.Builder
	out.WriteString("\r\n" + v.prompt())
	for {
		line, err := v.readLine(true, &out)
		if err != nil {
			return
		}
		if strings.TrimSpace(line) == "" {
			out.WriteString(v.prompt())
			continue
		}
		counted.commands.Add(1)
		answer, quit := v.exec(line)
		if quit {
			return
		}
		if answer == askPassword {
			out.WriteString("Password: ")
			given, err := v.readLine(false, &out)
			if err != nil {
				return
			}
			answer = "% Access denied\r\n\r\n"
			if given == *enable {
				v.privileged, answer = true, ""
			}
		}
		if v.page > 0 && strings.Count(answer, "\n") >= v.page {
			v.write(out.String())
			out.Reset()
			if !v.showPages(answer) {
				return
			}
		} else {
			out.WriteString(answer)
		}
		out.WriteString(v.prompt())
	}
}

// showPages writes screens; a space goes on, return shows one line more, q stops.
func (v *vty) showPages(text string) bool {
	rest := strings.SplitAfter(text, "\n")
	for step := v.page - 1; len(rest) > 0; {
		n := min(step, len(rest))
		v.write(strings.Join(rest[:n], ""))
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
		v.write(" --More-- ")
		key, err := v.in.ReadByte()
		if err != nil {
			return false
		}
		v.write("\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b")
		switch key {
		case 'q', 0x03:
			rest = nil
		case '\r', '\n':
			step = 1
		default:
			step = v.page - 1
		}
	}
	return true
}
