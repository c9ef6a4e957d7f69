/** Python's `ascii()` of what `repr` gave: everything beyond ASCII as an escape. */
export function asciiOf(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x1_00) return `\\x${code.toString(16)}`;
    return code < 0x1_00_00 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
}
