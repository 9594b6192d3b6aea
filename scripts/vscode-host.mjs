// Sets up the VS Code that the tests drive, and says where it is.
import { findChromium } from "./vscode-host/find-chromium.mjs";
import { installHost } from "./vscode-host/install-host.mjs";

const { node, entry } = installHost();
console.log(`VS Code  ${entry}\nNode     ${node}\nChromium ${findChromium()}`);
