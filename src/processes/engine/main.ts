/**
 * The engine process: the SDK behind JSON-RPC, started by the extension. ONNX Runtime blocks the thread it runs in, so
 * this one only answers `hello` and `status` and forwards everything else to a worker thread, which has the SDK. It
 * imports next to nothing: the process must answer at once.
 */
import { Switchboard } from "./switchboard.ts";

/** As in package.json's `engines`. */
const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`Node ${process.versions.node} is too old: expected ${OLDEST_NODE} or later`);
  process.exit(1);
}
if (process.send === undefined) {
  console.error("The engine process is started by the extension, with a channel to it");
  process.exit(1);
}
const switchboard = new Switchboard(process.argv[2] ?? "{}");
process.on("message", (message) => switchboard.receive(message));
process.on("uncaughtException", (error) => switchboard.fail(error));
for (const event of ["disconnect", "SIGTERM", "SIGINT"]) process.on(event, endAtOnce);

/**
 * Ordinary exits wait for worker threads, and those for the native run they are in: seconds. Files are written
 * atomically and journals survive anything, so nothing is lost.
 */
function endAtOnce(): void {
  process.kill(process.pid, "SIGKILL");
}
