import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KernelBuild, newerNode, type TestKernel } from "./kernel-build.ts";

const sample = fileURLToPath(new URL("../../../examples/sample/", import.meta.url));
let build: KernelBuild;

beforeAll(async () => {
  build = await KernelBuild.build("kernel");
}, 60_000);

afterAll(() => build[Symbol.asyncDispose]());

const nodes: [string, string | undefined][] = [
  [`this Node (${process.versions.node})`, process.execPath],
  ["the Node of the VS Code that tests drive", newerNode],
];

describe.each(nodes)("%s", (name, node) => {
  if (node === undefined) {
    test.skip(`${name} is not installed: node scripts/vscode-host.mjs`, () => {});
    return;
  }
  let kernel: TestKernel;

  beforeEach(async () => {
    kernel = await build.start(node);
  }, 30_000);

  afterEach(() => kernel.process.end());

  test("greets with its version", () => {
    expect(kernel.process.greeting.node).toBe(
      execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim(),
    );
  });

  test("variables stay, const and class may be declared again", async () => {
    await kernel.cell("const a: number = 1; class A { x = 1; } function f() { return 1; }");
    await kernel.cell("const a = 20; class A { x = 2; } function f() { return 300; }");
    expect(await kernel.value("a + f() + new A().x")).toBe("322");
  });

  test("await at the top level", async () => {
    expect(await kernel.value("const b = await Promise.resolve(5); b + (await (async () => 1)())")).toBe("6");
  });

  test("a cell without a value shows nothing", async () => {
    await kernel.cell("const nothing = 1;");
    await kernel.cell("undefined");
    expect(kernel.outputs).toEqual([]);
  });

  test("imports are kept for later cells, also of files and TypeScript modules beside the notebook", async () => {
    writeFileSync(
      build.path("helper.ts"),
      "import { base } from './base.mjs';\nexport const twice = (n: number): number => base + n * 2;\n",
    );
    writeFileSync(build.path("base.mjs"), "export const base = 100;\n");
    writeFileSync(build.path("data.json"), '{ "n": 7 }');
    await kernel.cell(
      'import fs, { existsSync as is } from "node:fs";\nimport * as path from "node:path";\nimport { twice } from "./helper.ts";\nimport data from "./data.json" with { type: "json" };',
    );
    expect(
      await kernel.value("[twice(data.n), path.join('a', 'b'), is('data.json'), fs.existsSync('nowhere')]"),
    ).toBe("[ 114, 'a/b', true, false ]");
    expect(await kernel.value("(await import('./base.mjs')).base")).toBe("100");
    expect(await kernel.value("import.meta.dirname === process.cwd() && require('./data.json').n")).toBe("7");
  });

  test("packages of the workspace are found from the notebook's folder", async () => {
    mkdirSync(build.path("node_modules/small"), { recursive: true });
    writeFileSync(
      build.path("node_modules/small/package.json"),
      '{ "name": "small", "type": "module", "exports": "./small.js" }',
    );
    writeFileSync(build.path("node_modules/small/small.js"), "export default 'small one';");
    await kernel.cell('import small from "small";');
    expect(await kernel.value("small")).toBe("'small one'");
    const missing = await kernel.cell('import other from "other-one";');
    expect(missing).toMatchObject({
      status: "error",
      error: { message: expect.stringContaining("other-one") },
    });
  });

  test("the SDK is there without an install, and refines the sample", async () => {
    await kernel.cell(
      'import { createRefiner, maskIoU } from "samrefiner";\nconst refiner = await createRefiner({ device: "cpu", threads: 1, cacheDir: null });',
    );
    const paths = `{ image: ${JSON.stringify(`${sample}photo.jpg`)}, mask: ${JSON.stringify(`${sample}mug_coarse.png`)} }`;
    const outcome = await kernel.cell(
      `const result = await refiner.refine(${paths}, { preset: "fast" });\nawait result.compare();`,
    );
    expect(outcome).toEqual({ status: "ok" });
    const shown = kernel.outputs.at(-1)?.output;
    const png = Buffer.from(String(shown?.kind === "display" && shown.data["image/png"]), "base64");
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect(png.length).toBeGreaterThan(10_000);
    expect(await kernel.value("result.regions[0].verdict")).toBe("'refined'");
  }, 60_000);

  test("values draw themselves, bytes of pictures are pictures", async () => {
    await kernel.cell(
      '({ async [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>1</b>", "image/png": new Uint8Array([1, 2, 3]) }; } })',
    );
    await kernel.cell("new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0])");
    await kernel.cell("new Uint8Array([1, 2])");
    const data = kernel.outputs.map(({ output }) => (output.kind === "display" ? output.data : {}));
    expect(data[0]).toEqual({ "text/html": "<b>1</b>", "image/png": "AQID" });
    expect(data[1]).toMatchObject({ "image/png": "iVBORw0KGgoA" });
    expect(Object.keys(data[2] ?? {})).toEqual(["text/plain"]);
  });

  test("display shows now, in order with what is printed, and replaces by id", async () => {
    await kernel.cell(
      'console.log("a"); display(1, { id: "p" }); console.log("b"); display({ "text/html": "<i>2</i>" }, { id: "p", raw: true }); console.error("c");',
    );
    expect(
      kernel.outputs.map(({ output }) =>
        output.kind === "stream" ? `${output.name} ${output.text}` : output.displayId,
      ),
    ).toEqual(["stdout a\n", "p", "stdout b\n", "p", "stderr c\n"]);
  });

  test("failing displays fail their cell", async () => {
    const outcome = await kernel.cell('({ [Symbol.for("Jupyter.display")]: () => 5 })');
    expect(outcome).toMatchObject({ error: { message: "A display is 5: expected values by mime type" } });
  });

  test("stacks name cells, lines and columns as written, and nothing of the kernel", async () => {
    await kernel.cell(
      "interface A {\n  b: string;\n}\nfunction fail(a: A): never {\n  throw new TypeError(a.b);\n}",
    );
    const outcome = await kernel.cell('\nfail({ b: "boom" } satisfies A as A);');
    expect(outcome).toEqual({
      status: "error",
      error: {
        name: "TypeError",
        message: "boom",
        stack: "TypeError: boom\n    at fail (cell-1.ts:5:9)\n    at cell-2.ts:2:1",
      },
    });
  });

  test("causes are told, and values that are no errors", async () => {
    const outcome = await kernel.cell('throw new Error("outer", { cause: new Error("inner") });');
    expect(outcome.status === "error" && outcome.error.stack).toMatch(
      /^Error: outer\n.*\[cause\]: Error: inner\n {6}at cell-1\.ts:1:\d+\n\}$/s,
    );
    expect(await kernel.cell("throw 5")).toMatchObject({ error: { name: "Uncaught", message: "5" } });
    expect(await kernel.cell("throw undefined")).toMatchObject({
      error: { name: "Uncaught", message: "undefined" },
    });
  });

  test("mistakes are told with their place, TypeScript's and V8's", async () => {
    expect(await kernel.cell("const a = 1;\nconst b = ;")).toMatchObject({
      error: { name: "SyntaxError", stack: "SyntaxError: Expression expected.\n    at cell-1.ts:2:11" },
    });
    expect(await kernel.cell("let c;\nlet c;")).toMatchObject({
      error: { stack: "SyntaxError: Identifier 'c' has already been declared\n    at cell-2.ts:2:5" },
    });
  });

  test.each([
    ["a busy loop", "while (true);"],
    ["a loop that catches everything", "while (true) { try { while (true); } finally { continue; } }"],
    ["a loop of promises", "while (true) await null;"],
    ["a busy timer", "await new Promise(() => setTimeout(() => { while (true); }, 1));"],
    ["a wait for ever", "await new Promise(() => {});"],
  ])("%s is interrupted, and cells run again", async (_, code) => {
    expect(await kernel.interrupted(code)).toEqual({ status: "interrupted" });
    expect(await kernel.value("1 + 1")).toBe("2");
    expect(await kernel.interrupted(code)).toEqual({ status: "interrupted" });
    expect(await kernel.value("2 + 1")).toBe("3");
  });

  test("an interrupt aborts the cell's signal first, and the next cell has another", async () => {
    const outcome = await kernel.interrupted(
      "await new Promise((_, reject) => signal.addEventListener('abort', () => { console.log('tidied up'); reject(signal.reason); }));",
    );
    expect(outcome).toEqual({ status: "interrupted" });
    expect(kernel.printed()).toBe("tidied up\n");
    expect(await kernel.value("signal.aborted")).toBe("false");
  });

  test("an interrupt with nothing to interrupt is no harm", async () => {
    expect(await kernel.process.interrupt()).toBe(false);
    expect(await kernel.value("1")).toBe("1");
  });

  test("an abandoned cell that is collected as garbage takes nothing down", async () => {
    await kernel.cell(
      'import v8 from "node:v8"; import vm from "node:vm"; v8.setFlagsFromString("--expose-gc"); const gc = vm.runInNewContext("gc");',
    );
    await kernel.interrupted("await (async () => { await new Promise(() => {}); })();", 50);
    await kernel.cell(
      "for (let i = 0; i < 5; i++) { gc(); await new Promise((done) => setTimeout(done, 5)); }",
    );
    expect(await kernel.value("1")).toBe("1");
  });

  test("what fails after its cell is told, and ends nothing", async () => {
    await kernel.cell(
      'Promise.reject(new Error("nobody")); setTimeout(() => { throw new Error("late"); }, 5);',
    );
    await kernel.cell("await new Promise((done) => setTimeout(done, 50));");
    expect(kernel.printed("stderr")).toContain(
      "Uncaught (in promise) Error: nobody\n    at cell-1.ts:1:16\n",
    );
    expect(kernel.printed("stderr")).toMatch(/Uncaught Error: late\n {4}at Timeout.*\(cell-1\.ts:1:\d+\)\n/);
    expect(await kernel.value("1")).toBe("1");
  });

  test("a cell that exits ends the process; what it printed arrives", async () => {
    const gone = kernel.process.ended;
    void kernel.cell('console.log("x".repeat(1e6)); console.log("end"); process.exit(3);');
    expect(await gone).toBe("it ended with exit code 3");
    expect(kernel.printed()).toHaveLength(1e6 + 5);
  });

  test("big outputs arrive whole and in order", async () => {
    await kernel.cell('for (let i = 0; i < 20000; i++) console.log(i, "x".repeat(1000));');
    const lines = kernel.printed().trimEnd().split("\n");
    expect(lines.map((line) => Number(line.split(" ")[0]))).toEqual(
      Array.from({ length: 20000 }, (_, i) => i),
    );
    expect(kernel.outputs.length).toBeLessThan(2000);
  });

  test("a loop that prints is stopped and does not fill the memory", async () => {
    expect(await kernel.interrupted('while (true) console.log("x".repeat(10000));', 500)).toEqual({
      status: "interrupted",
    });
    expect(Number(await kernel.value("process.memoryUsage().rss"))).toBeLessThan(800e6);
  }, 30_000);

  test("completes by the values that there are, and calls nothing for it", async () => {
    await kernel.cell(
      "class A { get b() { called++; return 1; } c() {} } let called = 0; const list = [{ a: new A(), text: 'x' }];",
    );
    const names = async (before: string, after = ""): Promise<string[]> =>
      (await kernel.process.complete(before, after)).map(({ name, kind }) => `${kind} ${name}`);
    expect(await names("list[0].a.")).toEqual(["value b", "function c"]);
    expect(await names("list[0].text.")).toContain("function padStart");
    expect(await names("list[0].a.b.")).toEqual([]);
    expect(await names("nowhere.")).toEqual([]);
    expect(await names("lis")).toEqual(expect.arrayContaining(["value list", "value A", "function display"]));
    expect(await names("import { ", ' } from "samrefiner";')).toContain("function refine");
    expect(await kernel.value("called")).toBe("0");
    void kernel.cell("while (true);");
    expect((await names("nothing.")).length).toBe(0);
    await kernel.process.interrupt();
  });

  test("what child processes print is handed over", async () => {
    await kernel.cell(
      'import { spawnSync } from "node:child_process"; spawnSync(process.execPath, ["-e", "console.log(5)"], { stdio: "inherit" });',
    );
    await kernel.process.end();
    expect(kernel.lines).toContain("5");
  });

  test.runIf(process.platform === "linux")("nothing listens on a port", async () => {
    await kernel.cell("1");
    expect(listeningSockets(kernel.process.greeting.pid)).toEqual([]);
    await kernel.cell(
      'import net from "node:net"; const server = net.createServer().listen(0, "127.0.0.1"); await new Promise((done) => server.on("listening", done));',
    );
    expect(listeningSockets(kernel.process.greeting.pid)).toHaveLength(1);
  });
});

test("a kernel whose extension is gone ends itself, also in a busy loop", async () => {
  const kernel = await build.start();
  void kernel.cell("while (true);");
  const { pid } = kernel.process.greeting;
  await new Promise((resolve) => setTimeout(resolve, 100));
  kernel.process.disconnect();
  expect(await kernel.process.ended).toBe("it was ended by SIGKILL");
  expect(() => process.kill(pid, 0)).toThrow();
});

/** Inodes of a process's listening TCP sockets. */
function listeningSockets(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const rows = ["tcp", "tcp6"].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, "utf8").trim().split("\n").slice(1),
  );
  const columns = rows.map((row) => row.trim().split(/\s+/));
  return columns
    .filter(([, , , state]) => state === "0A")
    .flatMap((row) => (own.has(row[9] ?? "") ? [row[9] ?? ""] : []));
}
