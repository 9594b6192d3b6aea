import type { Translate } from "../translate.ts";

/** A cell of a notebook that is made. */
export interface NewCell {
  readonly kind: "markdown" | "code";
  readonly text: string;
}

/** Paths in the first notebook, as its cells write them. */
export interface SamplePaths {
  readonly photo: string;
  readonly mask: string;
}

/** Cells of a new notebook: they work on the sample as they are, also in Deno's kernel, and are there to be changed. */
export function newNotebook({ photo, mask }: SamplePaths, t: Translate): NewCell[] {
  return [
    markdown(
      t(
        "# Refine masks\nRun the cells in order. Put your own photo and mask into the first one; paths begin at the notebook's folder, or at the workspace until it is saved.",
      ),
    ),
    code(
      'import { explain, liveProgress, refine } from "samrefiner";',
      "",
      `const image = ${JSON.stringify(photo)};`,
      `const mask = ${JSON.stringify(mask)};`,
    ),
    markdown(t("## Compare\nPhoto, coarse mask, refined mask, difference.")),
    code('const result = await refine(image, mask, { onProgress: liveProgress("refine") });', "result"),
    markdown(
      t("## Explain\nThe prompts that the coarse mask gave, the candidates, and what became of each region."),
    ),
    code("await explain(image, mask);"),
    code(
      "console.table(",
      "  result.regions.map(({ verdict, predictedIoU, coarseIoU }) => ({",
      "    verdict,",
      "    predictedIoU,",
      "    coarseIoU,",
      "  })),",
      ");",
    ),
    markdown(t("## Keep\nWritten in the format of the coarse mask.")),
    code(
      "const [refined] = result.masks;",
      'await refined?.save("refined.png", { overwrite: true });',
      "refined?.changes();",
    ),
  ];
}

function markdown(text: string): NewCell {
  return { kind: "markdown", text };
}

function code(...lines: string[]): NewCell {
  return { kind: "code", text: lines.join("\n") };
}
