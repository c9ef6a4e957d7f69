/** The master key under which the recorded histories are sealed: of no installation, and no secret. */
export const HISTORY_KEY = Buffer.from("netstacks recorded histories 001").toString("base64");
