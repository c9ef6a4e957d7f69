/** Devices cut their names off in prompts, but not this short. */
const LEAST = 10;

/** May a device that is called `expected` show itself as `shown`? Prompts leave the domain away, and cut long names off. */
export function mayBeCalled(expected: string, shown: string): boolean {
  const [a, b] = [expected.toLowerCase(), shown.toLowerCase()];
  return a === b || a.split(".")[0] === b || (b.length >= LEAST && a.startsWith(b));
}
