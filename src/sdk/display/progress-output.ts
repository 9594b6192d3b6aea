/** Where progress is shown. */
import { randomUUID } from "node:crypto";
import type { MimeBundle } from "./displayed.ts";

/** Shows a bundle in the place of the one before. */
export type ProgressOutput = (bundle: MimeBundle) => void;

type Broadcast = (type: string, content: Record<string, unknown>) => Promise<void>;
type Display = (value: unknown, options: { id: string; raw: true }) => unknown;

/** The notebook's output where this runs in one, else the terminal; nothing where there is neither. */
export function progressOutput(): ProgressOutput {
  const broadcast = denoBroadcast();
  if (broadcast !== undefined) return denoOutput(broadcast);
  const display = kernelDisplay();
  if (display !== undefined) {
    const id = randomUUID();
    return (bundle) => void display(bundle, { id, raw: true });
  }
  return process.stderr.isTTY === true ? terminalLine : () => undefined;
}

/** Outside of its kernel Deno throws where `Deno.jupyter` is only looked at. */
function denoBroadcast(): Broadcast | undefined {
  try {
    const { Deno: deno } = globalThis as { Deno?: { jupyter?: { broadcast?: Broadcast } } };
    const { jupyter } = deno ?? {};
    return jupyter?.broadcast?.bind(jupyter);
  } catch {
    return undefined;
  }
}

/** The `display` of notebooks inside VS Code; `__load` tells it from any other function of that name. */
function kernelDisplay(): Display | undefined {
  const { display, __load: load } = globalThis as { display?: Display; __load?: unknown };
  return typeof display === "function" && typeof load === "function" ? display : undefined;
}

/** One message at a time; what came meanwhile is dropped but for the last. */
function denoOutput(broadcast: Broadcast): ProgressOutput {
  const transient = { display_id: randomUUID() };
  let next: MimeBundle | undefined;
  let sending = false;
  let type = "display_data";
  const send = async (): Promise<void> => {
    sending = true;
    while (next !== undefined) {
      const data = next;
      next = undefined;
      await broadcast(type, { data, metadata: {}, transient });
      type = "update_display_data";
    }
    sending = false;
  };
  return (bundle) => {
    next = bundle;
    // Progress that cannot be shown is no reason to fail.
    if (!sending) send().catch(() => undefined);
  };
}

function terminalLine(bundle: MimeBundle): void {
  process.stderr.write(`\r\u001b[K${bundle["text/plain"]}`);
}
