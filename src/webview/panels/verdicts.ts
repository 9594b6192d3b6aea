/** What a verdict is called, drawn as and means. */

import type { RegionView } from "../../protocol/views.ts";
import type { IconName } from "../dom/icons.ts";
import { t } from "../dom/t.ts";

type Verdict = RegionView["verdict"];

/** By verdict: its icon, its word and what it says. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly icon: IconName; readonly word: string; readonly meaning: string }>
> = {
  refined: { icon: "check", word: t("refined"), meaning: t("a better mask was found") },
  kept: { icon: "equal", word: t("kept"), meaning: t("no candidate was better than the coarse mask") },
  unchanged: { icon: "dash", word: t("unchanged"), meaning: t("there was nothing to refine") },
  failed: { icon: "warning", word: t("failed"), meaning: t("it could not be refined") },
};
