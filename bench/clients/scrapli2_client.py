"""scrapli 2026.10.14, over libscrapli's libssh2 transport."""

import asyncio

from common import COMMANDS, config_lines, read_args, report, timed_async
from scrapli import AuthOptions, Cli, SessionOptions, TransportSsh2Options

args = read_args()


def open_cli(host):
    return Cli(
        definition_file_or_name="cisco_iosxe",
        host=host,
        port=args.port,
        auth_options=AuthOptions(username=args.user, password=args.password),
        session_options=SessionOptions(operation_timeout_s=120),
        transport_options=TransportSsh2Options(),
    )


async def job(host):
    async with open_cli(host) as device:
        if args.job == "j3":
            return (await device.send_inputs_async(inputs=config_lines(), requested_mode="configuration")).result
        return (await device.send_input_async(input_=COMMANDS[args.job])).result


async def run_all():
    slots = asyncio.Semaphore(args.conc)
    return await asyncio.gather(*(timed_async(job, args, index, slots) for index in range(args.n)))


report(lambda: asyncio.run(run_all()))
