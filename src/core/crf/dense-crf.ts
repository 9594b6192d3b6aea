/** The fully connected CRF of Krähenbühl and Koltun (2011) for one object, by mean field. */
import type { Photo } from "../lab.ts";
import type { Mask } from "../mask.ts";
import { gaussianSums } from "./blur.ts";
import { PermutohedralLattice } from "./permutohedral-lattice.ts";

/**
 * The model. The defaults are DeepLab's weights for VOC (Chen et al. 2015); of the settings in use with hard masks they do
 * the least harm.
 */
export interface CRFOptions {
  /** Probability that a pixel of the coarse mask is right. @default 0.9 */
  readonly trust?: number;
  /** Mean field iterations. @default 10 */
  readonly iterations?: number;
  /** Smoothness: pixels near each other have one label. σ in pixels. @default { weight: 3, place: 1 } */
  readonly smoothness?: { readonly weight: number; readonly place: number };
  /**
   * Appearance: so have pixels of similar colour that are not too far apart. σ in pixels and in 8-bit RGB.
   *
   * @default { weight: 4, place: 67, colour: 3 }
   */
  readonly appearance?: { readonly weight: number; readonly place: number; readonly colour: number };
}

/** Gaussian sums over all pixels, `Float32Array [height, width]` in and out. */
type Filter = (values: Float32Array) => Float32Array;

/**
 * Log-odds that each pixel belongs to the object. Energies: −ln(trust) of the coarse mask's labels, and for every pair of
 * pixels of different labels a Gaussian of their distance (smoothness) and one of their distance and colours (appearance),
 * both normalised symmetrically, as the authors' code does.
 *
 * @param photo of the mask's size
 * @returns `Float32Array [height, width]`, positive inside
 */
export function denseCRF(photo: Photo, coarse: Mask, options: CRFOptions = {}): Float32Array {
  const {
    trust = 0.9,
    iterations = 10,
    smoothness = { weight: 3, place: 1 },
    appearance = { weight: 4, place: 67, colour: 3 },
  } = options;
  const { width, height } = coarse;
  const lattice = new PermutohedralLattice(appearanceFeatures(photo, appearance), 5);
  const messages = [
    {
      weight: smoothness.weight,
      filter: (v: Float32Array) => gaussianSums(v, width, height, smoothness.place),
    },
    { weight: appearance.weight, filter: (v: Float32Array) => lattice.filter(v) },
  ].map(({ weight, filter }) => ({ weight, filter: normalised(filter, width * height) }));
  const prior = Math.log(trust / (1 - trust));
  const unary = Float32Array.from(coarse.data, (value) => (value === 1 ? prior : -prior));
  let logits: Float32Array = unary;
  for (let i = 0; i < iterations; i++) {
    // What speaks for the object minus what speaks for the rest: Q − (1 − Q) = tanh(logit / 2).
    const lead = logits.map((logit) => Math.tanh(logit / 2));
    const next = unary.slice();
    for (const { weight, filter } of messages) {
      const message = filter(lead);
      for (let p = 0; p < next.length; p++) next[p] = next[p]! + weight * message[p]!;
    }
    logits = next;
  }
  return logits;
}

/** Place and colour in standard deviations, `[height · width, 5]`. */
function appearanceFeatures(
  { width, height, data }: Photo,
  { place, colour }: { readonly place: number; readonly colour: number },
): Float32Array {
  const features = new Float32Array(width * height * 5);
  for (let p = 0, at = 0; p < width * height; p++, at += 5) {
    features[at] = (p % width) / place;
    features[at + 1] = Math.floor(p / width) / place;
    for (let c = 0; c < 3; c++) features[at + 2 + c] = data[3 * p + c]! / colour;
  }
  return features;
}

/** D^−½ K D^−½, D the sums of K's rows. */
function normalised(filter: Filter, count: number): Filter {
  const scale = filter(new Float32Array(count).fill(1)).map((sum) => 1 / Math.sqrt(sum + 1e-20));
  return (values) => filter(values.map((value, i) => value * scale[i]!)).map((sum, i) => sum * scale[i]!);
}
