/** The client with real processes: starting, crashing, restarting, ending. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngine, type EngineError } from "../../../src/extension/engine/mod.ts";
import { EngineBuild, lives, type Observed, sample } from "../../processes/engine/engine-build.ts";

const method = { preset: "default", settings: { iterations: 2, growth: "none" }, mode: "auto" } as const;
const mug = { sources: [sample("mug_coarse.png")], image: sample("photo.jpg"), method };
const fruit = { ...mug, sources: [sample("fruit_coarse.png")] };

let build: EngineBuild;
beforeAll(async () => {
  build = await EngineBuild.build("client");
});
afterAll(() => build.remove());

function pidOf({ engine }: Observed): number {
  return engine.state.process!.pid;
}

/** Opens a mask, and kills the process as soon as it refines. */
async function crash(observed: Observed, params: typeof mug): Promise<EngineError> {
  const opening = observed.engine.request("session/open", params, {
    onProgress: ({ stage }) => {
      if (stage === "encode" || stage === "refine") process.kill(pidOf(observed), "SIGKILL");
    },
  });
  return opening.then(
    () => Promise.reject(new Error("it was not killed")),
    (error: EngineError) => error,
  );
}

describe("starting", () => {
  it("happens with the first request, once for all", async () => {
    const { engine, states, log } = build.engine();
    expect(engine.state).toEqual({ state: "stopped" });
    const answers = await Promise.all([
      engine.request("status", {}),
      engine.request("plan", { sources: [sample("")] }),
      engine.request("status", {}),
    ]);
    expect(answers[0].pid).toBe(answers[2].pid);
    expect(states.filter(({ state }) => state === "starting")).toHaveLength(1);
    expect(engine.state).toMatchObject({ runtime: process.execPath, process: { pid: answers[0].pid } });
    expect(log[0]).toContain(`process ${answers[0].pid}`);
  });

  it("goes on to the next Node where one does not run, does not answer or is too old, and says why", async () => {
    const script = async (name: string, text: string): Promise<string> => {
      const path = build.path(name);
      await writeFile(path, `#!/bin/sh\n${text}\n`);
      await chmod(path, 0o755);
      return path;
    };
    const broken = [
      [build.path("missing"), /missing .*could not be started .*ENOENT/],
      [await script("old", "echo 'v12 is too old' >&2; exit 3"), /exit code 3: v12 is too old/],
      [
        // Its channel speaks JSON: typed arrays do not arrive as such.
        await script("json", `NODE_CHANNEL_SERIALIZATION_MODE=json exec '${process.execPath}' "$@"`),
        /json .*: /,
      ],
    ] as const;
    for (const [path, reason] of broken) {
      const { engine, log } = build.engine({}, { nodePath: () => path });
      expect((await engine.request("status", {})).state).toBe("idle");
      expect(log.find((line) => line.startsWith("warn"))).toMatch(reason);
      expect(engine.state.runtime).not.toBe(path);
      await engine.dispose();
    }
  });

  it("fails with every reason where nothing runs, and is tried again with the next request", async () => {
    const { engine } = build.engine({}, { distFolder: build.path("nothing-here") });
    const failed = engine.request("status", {});
    await expect(failed).rejects.toMatchObject({ kind: "StartError" });
    await expect(failed).rejects.toThrow(/could not be started.*Cannot find module/);
    expect(engine.state).toMatchObject({ state: "failed", reason: expect.stringContaining("Cannot find") });
    await expect(engine.request("status", {})).rejects.toMatchObject({ kind: "StartError" });
  });
});

describe("requests", () => {
  it("fail with the kind of the SDK's error and its sentence", async () => {
    const { engine } = build.engine();
    const missing = build.path("no-mask.png");
    await expect(engine.request("plan", { sources: [missing] })).rejects.toMatchObject({
      kind: "InputError",
      name: "InputError",
      message: expect.stringContaining(missing),
    });
    const settings = { ...method, settings: { lambda: "much" } } as unknown as typeof method;
    await expect(engine.request("session/open", { ...mug, method: settings })).rejects.toMatchObject({
      kind: "OptionError",
    });
    await expect(
      engine.request("session/choose", { session: 5, region: 0, choice: null }),
    ).rejects.toMatchObject({ kind: "SessionError" });
  });

  it("stop in the middle of a refinement, reject at once, and leave the engine working", async () => {
    const observed = build.engine({ cacheDir: build.path("cache-cancel") });
    const controller = new AbortController();
    const opening = observed.engine.request("session/open", mug, {
      signal: controller.signal,
      onProgress: ({ stage }) => stage === "encode" && controller.abort(new Error("not needed any more")),
    });
    await expect(opening).rejects.toThrow("not needed any more");
    const before = pidOf(observed);
    const { view } = await observed.engine.request("session/open", mug);
    expect(view.regions[0]?.verdict).toBe("refined");
    expect(pidOf(observed)).toBe(before);
    const none = observed.engine.request("status", {}, { signal: AbortSignal.abort(new Error("too late")) });
    await expect(none).rejects.toThrow("too late");
  });
});

describe("a process that is killed during a refinement", () => {
  it("is started again; who asked hears the file, and the next request works", async () => {
    const observed = build.engine({ cacheDir: build.path("cache-crash") });
    await observed.engine.request("status", {});
    const first = pidOf(observed);
    const error = await crash(observed, mug);
    expect(error).toMatchObject({ kind: "CrashError", file: mug.sources[0] });
    expect(error.message).toBe(
      `The engine ended unexpectedly while it worked on ${mug.sources[0]}: it was ended by SIGKILL`,
    );
    expect(observed.log).toContain(`error: ${error.message}`);
    const { session, view } = await observed.engine.request("session/open", mug);
    expect(view.regions[0]?.verdict).toBe("refined");
    expect(pidOf(observed)).not.toBe(first);
    expect(observed.states.filter(({ state }) => state === "starting")).toHaveLength(2);
    // Sessions of the process that ended are gone.
    process.kill(pidOf(observed), "SIGKILL");
    await expect.poll(() => observed.engine.state.state).toBe("stopped");
    await expect(
      observed.engine.request("session/pictures", { session, region: 0, iteration: 0 }),
    ).rejects.toMatchObject({ kind: "SessionError" });
  });

  it("twice in a row over one file is told, not tried for ever; other files and a restart go on", async () => {
    const observed = build.engine({ cacheDir: build.path("cache-twice") });
    await observed.engine.request("status", {});
    await crash(observed, mug);
    const second = await crash(observed, mug);
    expect(second.message).toMatch(
      /second time in a row; it is not tried again until the engine is restarted$/,
    );
    // Nothing is started by itself any more, and nothing is asked of a process in vain.
    expect(observed.engine.state).toMatchObject({ state: "failed", reason: second.message });
    await expect(observed.engine.request("session/open", mug)).rejects.toMatchObject({
      kind: "CrashError",
      file: mug.sources[0],
    });
    expect(observed.engine.state.state).toBe("failed");
    expect((await observed.engine.request("session/open", fruit)).view.regions).not.toHaveLength(0);
    await expect(observed.engine.request("session/open", mug)).rejects.toThrow(/twice in a row/);
    await observed.engine.restart();
    expect((await observed.engine.request("session/open", mug)).view.regions).not.toHaveLength(0);
  });
});

describe("ending", () => {
  it("leaves no process, answers who waits, and refuses later requests", async () => {
    const observed = build.engine({ cacheDir: build.path("cache-end") });
    await observed.engine.request("status", {});
    const pid = pidOf(observed);
    const asked = observed.engine.request("session/open", mug);
    asked.catch(() => undefined);
    await observed.engine.dispose();
    expect(lives(pid)).toBe(false);
    await expect(asked).rejects.toMatchObject({ kind: "StoppedError" });
    await expect(observed.engine.request("status", {})).rejects.toMatchObject({ kind: "StoppedError" });
  });

  it("also while the process is still starting", async () => {
    const observed = build.engine();
    const asked = observed.engine.request("status", {});
    asked.catch(() => undefined);
    await observed.engine.dispose();
    await expect(asked).rejects.toMatchObject({ kind: "StoppedError" });
    const started = observed.states.flatMap(({ process: told }) => told?.pid ?? []);
    expect(started.filter(lives)).toEqual([]);
  });

  it("a start that fails late does not make the client forget the process that came after it", async () => {
    const folder = build.path("slow");
    await mkdir(folder);
    const slow = "await new Promise((resolve) => setTimeout(resolve, 700)); process.exit(3);";
    await writeFile(join(folder, "engine.js"), slow);
    let distFolder = folder;
    const engine = createEngine({
      get distFolder() {
        return distFolder;
      },
      options: () => build.settings(),
      nodePath: () => process.execPath,
      log: () => undefined,
    });
    const first = engine.request("status", {});
    first.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    distFolder = build.distFolder;
    const restarted = engine.restart();
    const { pid } = await engine.request("status", {});
    await restarted;
    await expect(first).rejects.toMatchObject({ kind: "StoppedError" });
    expect((await engine.request("status", {})).pid).toBe(pid);
    expect(engine.state).toMatchObject({ process: { pid } });
    await engine.dispose();
    expect(lives(pid)).toBe(false);
  });

  it("restarts with the settings as they are now", async () => {
    let device = "abacus";
    const options = () => build.settings({ device });
    const observed = build.engine({}, { options });
    await expect(observed.engine.request("session/open", mug)).rejects.toMatchObject({ kind: "OptionError" });
    expect(observed.engine.state).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("abacus"),
    });
    const before = pidOf(observed);
    device = "cpu";
    await observed.engine.restart();
    expect(lives(before)).toBe(false);
    expect((await observed.engine.request("session/open", mug)).view.device).toBe("cpu");
  });
});
