import { analyze } from "./analyze.ts";
import type { YamlNode } from "./represent.ts";
import { writeDoubleQuoted, writePlain, writeSingleQuoted } from "./scalars.ts";
import { YamlWriter } from "./writer.ts";

export type EmitOptions = {
  readonly indent: number;
  readonly width: number;
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
};

type Context = { mapping?: boolean; simpleKey?: boolean };
type Collection = Exclude<YamlNode, { type: "scalar" }>;

/** A key of more bytes than this is written behind a question mark. */
const MAX_SIMPLE_KEY = 128;

/** One document, laid out as PyYAML does with libyaml, which Ansible uses where it is there (as in every wheel of PyYAML). */
export function emitYaml(root: YamlNode, options: EmitOptions): string {
  const writer = new YamlWriter();
  const step = options.indent > 1 && options.indent < 10 ? options.indent : 2;
  const width = options.width > step * 2 ? options.width : 80;
  let flowLevel = 0;

  const emit = (node: YamlNode, context: Context): void => {
    if (node.type === "scalar") {
      inside(true, false, () => emitScalar(node, context));
    } else if (flowLevel > 0 || node.flow || isEmpty(node)) {
      emitFlow(node);
    } else if (node.type === "sequence") {
      // A sequence that is the value of a key starts where the key does.
      const indentless = context.mapping === true && !writer.indention;
      inside(false, indentless, () => emitBlockSequence(node.items));
    } else {
      inside(false, false, () => emitBlockMapping(node.pairs));
    }
  };

  const inside = (flow: boolean, indentless: boolean, write: () => void): void => {
    const before = writer.indent;
    if (before === undefined) writer.indent = flow ? step : 0;
    else if (!indentless) writer.indent = before + step;
    write();
    writer.indent = before;
  };

  const emitBlockSequence = (items: readonly YamlNode[]): void => {
    for (const item of items) {
      writer.writeIndent();
      writer.writeIndicator("-", true, { indention: true });
      emit(item, {});
    }
  };

  const emitBlockMapping = (pairs: readonly (readonly [YamlNode, YamlNode])[]): void => {
    for (const [key, value] of pairs) {
      writer.writeIndent();
      if (isSimpleKey(key)) {
        emit(key, { mapping: true, simpleKey: true });
        writer.writeIndicator(":", false);
      } else {
        writer.writeIndicator("?", true, { indention: true });
        emit(key, { mapping: true });
        writer.writeIndent();
        writer.writeIndicator(":", true, { indention: true });
      }
      emit(value, { mapping: true });
    }
  };

  const breakWhenFull = (): void => {
    if (writer.column > width) writer.writeIndent();
  };

  const emitFlow = (node: Collection): void => {
    const [open, close] = node.type === "sequence" ? ["[", "]"] : ["{", "}"];
    writer.writeIndicator(open, true, { whitespace: true });
    flowLevel++;
    inside(true, false, () => {
      const writers =
        node.type === "sequence"
          ? node.items.map((item) => () => emit(item, {}))
          : node.pairs.map((pair) => () => emitFlowPair(pair));
      for (const [i, write] of writers.entries()) {
        if (i > 0) writer.writeIndicator(",", false);
        breakWhenFull();
        write();
      }
    });
    flowLevel--;
    writer.writeIndicator(close, false);
  };

  const emitFlowPair = ([key, value]: readonly [YamlNode, YamlNode]): void => {
    if (isSimpleKey(key)) {
      emit(key, { mapping: true, simpleKey: true });
      writer.writeIndicator(":", false);
    } else {
      writer.writeIndicator("?", true);
      emit(key, { mapping: true });
      breakWhenFull();
      writer.writeIndicator(":", true);
    }
    emit(value, { mapping: true });
  };

  const emitScalar = (node: YamlNode & { type: "scalar" }, context: Context): void => {
    const { text } = node;
    const analysis = analyze(text);
    const asKey = context.simpleKey === true;
    const plainFits = flowLevel > 0 ? analysis.plainInFlow : analysis.plainInBlock;
    const mayBreak = !asKey;
    if (node.mayBePlain && plainFits && !(asKey && (text === "" || analysis.multiline))) {
      writePlain(writer, text, mayBreak ? width : undefined);
    } else if (analysis.singleQuoted && !(asKey && analysis.multiline)) {
      writeSingleQuoted(writer, text, mayBreak ? width : undefined);
    } else {
      writeDoubleQuoted(writer, text, mayBreak ? width : undefined);
    }
  };

  if (options.explicitStart) {
    writer.writeIndent();
    writer.writeIndicator("---", true);
  }
  emit(root, {});
  writer.writeIndent();
  if (options.explicitEnd) {
    writer.writeIndicator("...", true);
    writer.writeIndent();
  }
  return writer.text();
}

const isEmpty = (node: Collection): boolean => (node.type === "sequence" ? node.items : node.pairs).length === 0;

function isSimpleKey(node: YamlNode): boolean {
  if (node.type !== "scalar") return isEmpty(node);
  return new TextEncoder().encode(node.text).length <= MAX_SIMPLE_KEY && !analyze(node.text).multiline;
}
