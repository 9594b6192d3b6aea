import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { annotationFormats } from "../../src/formats/annotations/registry.ts";
import { deviceNames, presetNames, resolveSettings } from "../../src/sdk/mod.ts";

interface Schema {
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly scope?: string;
  readonly order?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Contribution {
  readonly command?: string;
  readonly when?: string;
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
    }[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly keybindings: readonly Contribution[];
    readonly customEditors: readonly { readonly priority: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Schema>> }[];
  };
}

const text = readFileSync("package.json", "utf8");
const { activationEvents, capabilities, contributes } = JSON.parse(text) as Manifest;
const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const properties = Object.assign({}, ...contributes.configuration.map((group) => group.properties)) as Record<
  string,
  Schema
>;

test("every text of the manifest is in package.nls.json, and nothing else is", () => {
  const used = [...text.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key);
  expect(Object.keys(texts).sort()).toEqual([...new Set(used)].sort());
});

test("texts of the extension are collected for translators", () => {
  expect(() => execFileSync("node", ["scripts/l10n.mjs", "--check"], { stdio: "pipe" })).not.toThrow();
});

test("commands have one category, and menus and keys name commands that exist", () => {
  expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(new Set(["SAMRefiner"]));
  const names = new Set(contributes.commands.map(({ command }) => command));
  const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
  for (const { command } of used) if (command?.startsWith("samrefiner.")) expect(names).toContain(command);
});

test("keys work only while something of ours is in front", () => {
  for (const { command, when } of contributes.keybindings)
    expect(when, command).toMatch(/samrefiner\.|focusedView/);
});

test("the preview never takes files away from another editor", () => {
  expect(contributes.customEditors.map(({ priority }) => priority)).toEqual(["option"]);
});

test("nothing is activated before it is used", () => {
  const used = /^(onWebviewPanel:samrefiner\..+|onNotebook:jupyter-notebook)$/;
  expect(activationEvents.filter((event) => !used.test(event))).toEqual([]);
});

test("choices are those of the SDK", () => {
  expect(properties["samrefiner.refine.preset"]?.enum).toEqual(presetNames);
  expect(properties["samrefiner.engine.device"]?.enum).toEqual(["auto", ...deviceNames]);
  const formats = annotationFormats.map(({ name }) => name);
  expect(properties["samrefiner.pairing.format"]?.enum).toEqual(["auto", "masks", ...formats]);
});

test("every setting has its place and a scope, every choice its words", () => {
  for (const [name, schema] of Object.entries(properties)) {
    expect(schema.order, name).toBeTypeOf("number");
    expect(schema.scope, name).toBe(name.startsWith("samrefiner.engine.") ? "machine" : "resource");
    const words = schema.enumDescriptions ?? schema.markdownEnumDescriptions;
    if (name !== "samrefiner.pairing.format") expect(words?.length, name).toBe(schema.enum?.length);
  }
});

test("an untrusted workspace chooses neither model nor program nor where files are replaced", () => {
  const paths = ["model", "encoderPath", "decoderPath", "nodePath"].map(
    (name) => `samrefiner.engine.${name}`,
  );
  const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
  expect(restrictedConfigurations).toEqual(expect.arrayContaining(paths));
  // Nor a folder outside of it, with files that are there already.
  const writing = ["samrefiner.refine.mirrorFolder", "samrefiner.refine.overwrite"];
  expect(restrictedConfigurations).toEqual(expect.arrayContaining(writing));
});

test("the method's switches are all there, with the ranges that the engine takes", () => {
  const switches = properties["samrefiner.refine.settings"]?.properties ?? {};
  const defaults = resolveSettings("default");
  expect(Object.keys(switches).sort()).toEqual(Object.keys(defaults).sort());
  for (const [name, { enum: choices = [], minimum, maximum }] of Object.entries(switches)) {
    const ends = [minimum, maximum].filter((end) => end !== undefined);
    for (const value of [...choices, ...ends])
      expect(() => resolveSettings("default", { [name]: value }), `${name}: ${value}`).not.toThrow();
    if (minimum !== undefined)
      expect(() => resolveSettings("default", { [name]: minimum - 0.01 }), name).toThrow();
    if (maximum !== undefined)
      expect(() => resolveSettings("default", { [name]: maximum + 1 }), name).toThrow();
  }
});
