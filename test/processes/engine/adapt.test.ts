/** IoU adaption through the engine process. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EngineParams } from "../../../src/extension/engine/mod.ts";
import { EngineBuild } from "./engine-build.ts";
import { smallDataset } from "./small-dataset.ts";

const method = { preset: "fast", settings: {}, mode: "auto" } as const;
let build: EngineBuild;
let data: string;
let choice: EngineParams<"adapt/start">;
beforeAll(async () => {
  build = await EngineBuild.build("adapt");
  data = await smallDataset(build.path("data"), 4);
  choice = { sources: [data], method, name: "mugs", file: build.path("adaptors/mugs.safetensors") };
});
afterAll(() => build.remove());

it("trains, tells how well that does, and what is refined with it names it", async () => {
  const { engine } = build.engine();
  const stages = new Set<string>();
  const view = await engine.request("adapt/start", choice, { onProgress: ({ stage }) => stages.add(stage) });
  expect(view).toMatchObject({
    file: choice.file,
    photos: { train: 3, heldOut: 1 },
    regions: 4,
    failures: [],
  });
  expect([...stages]).toEqual(expect.arrayContaining(["refine", "train"]));
  // One photo says nothing about others.
  expect([view.recommended, view.reason]).toEqual([false, expect.stringContaining("too few")]);
  for (const { mask, photo } of view.examples)
    expect([mask, photo].every((path) => existsSync(path))).toBe(true);
  const adapted = { ...method, adaptor: choice.file };
  const mask = join(data, "masks", "p0.png");
  const { view: shown } = await engine.request("session/open", { sources: [mask], method: adapted });
  expect(shown).toMatchObject({ method: adapted, resolved: { selection: "combined" } });
  const out = build.path("refined");
  const journal = join(out, "samrefiner-run.jsonl");
  await engine.request("run/start", { sources: [data], method: adapted, out, journal, resume: false });
  expect((await engine.request("review/open", { journal })).method.adaptor).toBe(choice.file);
});

it("that is stopped writes nothing, and goes on from what was decoded", async () => {
  const { engine } = build.engine({ cacheDir: build.path("cache-stopped") });
  const controller = new AbortController();
  const file = build.path("adaptors/stopped.safetensors");
  const stopped = engine.request(
    "adapt/start",
    { ...choice, file },
    {
      signal: controller.signal,
      onProgress: ({ stage, done }) => {
        if (stage === "refine" && done === 1) controller.abort();
      },
    },
  );
  await expect(stopped).rejects.toThrow();
  expect(existsSync(file)).toBe(false);
  const view = await engine.request("adapt/start", { ...choice, file });
  expect([view.regions, existsSync(file)]).toEqual([4, true]);
});

it("refuses what there is nothing to learn from", async () => {
  const { engine } = build.engine();
  const nothing = { ...choice, sources: [join(data, "images")], file: build.path("none.safetensors") };
  await expect(engine.request("adapt/start", nothing)).rejects.toMatchObject({ kind: "InputError" });
  expect(existsSync(nothing.file)).toBe(false);
  const missing = { ...method, adaptor: build.path("missing.safetensors") };
  const sources = [join(data, "masks", "p0.png")];
  await expect(engine.request("session/open", { sources, method: missing })).rejects.toThrow(
    /missing\.safetensors/,
  );
});
