/** What a line of the region list says aloud. */
import type { RegionView } from "../../protocol/views.ts";
import { t } from "../dom/t.ts";
import { nameOf } from "../state/changes-of-state.ts";
import { share } from "./figures.ts";
import { VERDICTS } from "./verdicts.ts";

/** A region in one sentence. */
export function rowWords(region: RegionView, accepted: boolean): string {
  const { predictedIoU, coarseIoU, doubt, verdict } = region;
  const parts = [
    nameOf(region),
    VERDICTS[verdict].word,
    t("coarse IoU {0}", share(coarseIoU)),
    ...(predictedIoU === undefined ? [] : [t("predicted IoU {0}", share(predictedIoU))]),
    t("doubt {0}", share(doubt)),
    accepted ? t("accepted") : t("rejected"),
  ];
  return parts.join(", ");
}
