import { createServer } from "node:net";
import type { Config } from "../system/config.ts";
import { StartError, systemErrorCode } from "../system/start-error.ts";

/** The port the API will listen on: checked to be free, and chosen when PORT is 0. */
export function claimPort({ host, port }: Pick<Config, "host" | "port">): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", (error) => fail(explain(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      const got = address !== null && typeof address === "object" ? address.port : port;
      server.close(() => done(got));
    });
  });
}

function explain(error: Error, host: string, port: number): Error {
  switch (systemErrorCode(error)) {
    case "EADDRINUSE":
      return new StartError(
        `Port ${port} on ${host} is taken by another program; stop that, or choose another port, such as PORT=${port < 65_535 ? port + 1 : 8080} npm start.`,
      );
    case "EACCES":
      return new StartError(
        `Port ${port} may not be used by this user; choose one above 1023, such as PORT=8080 npm start.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartError(
        `HOST is ${host}, which is not an address of this machine; use 127.0.0.1, 0.0.0.0, or one of its own.`,
      );
    default:
      return error;
  }
}
