/** A string as Python's `repr` shows it, for messages that are made before there is any value. */
export function pythonQuote(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r")}${quote}`;
}
