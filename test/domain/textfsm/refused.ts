/** Templates that TextFSM refuses as well. `line` is 0 where the whole template is meant. */
export const REFUSED: { what: string; template: string; line: number; message: string }[] = [
  { what: "no values", template: "Start\n  ^a\n", line: 0, message: "no Value definitions" },
  {
    what: "no blank line after the values",
    template: "Value A (a)\nStart\n",
    line: 2,
    message: "expected a blank line",
  },
  {
    what: "a value without an expression",
    template: "Value A\n\nStart\n",
    line: 1,
    message: "a name and an expression",
  },
  { what: "a value twice", template: "Value A (a)\nValue A (b)\n\nStart\n", line: 2, message: "declared twice" },
  { what: "an unknown option", template: "Value Sticky A (a)\n\nStart\n", line: 1, message: 'no option "Sticky"' },
  { what: "an option twice", template: "Value List,List A (a)\n\nStart\n", line: 1, message: "List is there twice" },
  {
    what: "an expression without a pair around it",
    template: "Value A (a)b\n\nStart\n",
    line: 1,
    message: "within one pair",
  },
  {
    what: "an expression that ends in an escaped parenthesis",
    template: "Value A (a\\)\n\nStart\n",
    line: 1,
    message: "within one pair",
  },
  {
    what: "a broken expression of a value",
    template: "Value A (a[)\n\nStart\n",
    line: 1,
    message: "unterminated character set",
  },
  { what: "a long name", template: `Value ${"A".repeat(49)} (a)\n\nStart\n`, line: 1, message: "longer than 48" },
  { what: "no Start", template: "Value A (a)\n\nBegin\n  ^a\n", line: 0, message: "Start is missing" },
  {
    what: "a state with another character",
    template: "Value A (a)\n\nStart-1\n",
    line: 3,
    message: "no name of a state",
  },
  {
    what: "a state named as an action",
    template: "Value A (a)\n\nStart\n\nNext\n",
    line: 5,
    message: "no name of a state",
  },
  { what: "a state twice", template: "Value A (a)\n\nStart\n\nStart\n", line: 5, message: "there twice" },
  { what: "rules in End", template: "Value A (a)\n\nStart\n\nEnd\n  ^a\n", line: 0, message: "End must have no rules" },
  { what: "rules in EOF", template: "Value A (a)\n\nStart\n\nEOF\n  ^a\n", line: 0, message: "EOF must have no rules" },
  { what: "a rule without ^", template: "Value A (a)\n\nStart\n  a\n", line: 4, message: "begins with" },
  { what: "a rule three spaces deep", template: "Value A (a)\n\nStart\n   ^a\n", line: 4, message: "begins with" },
  {
    what: "a target that is no state",
    template: "Value A (a)\n\nStart\n  ^a -> Nowhere\n",
    line: 4,
    message: "no state Nowhere",
  },
  {
    what: "Continue to another state",
    template: "Value A (a)\n\nStart\n  ^a -> Continue Start\n",
    line: 4,
    message: "Continue stays",
  },
  {
    what: "an action that is none",
    template: "Value A (a)\n\nStart\n  ^a -> Next.Next\n",
    line: 4,
    message: "is none",
  },
  {
    what: "a text without Error",
    template: 'Value A (a)\n\nStart\n  ^a -> Next "text"\n',
    line: 4,
    message: "only Error has a text",
  },
  { what: "an unknown value in a rule", template: "Value A (a)\n\nStart\n  ^${B}\n", line: 4, message: "no Value B" },
  { what: "a single $", template: "Value A (a)\n\nStart\n  ^a$\n", line: 4, message: "write $$" },
  {
    what: "a value twice in a rule",
    template: "Value A (a)\n\nStart\n  ^${A} ${A}\n",
    line: 4,
    message: "redefinition of group name",
  },
  {
    what: "an open group in a rule",
    template: "Value A (a)\n\nStart\n  ^(a\n",
    line: 4,
    message: "unterminated subpattern",
  },
];

/** Rules that Python takes. */
export const UNSUPPORTED: { values: string[]; rule: string; message: string }[] = [
  { values: ["A (a)"], rule: "^(?!${A})b", message: "negative look-around" },
  { values: ["A (a)"], rule: "^${A}b++", message: "possessive" },
  { values: ["A (a)"], rule: "^${A}(?>b)", message: "atomic" },
  { values: ["A (a)"], rule: "^(b)?(?(1)c|d)${A}", message: "conditional" },
  { values: ["A (a)"], rule: "^(?i:b)${A}", message: "(?i" },
];
