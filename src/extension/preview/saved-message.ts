/** What was written, in a sentence. */
import type { OutputChoice } from "../../protocol/engine.ts";
import type { Translate } from "../translate.ts";

/** Says which files a save wrote, by the names that people know them by. */
export function savedMessage(
  files: readonly { readonly name: string; readonly unchanged: boolean }[],
  kind: OutputChoice["kind"],
  t: Translate,
): string {
  const [file] = files;
  if (file === undefined) return t("There was nothing to write.");
  if (files.length > 1) return t("Wrote {0} files, {1} and others.", files.length, file.name);
  const { name } = file;
  if (kind === "in-place")
    return file.unchanged
      ? t("{0} stays as it is: no region was accepted.", name)
      : t("Replaced {0} with its refined version.", name);
  return file.unchanged ? t("Wrote {0}, a copy: no region was accepted.", name) : t("Wrote {0}.", name);
}
