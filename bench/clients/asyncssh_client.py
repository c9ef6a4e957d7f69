"""asyncssh with a loop that waits for prompts and nothing around it: no platform, no host key check."""

import asyncio
import re

import asyncssh
from common import COMMANDS, config_lines, read_args, report, timed_async

args = read_args()
PROMPT = re.compile(r"(?:^|\n)r\d+(?:\([\w-]+\))?[#>] ?$")


async def job(host):
    async with asyncssh.connect(
        host,
        args.port,
        username=args.user,
        password=args.password,
        known_hosts=None,
        client_keys=None,
        agent_path=None,
        config=None,
        login_timeout=120,
        connect_timeout=120,
    ) as connection:
        shell = await connection.create_process(term_type="vt100", term_size=(511, 24))

        async def until_prompt():
            parts, tail = [], ""
            while True:
                text = await asyncio.wait_for(shell.stdout.read(65536), 120)
                if not text:
                    raise EOFError
                parts.append(text)
                tail = (tail + text)[-200:]
                if PROMPT.search(tail.replace("\r", "")):
                    return "".join(parts)

        async def command(line):
            shell.stdin.write(line + "\n")
            return await until_prompt()

        await until_prompt()
        await command("terminal length 0")
        if args.job == "j3":
            answers = [await command("configure terminal")]
            for line in config_lines():
                answers.append(await command(line))
            answers.append(await command("end"))
            return "".join(answers)
        text = await command(COMMANDS[args.job])
        return text.replace("\r", "").rsplit("\n", 1)[0]


async def run_all():
    slots = asyncio.Semaphore(args.conc)
    return await asyncio.gather(*(timed_async(job, args, index, slots) for index in range(args.n)))


report(lambda: asyncio.run(run_all()))
