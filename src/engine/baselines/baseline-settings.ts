/** What methods of the field take from the settings. */
import type { MethodSettings } from "../../core/settings.ts";

/** SAM as it is: one decode of the tight box, the mask that it predicts the highest IoU for, no edge step. */
const PLAIN_SAM: Partial<MethodSettings> = {
  rules: "paper",
  point: false,
  negativePoint: false,
  box: true,
  mask: false,
  elasticBox: false,
  iterations: 1,
  margins: [0],
  feedLogits: false,
  tokens: "multi",
  selection: "predicted-iou",
  agreement: 0,
  growth: "none",
  upscale: "bilinear",
  edges: "none",
};

/**
 * The settings that a method works with: of those of its preset, another method than ours keeps the gate with its
 * strictness, and how label maps are split. With `box` they say all there is to it.
 */
export function baselineSettings(settings: MethodSettings): MethodSettings {
  return settings.method === "samrefiner" ? settings : { ...settings, ...PLAIN_SAM };
}
