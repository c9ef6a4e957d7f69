package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log"
	"net"
	"strings"

	"golang.org/x/crypto/ssh"
)

func serverConfig() (*ssh.ServerConfig, string) {
	config := &ssh.ServerConfig{
		ServerVersion: "SSH-2.0-Cisco-1.25",
		PasswordCallback: func(who ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if who.User() == *user && string(password) == *pass {
				return nil, nil
			}
			return nil, fmt.Errorf("denied")
		},
	}
	if *kex != "" {
		config.KeyExchanges = strings.Split(*kex, ",")
	}
	var key any
	var err error
	if *hostKey == "rsa2048" {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		log.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		log.Fatal(err)
	}
	config.AddHostKey(signer)
	return config, ssh.FingerprintSHA256(signer.PublicKey())
}

func accept(listener net.Listener, r *router, config *ssh.ServerConfig) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			connection = &watched{connection, r}
			if *rtt > 0 {
				connection = newDelayed(connection, *rtt)
			}
			serve(connection, r, config)
		}()
	}
}

// watched notes when the first byte came.
type watched struct {
	net.Conn
	r *router
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		once(&w.r.firstByte)
	}
	return n, err
}

func serve(connection net.Conn, r *router, config *ssh.ServerConfig) {
	defer connection.Close()
	client, channels, requests, err := ssh.NewServerConn(connection, config)
	if err != nil {
		return
	}
	counted.handshakes.Add(1)
	if known, ok := client.Conn.(ssh.AlgorithmsConnMetadata); ok {
		n := known.Algorithms()
		algoMu.Lock()
		algorithms[strings.TrimSpace(fmt.Sprintf("%s, %s, %s %s", n.KeyExchange, n.HostKey, n.Read.Cipher, n.Read.MAC))]++
		algoMu.Unlock()
	}
	if n := counted.open.Add(1); n > counted.maxOpen.Load() {
		counted.maxOpen.Store(n)
	}
	defer counted.open.Add(-1)
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		if offered.ChannelType() != "session" {
			offered.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, asked, err := offered.Accept()
		if err != nil {
			return
		}
		go session(channel, asked, r, client)
	}
}

func session(channel ssh.Channel, asked <-chan *ssh.Request, r *router, client *ssh.ServerConn) {
	counted.sessions.Add(1)
	for request := range asked {
		switch request.Type {
		case "pty-req", "env", "window-change":
			request.Reply(true, nil)
		case "shell":
			request.Reply(true, nil)
			go func() {
				(&vty{r: r, channel: channel, in: bufio.NewReaderSize(channel, 65536), page: 24, privileged: *enable == ""}).run()
				channel.SendRequest("exit-status", false, []byte{0, 0, 0, 0})
				channel.Close()
				client.Close() // a router drops the connection with the shell
			}()
		default:
			request.Reply(false, nil)
		}
	}
}
