/** What a verdict is called, drawn as and means. */
import type { RegionView } from "../../protocol/views.ts";
import type { IconName } from "../dom/icons.ts";

type Verdict = RegionView["verdict"];

/** By verdict: its icon, its word and what it says. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly icon: IconName; readonly word: string; readonly meaning: string }>
> = {
  refined: { icon: "check", word: "refined", meaning: "A better mask was found" },
  kept: { icon: "equal", word: "kept", meaning: "No candidate was better than the coarse mask" },
  unchanged: { icon: "dash", word: "unchanged", meaning: "There was nothing to refine" },
  failed: { icon: "warning", word: "failed", meaning: "It could not be refined" },
};
