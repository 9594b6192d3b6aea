/** What survives a reload of the window. */
import type { PreviewState } from "../../protocol/preview.ts";
import type { MethodChoice } from "../../protocol/views.ts";
import type { PreviewSource } from "../services.ts";

/** The state of a preview that was never shown. */
export function freshState(source: PreviewSource, method: MethodChoice): PreviewState {
  return { source, mode: "swipe", method, rejected: [] };
}

/** A state that a page kept, or `undefined` where it is none: an older version may have kept another. */
export function readState(kept: unknown): PreviewState | undefined {
  if (!isRecord(kept) || !isRecord(kept["source"]) || !isRecord(kept["method"])) return undefined;
  const { sources } = kept["source"] as { sources?: unknown };
  const paths =
    Array.isArray(sources) && sources.length > 0 && sources.every((path) => typeof path === "string");
  const { preset, settings } = kept["method"] as { preset?: unknown; settings?: unknown };
  return paths && typeof preset === "string" && isRecord(settings)
    ? (kept as unknown as PreviewState)
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
