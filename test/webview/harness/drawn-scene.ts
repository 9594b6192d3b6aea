/// <reference types="node" />
/** Scenes drawn for the purpose: hundreds of regions, or a photo of 24 million pixels. */
import sharp from "sharp";
import { runsOf } from "../../../src/protocol/mask-runs.ts";
import type { MaskRuns, RegionView, SessionView } from "../../../src/protocol/views.ts";
import { resolveSettings } from "../../../src/sdk/mod.ts";
import type { Scene } from "./scene.ts";

/** How large the drawing is, and how much is on it. */
export interface DrawnOptions {
  readonly width: number;
  readonly height: number;
  /** Regions stand on a grid of so many columns and rows. */
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
}

/** Colours of label maps' palettes that look black: ids as gray values. */
const darkColour = (id: number): string => `#${(id % 21).toString(16).padStart(2, "0").repeat(3)}`;
const VERDICTS = ["refined", "refined", "refined", "kept", "refined", "unchanged", "failed"] as const;

/** A drawn photo with its regions. */
export class DrawnScene implements Scene {
  readonly #view: SessionView;
  readonly #title: string;

  private constructor(view: SessionView, title: string) {
    this.#view = view;
    this.#title = title;
  }

  static async draw(options: DrawnOptions): Promise<DrawnScene> {
    const { width, height, columns, rows, title } = options;
    const regions = Array.from({ length: columns * rows }, (_, id) => drawnRegion(id, options));
    const photo = {
      path: `/drawn/${title}.jpg`,
      width,
      height,
      bytes: await drawPhoto(width, height),
      mime: "image/jpeg",
    };
    const mask = {
      path: `/drawn/${title}.png`,
      format: "8-bit gray PNG",
      mode: "semantic" as const,
      notes: [],
    };
    const view: SessionView = {
      photo,
      masks: [mask],
      regions,
      method: { preset: "default", settings: {}, mode: "auto" },
      resolved: resolveSettings("default"),
      timings: { encode: 900, decode: 400, method: 50, total: 1350, encoderRuns: 1, decoderRuns: 3 },
      device: "cpu",
    };
    return new DrawnScene(view, title);
  }

  answer(method: string, params: never): Promise<unknown> {
    const { state } = params as { state?: unknown };
    if (method === "ready") return Promise.resolve({ view: this.#view, title: this.#title, state });
    if (method === "refine" || method === "prompt" || method === "choose")
      return Promise.resolve({ regions: [] });
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Stripes and a grain that no codec flattens. */
async function drawPhoto(width: number, height: number): Promise<Uint8Array> {
  const data = new Uint8Array(3 * width * height);
  let noise = 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const grain = (noise >>> 27) - 16;
      data[i] = 110 + 50 * Math.sin(x / 90) + grain;
      data[i + 1] = 120 + 40 * Math.sin((x + y) / 130) + grain;
      data[i + 2] = 100 + 60 * Math.sin(y / 70) + grain;
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

function drawnRegion(id: number, { width, height, columns, rows }: DrawnOptions): RegionView {
  const verdict = VERDICTS[id % VERDICTS.length]!;
  const coarse = blob(id, 0, { width, height, columns, rows });
  const refined = verdict === "refined" ? blob(id, 1, { width, height, columns, rows }) : coarse;
  const label = String(1 + (id % 20));
  return {
    id,
    mask: 0,
    name: `class ${label}/${id}`,
    label: `class ${label}`,
    colour: darkColour(1 + (id % 20)),
    box: coarse.box!,
    area: area(coarse),
    refinedArea: area(refined),
    verdict,
    ...(verdict === "failed" && { reason: "The polygon has two points: expected three or more" }),
    ...(verdict === "refined" && { predictedIoU: 0.8 + ((id * 37) % 20) / 100 }),
    coarseIoU: verdict === "refined" ? 0.7 + ((id * 53) % 30) / 100 : 1,
    doubt: ((id * 71) % 100) / 100,
    coarse,
    refined,
    iterations: [],
    own: { points: [] },
  };
}

/** A wavy disc in its cell of the grid; `phase` turns its waves. */
function blob(
  id: number,
  phase: number,
  { width, height, columns, rows }: Omit<DrawnOptions, "title">,
): MaskRuns {
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  const radius = 0.4 * Math.min(cellWidth, cellHeight);
  const centreX = ((id % columns) + 0.5) * cellWidth;
  const centreY = (Math.floor(id / columns) + 0.5) * cellHeight;
  const x0 = Math.floor(centreX - 1.2 * radius);
  const y0 = Math.floor(centreY - 1.2 * radius);
  const side = Math.ceil(2.4 * radius);
  const data = new Uint8Array(side * side);
  for (let i = 0; i < data.length; i++) {
    const x = x0 + (i % side) - centreX;
    const y = y0 + Math.floor(i / side) - centreY;
    const waves = 1 + 0.12 * Math.sin(7 * Math.atan2(y, x) + phase) + 0.02 * Math.sin(41 * Math.atan2(y, x));
    data[i] = Math.hypot(x, y) < radius * waves ? 1 : 0;
  }
  const { box, runs } = runsOf({ width: side, height: side, data });
  const [left, top, right, bottom] = box!;
  return { box: [left + x0, top + y0, right + x0, bottom + y0], runs };
}

function area({ runs }: MaskRuns): number {
  return runs.reduce((sum, length, i) => sum + (i % 2) * length, 0);
}
