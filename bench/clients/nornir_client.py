"""nornir with nornir-netmiko, its threaded runner with --conc workers."""

import json
import logging
import os
import tempfile
import time

from common import COMMANDS, check, config_lines, read_args, report
from nornir import InitNornir
from nornir_netmiko.tasks import netmiko_send_command, netmiko_send_config

args = read_args()
logging.disable(logging.CRITICAL)
outcomes = {}


def task(work):
    began = time.perf_counter()
    index = int(work.host.name[1:])
    try:
        if args.job == "j3":
            result = work.run(netmiko_send_config, config_commands=config_lines(), read_timeout=120)
        else:
            result = work.run(netmiko_send_command, command_string=COMMANDS[args.job], read_timeout=120)
        work.host.close_connections()
        check(args.job, index, result[0].result)
        outcomes[index] = (True, time.perf_counter() - began, None)
    except Exception as error:
        outcomes[index] = (False, time.perf_counter() - began, f"{type(error).__name__}: {error}")


with tempfile.TemporaryDirectory() as folder:
    hosts = {
        f"d{index}": {
            "hostname": host,
            "port": args.port,
            "username": args.user,
            "password": args.password,
            "platform": "cisco_ios",
            "connection_options": {
                "netmiko": {
                    "extras": {"conn_timeout": 60, "banner_timeout": 60, "auth_timeout": 60, "use_keys": False}
                }
            },
        }
        for index, host in enumerate(args.hosts)
    }
    path = os.path.join(folder, "hosts.yaml")
    with open(path, "w") as file:
        json.dump(hosts, file)
    nornir = InitNornir(
        inventory={"plugin": "SimpleInventory", "options": {"host_file": path}},
        runner={"plugin": "threaded", "options": {"num_workers": args.conc}},
        logging={"enabled": False},
    )


def run():
    nornir.run(task=task)
    return [outcomes.get(index, (False, 0.0, "no result")) for index in range(args.n)]


report(run)
