/**
 * May a device that is called `expected` show itself as `shown`? Prompts leave the domain away, and some platforms cut a long
 * name off, each at a length of its own (`promptCut`): a shorter beginning of the name is another device's.
 */
export function mayBeCalled(expected: string, shown: string, cut: number | undefined): boolean {
  const [a, b] = [expected.toLowerCase(), shown.toLowerCase()];
  return a === b || a.split(".")[0] === b || (b.length === cut && a.startsWith(b));
}
