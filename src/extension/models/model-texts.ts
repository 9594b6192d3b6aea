/** What is said about models. */
import type { ModelView } from "../../protocol/engine.ts";
import type { Translate } from "../translate.ts";

/** Lists of the picker, in their order. */
export type ModelGroup = "here" | "to-fetch" | "unusable";

/** The list that a model stands in. */
export function groupOf({ ready, fetchable }: ModelView): ModelGroup {
  if (ready) return "here";
  return fetchable ? "to-fetch" : "unusable";
}

/** The line beside its name: size, licence, how fast. */
export function modelLine(model: ModelView, t: Translate): string {
  const { size, licence, speed, source } = model;
  const words = [
    source === "embedded" ? t("comes with the extension") : undefined,
    source === "own" ? t("own files") : undefined,
    size === undefined ? undefined : megabytes(size),
    licence,
    speed && speedWords(speed, t),
  ];
  return words.filter((word) => word !== undefined && word !== "").join(" · ");
}

/** The line below: what it is, or why it cannot be used. */
export function modelDetail(
  { description, problem, ready, fetchable, onDisk }: ModelView,
  t: Translate,
): string {
  if (!ready && !fetchable && problem !== undefined) return problem;
  const started = !ready && onDisk > 0 ? t("{0} of it are here already", megabytes(onDisk)) : undefined;
  return started === undefined ? description : `${description} · ${started}`;
}

/** What asks before a fetch. */
export function fetchQuestion({ name, download, size }: ModelView, t: Translate): string {
  const bytes = download ?? size;
  return bytes === undefined ? t("Fetch {0}?", name) : t("Fetch {0} ({1})?", name, megabytes(bytes));
}

/** How far a file is, for example `encoder.onnx (12 of 96 MB)`. */
export function fetchProgress(file: string, done: number, total: number, t: Translate): string {
  return total > 0
    ? t("{0} ({1} of {2})", file, megabytes(done), megabytes(total))
    : t("{0} ({1})", file, megabytes(done));
}

/** A name for own files, from the encoder's: as names of models may be. */
export function suggestedName(encoder: string): string {
  const base = encoder.split(/[\\/]/).at(-1) ?? "";
  const plain = base.replace(/\.onnx$/i, "").replace(/[._-]?encoder[._-]?/i, "-");
  return (
    plain
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "") || "own"
  );
}

/** Why a name cannot be one; `undefined` for one that can. */
export function nameProblem(name: string, taken: readonly string[], t: Translate): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name))
    return t("Expected lower-case letters, digits, dots, hyphens and underscores, 64 at most");
  return taken.includes(name) ? t("There is a model of this name already") : undefined;
}

function speedWords(speed: NonNullable<ModelView["speed"]>, t: Translate): string {
  switch (speed) {
    case "fast":
      return t("fast");
    case "moderate":
      return t("about 10 times slower");
    case "slow":
      return t("about 30 times slower");
    case "very slow":
      return t("about 70 times slower");
  }
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
