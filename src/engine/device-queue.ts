/** One thing at a time on a device: two runs at once crash WebGPU, whichever sessions they belong to. */
import type { DeviceName } from "./devices.ts";

const last = new Map<DeviceName, Promise<unknown>>();

/** Does work on a device after all that was asked of it before, in this thread. */
export function inTurn<T>(device: DeviceName, work: () => Promise<T>): Promise<T> {
  const next = (last.get(device) ?? Promise.resolve()).then(work);
  last.set(
    device,
    next.catch(() => undefined),
  );
  return next;
}
