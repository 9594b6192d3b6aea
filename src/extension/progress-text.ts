/** Stages of the engine's work, in words. */
import type { ProgressMessage } from "../protocol/engine.ts";
import type { Translate } from "./translate.ts";

/** For example `refining regions (3 of 12)`. */
export function stageText(
  stage: ProgressMessage["stage"],
  done: number,
  total: number,
  t: Translate,
): string {
  const words = stageWords(stage, t);
  return total > 1 ? t("{0} ({1} of {2})", words, done, total) : words;
}

function stageWords(stage: ProgressMessage["stage"], t: Translate): string {
  switch (stage) {
    case "load":
      return t("loading the model");
    case "read":
      return t("reading files");
    case "encode":
      return t("encoding the photo");
    case "refine":
      return t("refining regions");
    case "write":
      return t("writing");
    case "train":
      return t("training");
    case "fetch":
      return t("fetching the model");
  }
}
