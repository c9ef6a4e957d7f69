/** Templates of a few lines, each with one thing in it that decides about the rows. */
export type Case = { what: string; template: string; output: string; rows: unknown[][] };

const one = (what: string, template: string, output: string, rows: unknown[][]): Case => ({
  what,
  template,
  output,
  rows,
});

export const CASES: Case[] = [
  one(
    "records each match, and nothing of other lines",
    "Value A (\\d+)\n\nStart\n  ^a ${A} -> Record\n",
    "a 1\nb 2\na 3",
    [["1"], ["3"]],
  ),
  one("the end of the output records what is under way", "Value A (\\d+)\n\nStart\n  ^a ${A}\n", "a 1\na 2", [["2"]]),
  one("an empty state EOF keeps the end from recording", "Value A (\\d+)\n\nStart\n  ^a ${A}\n\nEOF\n", "a 1", []),
  one(
    "End stops, and records nothing more",
    "Value A (\\d+)\n\nStart\n  ^a ${A}\n  ^stop -> End\n",
    "a 1\nstop\na 2",
    [],
  ),
  one("EOF as a target stops and records", "Value A (\\d+)\n\nStart\n  ^a ${A}\n  ^stop -> EOF\n", "a 1\nstop\na 2", [
    ["1"],
  ]),
  one(
    "Required leaves a row out and clears it",
    "Value Required A (\\d+)\nValue B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n  ^r -> Record\n",
    "b 1\nr\na 2\nr",
    [["2", ""]],
  ),
  one(
    "Filldown goes on into the next rows, also after a row that was left out",
    "Value Filldown A (\\w+)\nValue Required B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n  ^r -> Record\n",
    "a x\nb 1\nr\nb 2",
    [
      ["x", "1"],
      ["x", "2"],
    ],
  ),
  one(
    "a filled down value alone is a row at the end",
    "Value Filldown A (\\w+)\nValue B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n",
    "a x\nb 1",
    [
      ["x", "1"],
      ["x", ""],
    ],
  ),
  one(
    "Clear keeps what is filled down, Clearall does not",
    "Value Filldown A (\\w+)\nValue B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n  ^c -> Clear\n  ^d -> Clearall\n  ^r -> Record\n",
    "a x\nb 1\nc\nr\nb 2\nd\nb 3\nr",
    [
      ["x", ""],
      ["", "3"],
    ],
  ),
  one(
    "Fillup fills the rows above until one that has a value",
    "Value Fillup A (\\w+)\nValue B (\\d+)\n\nStart\n  ^b ${B} -> Record\n  ^a ${A} ${B} -> Record\n",
    "a x 1\nb 2\nb 3\na y 4",
    [
      ["x", "1"],
      ["y", "2"],
      ["y", "3"],
      ["y", "4"],
    ],
  ),
  one(
    "List gathers, and starts anew after a row",
    "Value List A (\\d+)\nValue B (\\w+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n",
    "a 1\na 2\nb x\na 3\nb y",
    [
      [["1", "2"], "x"],
      [["3"], "y"],
    ],
  ),
  one(
    "List and Filldown together go on gathering",
    "Value List,Filldown A (\\d+)\nValue B (\\w+)\n\nStart\n  ^a ${A}\n  ^b ${B} -> Record\n",
    "a 1\nb x\na 2\nb y",
    [
      [["1"], "x"],
      [["1", "2"], "y"],
      [["1", "2"], ""],
    ],
  ),
  one(
    "Required before List looks at the last entry",
    "Value Required,List A (\\d*)\n\nStart\n  ^a${A}\n  ^r -> Record\n",
    "a1\na\nr\na1\nr",
    [[["1"]]],
  ),
  one(
    "Required after List looks at the list",
    "Value List,Required A (\\d*)\n\nStart\n  ^a${A}\n  ^r -> Record\n",
    "a1\na\nr\nr",
    [[["1", ""]]],
  ),
  one(
    "named groups in a List become its entries",
    "Value List A ((?P<name>\\w+) is (?P<age>\\d+))\n\nStart\n  ^${A}\n",
    "Ann is 4\nBob is 5",
    [
      [
        [
          { name: "Ann", age: "4" },
          { name: "Bob", age: "5" },
        ],
      ],
    ],
  ),
  one(
    "Continue goes on with the same line in the same state",
    "Value A (\\d+)\nValue B (\\d+)\n\nStart\n  ^a ${A} -> Continue\n  ^a \\d+ b ${B} -> Record\n",
    "a 1 b 2",
    [["1", "2"]],
  ),
  one(
    "Continue.Record records before it goes on",
    "Value A (\\d+)\nValue B (\\w+)\n\nStart\n  ^a -> Continue.Record\n  ^a ${A}\n  ^b ${B}\n",
    "a 1\nb x\na 2\nb y",
    [
      ["1", "x"],
      ["2", "y"],
    ],
  ),
  one(
    "a rule may only lead to another state",
    "Value A (\\d+)\n\nStart\n  ^begin -> Body\n\nBody\n  ^${A} -> Record\n  ^end -> Start\n",
    "1\nbegin\n2\nend\n3",
    [["2"]],
  ),
  one(
    "an optional value that took no part leaves the row without it",
    "Value A (\\d+)\nValue B (\\w+)\n\nStart\n  ^a ${A}( ${B})? -> Record\n",
    "a 1\na 2 x",
    [
      ["1", ""],
      ["2", "x"],
    ],
  ),
  one(
    "a value that matched nothing is a row, one that took no part is none",
    "Value A (\\d*)\n\nStart\n  ^a(?: ${A})? -> Record\n",
    "a\na ",
    [[""]],
  ),
  one(
    "a value that may be empty in a group that may be left out is empty, not missing",
    "Value A (\\d*)\n\nStart\n  ^a(?:${A})? -> Record\n",
    "a",
    [[""]],
  ),
  one(
    "comments, tabs, one space before a rule, and $$",
    "# a comment\nValue A (\\$\\d+)\n# another\n\n# and one\nStart\n\t^a ${A}$$ -> Record\n # inside\n ^b $A -> Record\n",
    "a $1\na $2 \nb $3",
    [["$1"], ["$3"]],
  ),
  one(
    "lines end as Python's splitlines ends them",
    "Value A (\\w+)\n\nStart\n  ^${A} -> Record\n",
    "a\r\nb\rc\x0bd\x0ce\x1cf\x85g\u2028h",
    [["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]],
  ),
  one(
    "classes are Python's: digits and letters of any script, and its spaces",
    "Value D (\\d+)\nValue W (\\w+)\n\nStart\n  ^${D}\\s${W}$$ -> Record\n",
    "12\u00a0été\n٣\u2003Ж²\n1\ufeffa\n1\u001fb",
    [
      ["12", "été"],
      ["٣", "Ж²"],
      ["1", "b"],
    ],
  ),
];
