// httpload asks one URL over and over on a number of connections that stay open: `httpload URL CONNECTIONS SECONDS [BEARER]`.
// Each connection sends its next request when it has read the last answer whole. It prints one line of JSON.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

type outcome struct {
	took   []float64
	failed int
	bytes  int64
	answer string // the first one that was not 200
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: httpload URL CONNECTIONS SECONDS [BEARER]")
	}
	connections, _ := strconv.Atoi(os.Args[2])
	seconds, _ := strconv.ParseFloat(os.Args[3], 64)
	client := &http.Client{
		Transport: &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections, DisableCompression: true},
		Timeout:   30 * time.Second,
	}
	outcomes := make([]outcome, connections)
	began := time.Now()
	until := began.Add(time.Duration(seconds * float64(time.Second)))
	var all sync.WaitGroup
	for i := range outcomes {
		all.Add(1)
		go func() {
			defer all.Done()
			for time.Now().Before(until) {
				ask(client, &outcomes[i])
			}
		}()
	}
	all.Wait()
	wall := time.Since(began).Seconds()
	var took []float64
	failed, served, bytes, answer := 0, 0, int64(0), ""
	for _, o := range outcomes {
		took = append(took, o.took...)
		failed += o.failed
		bytes += o.bytes
		if len(o.took) > 0 {
			served++
		}
		if answer == "" {
			answer = o.answer
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		if len(took) == 0 {
			return 0
		}
		return took[min(len(took)-1, int(share*float64(len(took))))]
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"requests": len(took), "failed": failed, "served": served, "wall_s": wall, "per_s": float64(len(took)) / wall,
		"p50_ms": at(0.5), "p99_ms": at(0.99), "bytes_each": bytes / int64(max(1, len(took))), "failure": answer,
	})
}

func ask(client *http.Client, o *outcome) {
	request, err := http.NewRequest("GET", os.Args[1], nil)
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 4 {
		request.Header.Set("authorization", "Bearer "+os.Args[4])
	}
	began := time.Now()
	response, err := client.Do(request)
	if err != nil {
		o.failed++
		o.answer = err.Error()
		return
	}
	n, err := io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if err != nil || response.StatusCode != 200 {
		o.failed++
		o.answer = fmt.Sprint(response.StatusCode, " ", err)
		return
	}
	o.bytes += n
	o.took = append(o.took, float64(time.Since(began).Microseconds())/1000)
}
