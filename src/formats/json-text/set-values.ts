import { editText, type TextEdit } from "../text/edit-text.ts";
import { type JSONPath, type LocatedValue, locateValues } from "./locate-values.ts";

/** New values by their path in an object. */
export type NewValues = readonly (readonly [path: JSONPath, value: unknown])[];

/** How the text around a value is set. */
interface Setting {
  /** Between two entries: a comma and white space. */
  readonly separator: string;
  /** Between a key and its value. */
  readonly colon: string;
}

/**
 * The text of an object with some of its values replaced, and those that it lacks added at its end. New text is set
 * as the text that it replaces: in lines or not, with spaces or not.
 *
 * @param text strict JSON, an object; a piece of a larger text keeps the indentation that it had there
 */
export function setValues(text: string, values: NewValues): string {
  const entries = locateValues(text, (path) => path.length === 1, 1);
  const setting = settingOf(text, entries);
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const key of new Set(values.map(([path]) => path[0]!))) {
    const inside = values
      .filter(([path]) => path[0] === key)
      .map(([path, value]) => [path.slice(1), value] as const);
    const entry = entries.find(({ path }) => path[0] === key);
    const old = entry === undefined ? undefined : text.slice(entry.start, entry.end);
    const fresh = newText(old, inside, setting);
    if (entry !== undefined) edits.push({ start: entry.start, end: entry.end, text: fresh });
    else added.push(`${JSON.stringify(key)}${setting.colon}${fresh}`);
  }
  const last = entries.at(-1);
  const at = last?.end ?? 1;
  const lead = last === undefined ? "" : setting.separator;
  if (added.length > 0) edits.push({ start: at, end: at, text: lead + added.join(setting.separator) });
  return editText(text, edits);
}

function newText(old: string | undefined, values: NewValues, { separator }: Setting): string {
  const whole = values.find(([path]) => path.length === 0);
  if (whole !== undefined) return printJSON(whole[1], old, separator);
  return setValues(old?.startsWith("{") ? old : "{}", values);
}

function settingOf(text: string, entries: readonly LocatedValue[]): Setting {
  const [first, second] = entries;
  const before = first === undefined ? "" : text.slice(1, first.start);
  const colon = /"(\s*:\s*)$/.exec(before)?.[1] ?? ": ";
  if (first === undefined || second === undefined)
    return { separator: `,${leadingSpace(before) || " "}`, colon };
  const between = text.slice(first.end, second.start);
  return { separator: /^\s*,\s*/.exec(between)?.[0] ?? ", ", colon };
}

function leadingSpace(text: string): string {
  return /^\s*/.exec(text)![0];
}

/** JSON set as the old value is: each level of lists in lines where the old one's is. */
function printJSON(value: unknown, old: string | undefined, separator: string): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const lineBreak = /\r?\n/.exec(separator)?.[0];
  const indent = lineBreak === undefined ? "" : separator.slice(separator.lastIndexOf("\n") + 1);
  const sample = old?.startsWith("[") && !/^\[\s*\]$/.test(old) ? old : undefined;
  if (sample === undefined)
    return printList(value, { levels: [], comma: ", ", lineBreak: "", indent, unit: "" });
  const opening = /^[[\s]+/.exec(sample)![0];
  const spaces = opening.split("[").slice(1);
  return printList(value, {
    levels: spaces.map((space) => space.includes("\n")),
    comma: /[^\s\]],[ \t]*/.exec(sample.slice(opening.length))?.[0].slice(1) ?? ", ",
    lineBreak: /\r?\n/.exec(sample)?.[0] ?? "",
    indent,
    unit: unitOf(spaces, indent),
  });
}

/** White space that one more level adds. */
function unitOf(spaces: readonly string[], indent: string): string {
  const first = spaces.findIndex((space) => space.includes("\n"));
  if (first < 0) return "";
  const inner = spaces[first]!.slice(spaces[first]!.lastIndexOf("\n") + 1);
  return inner.startsWith(indent) ? inner.slice(indent.length) : inner;
}

interface ListStyle {
  /** For each level of lists: whether its values stand in lines of their own. */
  readonly levels: readonly boolean[];
  /** Between values on one line. */
  readonly comma: string;
  readonly lineBreak: string;
  readonly indent: string;
  readonly unit: string;
}

function printList(value: unknown, style: ListStyle): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const [inLines, ...levels] = style.levels;
  const inner = { ...style, levels, indent: inLines ? style.indent + style.unit : style.indent };
  const items = value.map((item) => printList(item, inner));
  if (!inLines || items.length === 0) return `[${items.join(style.comma)}]`;
  const start = style.lineBreak + inner.indent;
  return `[${start}${items.join(`,${start}`)}${style.lineBreak}${style.indent}]`;
}
