"""napalm's ios driver in a thread pool. Its way of changing a configuration needs SCP, so J3 is not offered."""

from concurrent.futures import ThreadPoolExecutor

from common import read_args, report, timed
from napalm import get_network_driver

args = read_args()
Driver = get_network_driver("ios")


def job(host):
    options = {"port": args.port, "conn_timeout": 60}
    with Driver(host, args.user, args.password, timeout=120, optional_args=options) as device:
        if args.job == "j1":
            return device.cli(["show version"])["show version"]
        return device.get_config(retrieve="running")["running"]


def run():
    with ThreadPoolExecutor(args.conc) as pool:
        return list(pool.map(lambda index: timed(job, args, index), range(args.n)))


report(run)
