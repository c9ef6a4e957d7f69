// measure runs a command and writes what the operating system counted for it: `measure FILE SECONDS COMMAND [ARG …]`.
// FILE gets {"wall_s", "user_s", "sys_s", "max_rss_mib", "status"}; after SECONDS the command and its children are killed.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

func main() {
	runtime.LockOSThread() // the death signal below belongs to the thread that starts the command
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: measure FILE SECONDS COMMAND [ARG ...]")
	}
	limit, err := strconv.ParseFloat(os.Args[2], 64)
	if err != nil {
		log.Fatal(err)
	}
	command := exec.Command(os.Args[3], os.Args[4:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	if err := command.Start(); err != nil {
		log.Fatal(err)
	}
	kill := func() { syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	late := time.AfterFunc(time.Duration(limit*float64(time.Second)), kill)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-ends
		kill()
	}()
	command.Wait()
	wall := time.Since(began)
	late.Stop()
	kill() // children that it left behind
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	report, _ := json.Marshal(map[string]any{
		"wall_s": wall.Seconds(), "user_s": float64(used.Utime.Nano()) / 1e9, "sys_s": float64(used.Stime.Nano()) / 1e9,
		"max_rss_mib": float64(used.Maxrss) / 1024, "status": command.ProcessState.ExitCode(),
	})
	if err := os.WriteFile(os.Args[1], report, 0o644); err != nil {
		log.Fatal(err)
	}
}
