/** The plugin in TypeScript's own server, started as VS Code starts it, with the cells of a notebook. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { putPlugin } from "../../../scripts/package/put-plugin.mjs";

const project = join(import.meta.dirname, "../../..");
const SDK = `/** Makes a mask precise. */
export declare function refine(image: string): Promise<Result>;
export interface Result { readonly verdict: "refined" | "kept" }
export declare function elsewhere(): void;
`;

let home = "";
let server: Server;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "samrefiner-tsserver-"));
  await build({
    entryPoints: [join(project, "src/processes/typescript-plugin/plugin.ts")],
    outfile: join(home, "dist/typescript-plugin.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    footer: { js: "module.exports = module.exports.default;" },
  });
  await putPlugin(home);
  mkdirSync(join(home, "dist/types/src/sdk"), { recursive: true });
  writeFileSync(join(home, "dist/types/src/sdk/mod.d.ts"), SDK);
  mkdirSync(join(home, "work"));
  writeFileSync(join(home, "work/helper.ts"), "export const half = (n: number): number => n / 2;\n");
  server = new Server(home);
});
afterAll(() => {
  server?.end();
  rmSync(home, { recursive: true, force: true });
});

/** A conversation with the server. */
class Server {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (body: unknown) => void>();
  #sequence = 0;

  constructor(home: string) {
    const program = join(project, "node_modules/typescript/lib/tsserver.js");
    const plugin = ["--globalPlugins", "samrefiner-typescript-plugin", "--pluginProbeLocations", home];
    const quiet = ["--useInferredProjectPerProjectRoot", "--disableAutomaticTypingAcquisition"];
    this.#process = spawn(process.execPath, [program, ...plugin, ...quiet], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface(this.#process.stdout!).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const {
        type,
        request_seq: to,
        body,
      } = JSON.parse(line) as {
        type: string;
        request_seq: number;
        body: unknown;
      };
      if (type === "response") this.#waiting.get(to)?.(body);
    });
  }

  send(command: string, args: object): number {
    const seq = ++this.#sequence;
    this.#process.stdin!.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  ask<T>(command: string, args: object): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.set(this.send(command, args), (body) => resolve(body as T));
    });
  }

  end(): void {
    this.#process.kill();
  }
}

let notebooks = 0;
let notebook = "";
beforeEach(() => {
  notebook = `^/vscode-notebook-cell/ts-nul-authority${join(home, "work")}/${++notebooks}.ipynb`;
});

/** Opens cells and returns their names. */
function open(...cells: readonly string[]): string[] {
  const options = {
    target: "ES2022",
    module: "Preserve",
    moduleResolution: "Bundler",
    strictNullChecks: true,
  };
  server.send("compilerOptionsForInferredProjects", { options });
  return cells.map((fileContent, i) => {
    const file = `${notebook}#W${i}sZmlsZQ==`;
    server.send("open", { file, fileContent, projectRootPath: join(home, "work"), scriptKindName: "TS" });
    return file;
  });
}

async function typeAt(file: string, line: number, offset: number): Promise<string> {
  const { displayString } = await server.ask<{ displayString: string }>("quickinfo", { file, line, offset });
  return displayString;
}

async function suggestions(file: string, line: number, offset: number): Promise<string[]> {
  const wanted = { file, line, offset, includeExternalModuleExports: true };
  const found = await server.ask<{ entries: { name: string }[] } | undefined>("completionInfo", wanted);
  return found?.entries.map(({ name }) => name) ?? [];
}

describe("cells", () => {
  it("know the SDK without an install, with its documentation", async () => {
    const [cell] = open('import { refine } from "samrefiner";\nconst result = await refine("a");\nresult.');
    expect(await suggestions(cell!, 3, 8)).toEqual(["verdict"]);
    const { documentation } = await server.ask<{ documentation: string }>("quickinfo", {
      file: cell,
      line: 2,
      offset: 24,
    });
    expect(documentation).toBe("Makes a mask precise.");
  });

  it("know what earlier cells declare and import, and what later ones do", async () => {
    const [, second] = open(
      'import { refine } from "samrefiner";\nconst [{ length }, two] = ["a", 2] as const;\ntype Pair = [1, 2];',
      "refine;\nlength;\ntwo;\nlater;\nlet pair: Pair;",
      "class later {}",
    );
    expect(await typeAt(second!, 1, 1)).toContain("refine(image: string): Promise<Result>");
    expect(await typeAt(second!, 2, 1)).toContain("const length: number");
    expect(await typeAt(second!, 3, 1)).toContain("const two: 2");
    expect(await typeAt(second!, 4, 1)).toContain("class later");
    expect(await typeAt(second!, 5, 5)).toContain("let pair: Pair");
  });

  it("take the nearest of several declarations, their own before all", async () => {
    const [, second, third] = open("const a = 1;\nconst b = 1;", 'const a = "x";\na;\nb;', "a;");
    expect(await typeAt(second!, 2, 1)).toBe('const a: "x"');
    expect(await typeAt(second!, 3, 1)).toContain("const b: 1");
    expect(await typeAt(third!, 1, 1)).toContain('const a: "x"');
  });

  it("know each other in a notebook that was never saved, which has no folder", async () => {
    notebook = "^/vscode-notebook-cell/ts-nul-authority/Untitled-1.ipynb";
    const [first, second] = ["const a = 1;", "a;"].map((fileContent, i) => {
      const file = `${notebook}#X${i}sdW50aXRsZWQ=`;
      server.send("open", { file, fileContent, scriptKindName: "TS" });
      return file;
    });
    expect(await typeAt(second!, 1, 1)).toContain("const a: 1");
    const all = { file: first, line: 1, offset: 1, endLine: 1, endOffset: 13 };
    server.send("change", { ...all, insertString: "const a = true;" });
    expect(await typeAt(second!, 1, 1)).toContain("const a: true");
  });

  it("follow changes of other cells", async () => {
    const [first, second] = open("const a = 1;", "a;");
    expect(await typeAt(second!, 1, 1)).toContain("const a: 1");
    const all = { file: first, line: 1, offset: 1, endLine: 1, endOffset: 13 };
    server.send("change", { ...all, insertString: "const a = true;" });
    expect(await typeAt(second!, 1, 1)).toContain("const a: true");
  });

  it("import from the notebook's folder", async () => {
    const [cell] = open('import { half } from "./helper.ts";\nhalf;');
    expect(await typeAt(cell!, 2, 1)).toContain("const half: (n: number) => number");
  });

  it("are given display and signal, unless they have their own", async () => {
    const [first, second] = open("signal;\ndisplay;", "const display = 5;\ndisplay;");
    expect(await typeAt(first!, 1, 1)).toBe("const signal: AbortSignal");
    expect(await typeAt(second!, 2, 1)).toBe("const display: 5");
  });

  it("show nothing of what makes modules of them", async () => {
    const [first, second] = open("const a = 1;", "a;\na;");
    const at = { file: second, line: 1, offset: 1 };
    const { refs } = await server.ask<{ refs: { file: string; start: { line: number } }[] }>(
      "references",
      at,
    );
    expect(refs.map(({ file, start }) => [file, start.line])).toEqual(
      expect.arrayContaining([
        [first, 1],
        [second, 1],
        [second, 2],
      ]),
    );
    expect(refs).toHaveLength(3);
    const { definitions } = await server.ask<{ definitions: { file: string }[] }>(
      "definitionAndBoundSpan",
      at,
    );
    expect(definitions.map(({ file }) => file)).toEqual([first]);
    const tree = await server.ask<{ childItems?: object[] }>("navtree", { file: second });
    expect(tree.childItems ?? []).toEqual([]);
    for (const command of [
      "semanticDiagnosticsSync",
      "syntacticDiagnosticsSync",
      "suggestionDiagnosticsSync",
    ])
      expect(await server.ask(command, { file: second })).toEqual([]);
  });

  it("import nothing by themselves, and of other notebooks they know nothing", async () => {
    open("const private1 = 1;");
    notebook = notebook.replace(".ipynb", "b.ipynb");
    const [cell] = open("1;\n");
    const names = await suggestions(cell!, 2, 1);
    expect(names).toContain("signal");
    expect(names).not.toContain("private1");
    expect(names).not.toContain("elsewhere");
  });
});

it("other files are as without it", async () => {
  const file = join(home, "work/plain.ts");
  server.send("open", {
    file,
    fileContent: 'import "samrefiner";\ndisplay;',
    projectRootPath: join(home, "work"),
  });
  const found = await server.ask<{ code: number }[]>("semanticDiagnosticsSync", { file });
  expect(found.map(({ code }) => code).sort()).toEqual([2304, 2882]);
});
