/** What the status bar item says. */
import type { EngineState } from "../engine/mod.ts";
import type { Translate } from "../translate.ts";

/** The status bar item's contents. */
export interface StatusText {
  /** With an icon, so that colour is never the only sign. */
  readonly text: string;
  /** For screen readers: without the icon. */
  readonly label: string;
  readonly severity: "normal" | "error";
}

const DEVICES: Readonly<Record<string, string>> = {
  cpu: "CPU",
  cuda: "CUDA",
  coreml: "Core ML",
  dml: "DirectML",
  webgpu: "WebGPU",
};

/** A device as people write it. */
export function deviceName(device: string): string {
  return DEVICES[device] ?? device;
}

/** The item's text: device and state. */
export function statusText(engine: EngineState, t: Translate): StatusText {
  const [icon, words] = stateWords(engine, t);
  const severity = engine.state === "failed" ? "error" : "normal";
  return { text: `$(${icon}) SAMRefiner: ${words}`, label: `SAMRefiner: ${words}`, severity };
}

function stateWords({ state, process }: EngineState, t: Translate): [icon: string, words: string] {
  const device = process?.device === undefined ? undefined : deviceName(process.device);
  switch (state) {
    case "stopped":
      return ["circle-outline", t("not running")];
    case "starting":
    case "loading":
      return ["loading~spin", t("loading…")];
    case "busy":
      return ["sync~spin", device === undefined ? t("working…") : t("{0}, working…", device)];
    case "idle":
      return ["circle-filled", device ?? t("ready")];
    case "failed":
      return ["error", t("failed")];
  }
}

/** The tooltip's lines: what is known about the engine. */
export function statusDetails({ process, runtime, reason }: EngineState, t: Translate): string[] {
  const lines: (string | undefined)[] = [
    reason ?? process?.error,
    process?.device && t("Device: {0}", deviceName(process.device)),
    ...(process?.attempts ?? []).map(({ device, outcome }) =>
      t("Tried {0}: {1}", deviceName(device), outcome),
    ),
    process?.model && t("Model: {0}", process.model),
    process && t("Requests under way: {0}", process.pending),
    process && t("Memory: {0} MiB", Math.round(process.memory / 2 ** 20)),
    process && t("Node {0}, process {1}", process.node, process.pid),
    runtime && t("Runs on {0}", runtime),
  ];
  return lines.filter((line) => line !== undefined && line !== "") as string[];
}
