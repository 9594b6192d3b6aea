import type { MaskMode } from "../../../core/settings.ts";
import type { MaskReading } from "../../load-mask.ts";
import type { FileHeads } from "../file-heads.ts";
import type { Folders } from "../folders.ts";
import type { SiblingDraft } from "../plan-draft.ts";

/** What a layout says of a mask file. */
export interface Layout {
  readonly mode: MaskMode;
  readonly reading: MaskReading;
  readonly siblings: readonly SiblingDraft[];
}

/** What recognising a layout needs. */
export interface LayoutSearch {
  readonly folders: Folders;
  readonly heads: FileHeads;
  readonly show: (path: string) => string;
}
