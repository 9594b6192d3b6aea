import { defineConfig, type ViteUserConfig } from "vitest/config";
import { hasServer } from "./test/e2e/harness/has-server.ts";

/** The walks in a real VS Code; `npm run package` comes first. */
const config: ViteUserConfig = defineConfig({
  test: {
    // A downloaded VS Code is no page that could be walked through.
    include: [hasServer ? "test/e2e/**/*.walk.ts" : "test/e2e/host-suite.walk.ts"],
    globalSetup: hasServer ? ["test/e2e/global-setup.ts"] : [],
    pool: "forks",
    // Windows share the server and the machine's cores.
    fileParallelism: false,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 200 } },
  },
});
export default config;
