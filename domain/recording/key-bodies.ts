const HEX_BODY = /^[ \t]*[0-9A-F]{8}(?: [0-9A-F]{2,8}){3,}[ \t]*$/;
const BASE64_BODY = /^[ \t]*[A-Za-z0-9+/]{32,}={0,2}[ \t]*$/;
const HEX_END = /^[ \t]*[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*[ \t]*$/;
const BASE64_END = /^[ \t]*(?=\S*[0-9A-Z+/=])[A-Za-z0-9+/]{2,}={0,2}[ \t]*$/;

/** The bodies of certificates and public keys, each line as long as it was: a pager counts them. */
export function emptied(text: string): string {
  let ends: RegExp | null = null;
  return text
    .split("\n")
    .map((line) => {
      if (HEX_BODY.test(line)) ends = HEX_END;
      else if (BASE64_BODY.test(line)) ends = BASE64_END;
      else if (ends?.test(line) !== true) ends = null;
      if (ends === null) return line;
      return ends === HEX_END ? line.replace(/[0-9A-F]/g, "0") : line.replace(/[A-Za-z0-9+/]/g, "A");
    })
    .join("\n");
}
