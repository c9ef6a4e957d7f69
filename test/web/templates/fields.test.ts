import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fieldOf,
  fieldsOf,
  fieldsToYaml,
  readField,
  readFields,
  yamlToFields,
  yamlToJson,
} from "../../../web/src/features/templates/fields.ts";

describe("one field", () => {
  test("is not given when it is empty; an empty text is written as two quotes", () => {
    expect(readField({ kind: "string", text: "" })).toBeNull();
    expect(readField({ kind: "integer", text: "  " })).toBeNull();
    expect(readField({ kind: "list", text: "\n" })).toBeNull();
    expect(readField({ kind: "string", text: '""' })).toEqual({ json: '""' });
    expect(readField({ kind: "string", text: " two " })).toEqual({ json: '" two "' });
  });

  test("keeps the form of a number: 1.0 is no integer, and a large integer loses no digit", () => {
    expect(readField({ kind: "number", text: "1.0" })).toEqual({ json: "1.0" });
    expect(readField({ kind: "integer", text: "+007" })).toEqual({ json: "7" });
    expect(readField({ kind: "integer", text: "12345678901234567890" })).toEqual({ json: "12345678901234567890" });
    expect(readField({ kind: "list", text: "- 1.0\n- 12345678901234567890\n- 1" })).toEqual({
      json: "[1.0,12345678901234567890,1]",
    });
  });

  test.each([
    ["integer", "1.5", /integer/],
    ["number", "one", /number/],
    ["number", "007", /number/],
    ["boolean", "yes", /true or false/],
    ["list", "a: 1", /list/],
    ["object", "- a", /object/],
    ["object", "a: [1", /^line 1: /],
    ["list", "- .nan", /no number/],
  ] as const)("says what is wrong with %s %j", (kind, text, why) => {
    expect(readField({ kind, text })).toEqual({ error: expect.stringMatching(why) });
  });

  test("an alias is written out, and a bomb of them is refused", () => {
    expect(yamlToJson("a: &x [1]\nb: *x")).toEqual({ json: '{"a":[1],"b":[1]}' });
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++)
      bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]`);
    expect(yamlToJson(bomb.join("\n"))).toEqual({ error: expect.stringMatching(/million/) });
  });
});

test("any JSON that stands in a field is read back as the same JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const read = readField(fieldOf(json));
      expect(read !== null && "json" in read ? JSON.parse(read.json) : read).toEqual(JSON.parse(json));
    }),
  );
});

test("the form becomes one YAML text and comes back", () => {
  const fields = fieldsOf('{"asn":64510,"ratio":1.0,"name":"on","peers":[{"ip":"192.0.2.1","up":true}],"none":null}');
  const yaml = fieldsToYaml(fields);
  expect(yaml).toContain("ratio: 1.0");
  expect(yaml).toContain("- ip: 192.0.2.1");
  expect(yamlToFields(yaml)).toEqual({ fields });
  expect(readFields(fields).json).toBe(
    '{"asn":64510,"ratio":1.0,"name":"on","peers":[{"ip":"192.0.2.1","up":true}],"none":null}',
  );
});

test("what is wrong is told by name, and the rest is given", () => {
  const { json, given, errors } = readFields({
    asn: { kind: "integer", text: "x" },
    name: { kind: "string", text: "a" },
    left: { kind: "string", text: "" },
  });
  expect(json).toBe('{"name":"a"}');
  expect([...given]).toEqual(["name"]);
  expect(Object.keys(errors)).toEqual(["asn"]);
});
