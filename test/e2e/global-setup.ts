/** One server with the packaged extension installed, for all walks. */
import type { TestProject } from "vitest/node";
import { type Server, startServer } from "./harness/start-server.ts";
import { vsixFile } from "./harness/vsix-file.ts";

declare module "vitest" {
  interface ProvidedContext {
    server: Omit<Server, "stop">;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...server } = await startServer({ vsix: [vsixFile()] });
  project.provide("server", server);
  return stop;
}
