import type { SourceChoice } from "../../protocol/engine.ts";
import type { MaskReading } from "../../sdk/mod.ts";

/** How mask values are read. */
export function readingOf({ encoding, ignoreLabel }: SourceChoice): MaskReading {
  return {
    // The SDK refuses a word that is none.
    ...(encoding === undefined ? {} : { encoding: encoding as NonNullable<MaskReading["encoding"]> }),
    ...(ignoreLabel === undefined ? {} : { ignoreLabel }),
  };
}
