"""netmiko in a thread pool of --conc threads. On EOS, J3 goes into a configuration session that is then committed."""

from concurrent.futures import ThreadPoolExecutor

from common import COMMANDS, config_lines, read_args, report, timed
from netmiko import ConnectHandler

args = read_args()
# FRR's shell is spoken to as IOS: netmiko has no driver for vtysh over SSH.
DRIVER = {"cisco_ios": "cisco_ios", "arista_eos": "arista_eos", "frr": "cisco_ios"}[args.platform]


def job(host):
    with ConnectHandler(
        device_type=DRIVER,
        host=host,
        port=args.port,
        username=args.user,
        password=args.password,
        conn_timeout=60,
        banner_timeout=60,
        auth_timeout=60,
        use_keys=False,
        allow_agent=False,
    ) as device:
        if args.job != "j3":
            return device.send_command(COMMANDS[args.job], read_timeout=120)
        if args.platform != "arista_eos":
            return device.send_config_set(config_lines(), read_timeout=120)
        sent = device.send_config_set(
            config_lines(), read_timeout=120, config_mode_command="configure session bench", exit_config_mode=False
        )
        return sent + device.send_command_timing("commit", read_timeout=120)


def run():
    with ThreadPoolExecutor(args.conc) as pool:
        return list(pool.map(lambda index: timed(job, args, index), range(args.n)))


report(run)
