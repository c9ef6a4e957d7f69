package main

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// counted is what happened since the start.
var counted struct {
	handshakes, sessions, commands, configLines, open, maxOpen, bytesOut atomic.Int64
}

var (
	routers    []*router
	algorithms = map[string]int{} // what was negotiated, by number of connections
	algoMu     sync.Mutex
)

// serveControl answers GET / with the counters, POST /clear drops what was pushed, POST /push?line= gives every router one line
// more (so that its configuration is another one), POST /mark forgets the moments of the first
// bytes, GET /moments tells them (milliseconds since 1970, 0 for none; one row a router: any byte, a configuration line).
func serveControl(fingerprint string) (string, error) {
	listener, err := net.Listen("tcp4", *control)
	if err != nil {
		return "", err
	}
	answer := func(w http.ResponseWriter, value any) {
		w.Header().Set("content-type", "application/json")
		json.NewEncoder(w).Encode(value)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { answer(w, counters(fingerprint)) })
	mux.HandleFunc("POST /clear", func(w http.ResponseWriter, _ *http.Request) {
		for _, r := range routers {
			r.clear()
		}
		answer(w, map[string]bool{"cleared": true})
	})
	mux.HandleFunc("POST /push", func(w http.ResponseWriter, asked *http.Request) {
		for _, r := range routers {
			r.push(asked.URL.Query().Get("line"))
		}
		answer(w, map[string]bool{"pushed": true})
	})
	mux.HandleFunc("POST /mark", func(w http.ResponseWriter, _ *http.Request) {
		for _, r := range routers {
			r.firstByte.Store(0)
			r.firstLine.Store(0)
		}
		counted.maxOpen.Store(counted.open.Load())
		answer(w, map[string]bool{"marked": true})
	})
	mux.HandleFunc("GET /moments", func(w http.ResponseWriter, _ *http.Request) {
		rows := make([][2]float64, len(routers))
		for i, r := range routers {
			rows[i] = [2]float64{float64(r.firstByte.Load()) / 1e6, float64(r.firstLine.Load()) / 1e6}
		}
		answer(w, rows)
	})
	go http.Serve(listener, mux)
	return listener.Addr().String(), nil
}

func counters(fingerprint string) map[string]any {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	algoMu.Lock()
	defer algoMu.Unlock()
	most, negotiated := 0, ""
	for name, n := range algorithms {
		if n > most {
			most, negotiated = n, name
		}
	}
	clear(algorithms)
	return map[string]any{
		"fingerprint": fingerprint, "handshakes": counted.handshakes.Load(), "sessions": counted.sessions.Load(),
		"commands": counted.commands.Load(), "config_lines": counted.configLines.Load(), "open": counted.open.Load(),
		"max_open": counted.maxOpen.Load(), "bytes_out": counted.bytesOut.Load(), "negotiated": negotiated,
		"cpu_s": float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9,
	}
}

// once keeps the first moment only.
func once(moment *atomic.Int64) { moment.CompareAndSwap(0, time.Now().UnixNano()) }
