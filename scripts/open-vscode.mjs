// Opens VS Code with the extension as it is built now, for trying things out; see test/e2e/README.md.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./set-up.mjs";
import { installHost } from "./vscode-host/install-host.mjs";

// The harness is TypeScript, which VS Code's Node runs as it is.
const { node } = installHost();
const session = spawn(node, [join(root, "test/e2e/harness/session.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
// Ctrl-C reaches both; the session tidies up, and this waits for it.
process.on("SIGINT", () => {});
session.on("exit", (code) => process.exit(code ?? 1));
