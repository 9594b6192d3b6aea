/** What is said about an adaptor. */
import { basename } from "node:path";
import type { AdaptionView } from "../../protocol/engine.ts";
import type { Translate } from "../translate.ts";

/** How well it does, in two sentences. */
export function adaptionSummary({ top1, photos, recommended, reason }: AdaptionView, t: Translate): string {
  const figures = t(
    "On {0} photos that it was not trained on, the mask that agrees most with the coarse one is chosen in {1} of the decodes instead of {2}.",
    photos.heldOut,
    percent(top1.after),
    percent(top1.before),
  );
  const advice = recommended ? t("Recommended: {0}.", reason) : t("Not recommended: {0}.", reason);
  return `${figures} ${advice}`;
}

/** A decode whose choice changed: its line and what stands beside. */
export function exampleLine(
  { mask, label, before, after, prompt }: AdaptionView["examples"][number],
  t: Translate,
): { label: string; description: string } {
  const icon = after > before ? "$(arrow-up)" : "$(arrow-down)";
  const words = { point: t("point alone"), box: t("box alone"), mask: t("mask alone") };
  return {
    label: `${icon} ${basename(mask)}: ${label}`,
    description: t(
      "agreement with the coarse mask {0} → {1}, {2}",
      percent(before),
      percent(after),
      words[prompt],
    ),
  };
}

/** A name for the adaptor of a folder, as files may be called. */
export function adaptorName(folder: string): string {
  return (
    basename(folder)
      .replace(/[^\p{L}\p{N}._-]+/gu, "-")
      .replace(/^[-.]+/, "") || "adaptor"
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
