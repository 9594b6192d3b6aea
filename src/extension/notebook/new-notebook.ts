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

/** Cells of a new notebook: they work on the sample as they are, and are there to be changed. */
export function newNotebook({ photo, mask }: SamplePaths, t: Translate): NewCell[] {
  return [
    {
      kind: "markdown",
      text: t(
        "# Refine masks\nRun the cells in order. The first one loads the model; paths are relative to the notebook's folder.",
      ),
    },
    {
      kind: "code",
      text: [
        'import { createRefiner } from "samrefiner";',
        "",
        "const refiner = await createRefiner();",
        'console.log(refiner.model.name, "on", refiner.device);',
      ].join("\n"),
    },
    { kind: "markdown", text: t("## One mask\nPut your own photo and mask here.") },
    {
      kind: "code",
      text: [
        `const image = ${JSON.stringify(photo)};`,
        `const mask = ${JSON.stringify(mask)};`,
        "const result = await refiner.refine({ image, mask }, { explain: true });",
        "await result.compare();",
      ].join("\n"),
    },
    {
      kind: "markdown",
      text: t(
        "## What happened\nThe prompts that the coarse mask gave, the candidates, and each region's figures.",
      ),
    },
    { kind: "code", text: "await result.explain();" },
    {
      kind: "code",
      text: [
        "console.table(",
        "  result.regions.map(({ verdict, predictedIoU, coarseIoU }) => ({ verdict, predictedIoU, coarseIoU })),",
        ");",
      ].join("\n"),
    },
    { kind: "markdown", text: t("## Keep it\nWritten in the format of the coarse mask.") },
    {
      kind: "code",
      text: [
        'await result.masks[0]!.save("refined.png", { overwrite: true });',
        "result.masks[0]!.changes();",
      ].join("\n"),
    },
  ];
}
