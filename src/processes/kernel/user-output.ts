import { Console } from "node:console";
import type { CellOutput } from "../../protocol/kernel.ts";

/** Shows something below the running cell. */
export type Shower = (output: CellOutput) => void;

/** Sends what the main thread prints to the notebook instead of the process's own streams. */
export function captureOutput(show: Shower): void {
  for (const name of ["stdout", "stderr"] as const) process[name].write = writer(name, show);
  // Methods of its own: the inspector's keep the last thousand messages, with everything they show.
  Object.assign(console, new Console({ stdout: process.stdout, stderr: process.stderr, colorMode: true }));
}

type Callback = (error?: Error | null) => void;

function writer(name: "stdout" | "stderr", show: Shower): NodeJS.WriteStream["write"] {
  // Characters may be cut between two writes.
  const decoder = new TextDecoder();
  return (chunk: Uint8Array | string, encoding?: BufferEncoding | Callback, callback?: Callback): boolean => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text !== "") show({ kind: "stream", name, text });
    const done = typeof encoding === "function" ? encoding : callback;
    if (done !== undefined) process.nextTick(done);
    return true;
  };
}
