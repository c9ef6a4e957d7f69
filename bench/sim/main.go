// sim is many routers in one process, for benchmarks: each has an address of its own in 127.0.0.0/8 and speaks SSH.
//
// It behaves like a router where clients notice: echo, prompts, enable, a pager until it is turned off, modes, refusals, a
// running configuration that keeps what was pushed. -rtt adds a network's round-trip time inside of the process.
// It is no router: it takes nearly every configuration line.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var (
	base     = flag.String("base", "127.20.0.1", "address of the first router")
	count    = flag.Int("n", 1000, "number of routers")
	port     = flag.Int("port", 0, "TCP port of every router; 0 takes one that is free")
	platform = flag.String("platform", "ios", "ios, eos or frr")
	rtt      = flag.Duration("rtt", 0, "round-trip time, such as 20ms")
	lines    = flag.Int("config-lines", 2000, "lines of the running configuration")
	user     = flag.String("user", "admin", "login user")
	pass     = flag.String("pass", "admin", "login password")
	enable   = flag.String("enable", "", "sessions begin with few rights and need this password")
	hostKey  = flag.String("hostkey", "ed25519", "ed25519 or rsa2048")
	kex      = flag.String("kex", "", "the only key exchanges offered, separated by commas")
	control  = flag.String("control", "127.0.0.1:0", "HTTP address of the counters")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	cli, known := platforms[*platform]
	if !known {
		log.Fatalf("-platform must be ios, eos or frr, not %q", *platform)
	}
	first := net.ParseIP(*base).To4()
	if first == nil || first[0] != 127 {
		log.Fatal("-base must be an address in 127.0.0.0/8")
	}
	config, fingerprint := serverConfig()
	for i := range *count {
		address := make(net.IP, 4)
		binary.BigEndian.PutUint32(address, binary.BigEndian.Uint32(first)+uint32(i))
		listener, err := net.Listen("tcp4", fmt.Sprintf("%s:%d", address, *port))
		if err != nil {
			log.Fatal(err)
		}
		*port = listener.Addr().(*net.TCPAddr).Port // the first one's choice holds for all
		r := newRouter(i, cli)
		routers = append(routers, r)
		go accept(listener, r, config)
	}
	address, err := serveControl(fingerprint)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"control\":\"http://%s\",\"fingerprint\":%q,\"base\":%q,\"port\":%d,\"n\":%d}\n",
		address, fingerprint, *base, *port, *count)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGINT, syscall.SIGTERM)
	go func() { // it never outlives who started it
		for parent := os.Getppid(); os.Getppid() == parent; {
			time.Sleep(time.Second)
		}
		ends <- syscall.SIGTERM
	}()
	<-ends
}
