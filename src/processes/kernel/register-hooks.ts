import module from "node:module";
import { pathToFileURL } from "node:url";
import type { KernelSetup } from "../../protocol/kernel.ts";
import * as hooks from "./module-hooks.ts";
import { notebookPath } from "./notebook-path.ts";

/** Since Node 22.15, and not in the types of Node 20. */
interface ModuleHooks {
  registerHooks?(hooks: object): void;
}

/** Lets imports find what lies beside the notebook, the SDK and TypeScript modules. */
export function registerHooks({ folder, sdk }: KernelSetup): void {
  const addresses: hooks.HookAddresses = {
    sdk: pathToFileURL(sdk).href,
    kernel: import.meta.url,
    notebook: pathToFileURL(notebookPath(folder)).href,
  };
  const { registerHooks: registerInThread } = module as ModuleHooks;
  if (registerInThread === undefined) {
    module.register("./kernel-hooks.js", { parentURL: import.meta.url, data: addresses });
    return;
  }
  hooks.initialize(addresses);
  registerInThread({ resolve: hooks.resolve, load: hooks.load });
}
