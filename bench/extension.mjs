// The extension in a real VS Code: activation, right-click to preview, slider to redraw, panning a large photo.
// node bench/extension.mjs [activation] [preview] [slider] [pan]; needs `npm run build`, takes about three minutes
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installHost } from "../scripts/vscode-host/install-host.mjs";

const { node } = installHost();
// The harness is TypeScript, which VS Code's Node runs as it is.
if (process.execPath === node) await (await import("./extension/measure.mjs")).measure(process.argv.slice(2));
else {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exitCode = spawnSync(node, args, { stdio: "inherit" }).status ?? 1;
}
