package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// router is what sessions share: its name, and what was pushed to it.
type router struct {
	name      string
	id        int
	cli       cli
	firstByte atomic.Int64
	firstLine atomic.Int64

	mu         sync.Mutex
	pushed     []string
	candidates []*candidate
	static     func() string
}

// candidate is a configuration session of EOS: lines that are not active before the commit.
type candidate struct {
	name  string
	lines []string
	state string // pending, pendingCommitTimer, completed
	until *time.Timer
	keeps []string // the lines pushed before, while the timer runs
}

// cli is how one platform differs from the others.
type cli struct {
	version func(name string) string
	exec    func(v *vty, line string) (answer string, known bool)
	saved   string
	head    func(r *router) string
	tail    string
}

var platforms = map[string]cli{"ios": ios, "eos": eos, "frr": frr}

func newRouter(i int, of cli) *router {
	r := &router{name: fmt.Sprintf("r%04d", i+1), id: i, cli: of}
	r.static = sync.OnceValue(func() string { return runningConfig(r.name, i, *lines) })
	return r
}

func (r *router) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pushed, r.candidates = nil, nil
}

func (r *router) running() string {
	static := r.static()
	r.mu.Lock()
	defer r.mu.Unlock()
	pushed := ""
	if len(r.pushed) > 0 {
		pushed = strings.Join(r.pushed, "\r\n") + "\r\n"
	}
	return r.cli.head(r) + static + pushed + r.cli.tail
}

func (r *router) push(lines ...string) {
	counted.configLines.Add(int64(len(lines)))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pushed = append(r.pushed, lines...)
}
