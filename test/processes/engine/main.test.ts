/** The process itself: greeting, status, wrong messages, its end. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ENGINE_PROTOCOL, type EngineStatus } from "../../../src/protocol/engine.ts";
import { version } from "../../../src/sdk/mod.ts";
import { EngineBuild, lives } from "./engine-build.ts";
import { type RawMessage, RawProcess } from "./raw-process.ts";
import { smallDataset } from "./small-dataset.ts";

let build: EngineBuild;
const processes: RawProcess[] = [];

beforeAll(async () => {
  build = await EngineBuild.build("main");
});
afterEach(() => {
  for (const raw of processes.splice(0)) raw.end();
});
afterAll(() => build.remove());

function start(options: object | string = build.settings()): RawProcess {
  const raw = new RawProcess(build.program, options);
  processes.push(raw);
  return raw;
}

function ofRun(raw: RawProcess): RawMessage[] {
  return raw.messages.filter(({ method }) => method === "progress");
}

describe("greeting", () => {
  it("answers with the protocol, the probe's sum and the release", async () => {
    const probe = Uint8Array.from({ length: 300 }, (_, i) => i);
    const sum = probe.reduce((total, byte) => total + byte, 0);
    const { result } = await start().ask("hello", { protocol: ENGINE_PROTOCOL, probe });
    expect(result).toEqual({ protocol: ENGINE_PROTOCOL, sum, version });
  });

  it("refuses a probe that is no typed array any more", async () => {
    const { error } = await start().ask("hello", { protocol: ENGINE_PROTOCOL, probe: { 0: 1, 1: 2 } });
    expect(error?.message).toMatch(/no Uint8Array/);
  });

  it("needs no model and no worker thread", async () => {
    const raw = start({ device: "cpu", model: "/nowhere/model.json" });
    const { result } = await raw.ask("status", {});
    expect(result).toMatchObject({ state: "idle", pending: 0, pid: raw.child.pid, attempts: [] });
    expect((result as EngineStatus).memory).toBeGreaterThan(1e7);
  });

  it("loads next to nothing before it answers", async () => {
    // Most of it is package.json, for the release's number.
    expect(await staticBytes(build.program)).toBeLessThan(60_000);
    expect(await staticBytes(join(build.distFolder, "engine-worker.js"))).toBeGreaterThan(200_000);
  });

  it("is refused without a channel", () => {
    const { status, stderr } = spawnSync(process.execPath, [build.program, "{}"], { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/started by the extension/)]);
  });
});

describe("wrong messages", () => {
  it("do not hurt", async () => {
    const raw = start();
    const wrong = [1, "text", [], { id: 3 }, { jsonrpc: "2.0" }, { jsonrpc: "2.0", id: 77 }];
    for (const message of wrong) raw.send(message);
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (params, method) => {
        raw.send({ jsonrpc: "2.0", method: `$/${method}`, params });
      }),
    );
    raw.send({ jsonrpc: "2.0", method: "hello" });
    const { error } = await raw.ask("no/such", {});
    expect(error?.code).toBe(-32_601);
    expect((await raw.ask("status", {})).result).toMatchObject({ state: "idle", pending: 0 });
  });

  it("in place of parameters are answered as errors", async () => {
    const raw = start();
    for (const params of [{}, { sources: 3 }, { sources: [{}] }]) {
      const { error } = await raw.ask("plan", params);
      expect(error?.message).toBeTruthy();
    }
    const { error } = await raw.ask("plan", { sources: [] });
    expect([error?.code, error?.data]).toEqual([-32_000, { kind: "InputError" }]);
  });

  it("in place of settings end the process with the reason", async () => {
    const raw = start("{ no json");
    raw.send({ jsonrpc: "2.0", id: 1, method: "plan", params: { sources: [] } });
    expect(await raw.ended()).toEqual([1, null]);
    expect(raw.stderr).toMatch(/JSON/);
    expect(raw.messages).toContainEqual(
      expect.objectContaining({ method: "log", params: expect.objectContaining({ level: "error" }) }),
    );
  });
});

describe("a model that cannot be opened", () => {
  it("is told in words, and the process lives on", async () => {
    const raw = start(build.settings({ model: build.path("missing.json") }));
    const data = await smallDataset(build.path("no-model"), 1);
    const run = await raw.ask("run/start", runOf(data));
    expect(run.error).toMatchObject({ code: -32_000, data: { kind: "ModelError" } });
    expect(run.error?.message).toContain("missing.json");
    expect((await raw.ask("status", {})).result).toMatchObject({
      state: "failed",
      error: run.error?.message,
    });
    expect((await raw.ask("plan", { sources: [data], token: "p" })).result).toMatchObject({ root: data });
  });

  it("or a device that is none", async () => {
    const raw = start(build.settings({ device: "abacus" }));
    const data = await smallDataset(build.path("no-device"), 1);
    const { error } = await raw.ask("run/start", runOf(data));
    expect(error).toMatchObject({
      data: { kind: "OptionError" },
      message: expect.stringContaining("abacus"),
    });
  });
});

describe("a busy process", () => {
  it("answers status before the work that was asked for earlier, and tells its states", async () => {
    const raw = start(build.settings({ cacheDir: build.path("cache-busy") }));
    const data = await smallDataset(build.path("busy"), 1);
    const order: string[] = [];
    const run = raw.ask("run/start", runOf(data)).then((answer) => {
      order.push("run");
      return answer;
    });
    await raw.until(({ method, params }) => method === "progress" && stageOf(params) === "encode");
    const { result } = await raw.ask("status", {});
    order.push("status");
    expect(result).toMatchObject({ state: "busy", pending: 1, device: "cpu", model: "minisam" });
    expect((await run).error).toBeUndefined();
    expect(order).toEqual(["status", "run"]);
    await raw.until(({ method, params }) => method === "status" && (params as EngineStatus).state === "idle");
    const states = raw.messages
      .filter(({ method }) => method === "status")
      .map(({ params }) => (params as EngineStatus).state);
    expect(states).toEqual(["busy", "loading", "busy", "idle"]);
  });
});

describe("its end", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("comes at once with %s, also when busy", async (signal) => {
    const raw = await busy(signal);
    const told = ofRun(raw).length;
    raw.child.kill(signal);
    expect(await raw.ended()).toEqual([null, "SIGKILL"]);
    // It did not finish its work first.
    expect(ofRun(raw).length - told).toBeLessThanOrEqual(1);
  });

  it("comes when the channel is closed, also when busy", async () => {
    const raw = await busy("disconnect");
    raw.child.disconnect();
    expect(await raw.ended()).toEqual([null, "SIGKILL"]);
  });

  it("comes when the parent was killed: no orphan is left", async () => {
    const script = build.path("parent.mjs");
    await writeFile(script, parentProgram);
    const data = await smallDataset(build.path("orphan"), 1);
    const settings = build.settings({ cacheDir: build.path("cache-orphan") });
    const args = [script, build.program, JSON.stringify(settings), JSON.stringify(runOf(data))];
    const parent = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(parent.stdout), "line")) as [string];
    const pid = Number(line);
    expect(lives(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => lives(pid), { timeout: 5000, interval: 20 }).toBe(false);
  });
});

/** Bytes of a program and of everything of ours that it imports before it runs. */
async function staticBytes(program: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(program)) return 0;
  seen.add(program);
  const text = await readFile(program, "utf8");
  const imported = [...text.matchAll(/^(?:import|export|\} from)[^;]*?"(\.\/[^"]+)"/gm)];
  const sizes = imported.map(([, name]) => staticBytes(join(dirname(program), name!), seen));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, text.length);
}

/** A process inside a run of several photos. */
async function busy(name: string): Promise<RawProcess> {
  const raw = start(build.settings({ cacheDir: build.path(`cache-${name}`) }));
  const data = await smallDataset(build.path(`end-${name}`), 3);
  raw.send({ jsonrpc: "2.0", id: 900, method: "run/start", params: runOf(data) });
  await raw.until(({ method, params }) => method === "progress" && stageOf(params) === "encode");
  return raw;
}

/** Starts an engine, makes it busy, and tells its process id. */
const parentProgram = `
import { spawn } from "node:child_process";
const [program, settings, run] = process.argv.slice(2);
const child = spawn(process.execPath, [program, settings], {
  stdio: ["ignore", "ignore", "inherit", "ipc"],
  serialization: "advanced",
});
child.on("message", ({ method, params }) => {
  if (method === "progress" && params.stage === "encode") console.log(child.pid);
});
child.send({ jsonrpc: "2.0", id: 1, method: "run/start", params: JSON.parse(run) });
`;

function stageOf(params: unknown): string {
  return (params as { stage: string }).stage;
}

function runOf(data: string): object {
  return {
    sources: [data],
    method: { preset: "default", settings: { iterations: 1, growth: "none" }, mode: "auto" },
    out: `${data}-refined`,
    journal: `${data}-refined/samrefiner-run.jsonl`,
    resume: false,
    token: "run",
  };
}
