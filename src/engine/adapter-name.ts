/** What a machine's graphics cards are called, as far as that can be known without their drivers. */
import { readdir, readFile } from "node:fs/promises";
import { cpus, release } from "node:os";
import { join } from "node:path";

const NVIDIA = "/proc/driver/nvidia/gpus";
const CARDS = "/sys/class/drm";

/**
 * Names that change when a card does: Linux tells them. On Apple's machines the processor's name is the card's; elsewhere
 * the system's release stands in for it, which changes more often than the card. A Vulkan driver chosen by hand counts.
 */
export async function adapterName(): Promise<string> {
  const chosen = process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"] ?? "";
  const cards = process.platform === "linux" ? [...(await nvidiaCards()), ...(await drmCards())] : [];
  return [...(cards.length > 0 ? cards : [cpus()[0]?.model ?? "", release()]), chosen].join("; ");
}

async function nvidiaCards(): Promise<string[]> {
  const texts = await readAll(NVIDIA, /./, "information");
  return texts.flatMap((text) => /^Model:\s*(.+)$/m.exec(text)?.[1] ?? []);
}

async function drmCards(): Promise<string[]> {
  const vendors = await readAll(CARDS, /^card\d+$/, "device/vendor");
  const devices = await readAll(CARDS, /^card\d+$/, "device/device");
  return vendors.map((vendor, i) => `${vendor.trim()}:${devices[i]?.trim() ?? ""}`);
}

async function readAll(folder: string, names: RegExp, file: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  const wanted = entries.filter((name) => names.test(name)).sort();
  return Promise.all(wanted.map((name) => readFile(join(folder, name, file), "utf8").catch(() => "")));
}
