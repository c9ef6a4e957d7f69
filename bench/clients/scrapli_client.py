"""scrapli 2025.1.30, the Python core, over its asyncssh transport."""

import asyncio

from common import COMMANDS, config_lines, read_args, report, timed_async
from scrapli.driver.core import AsyncIOSXEDriver

args = read_args()


async def job(host):
    async with AsyncIOSXEDriver(
        host=host,
        port=args.port,
        auth_username=args.user,
        auth_password=args.password,
        auth_strict_key=False,
        transport="asyncssh",
        timeout_socket=120,
        timeout_transport=120,
        timeout_ops=120,
        ssh_config_file=False,
    ) as device:
        if args.job == "j3":
            return (await device.send_configs(config_lines())).result
        return (await device.send_command(COMMANDS[args.job])).result


async def run_all():
    slots = asyncio.Semaphore(args.conc)
    return await asyncio.gather(*(timed_async(job, args, index, slots) for index in range(args.n)))


report(lambda: asyncio.run(run_all()))
