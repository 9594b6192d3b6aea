import { defineConfig, type ViteUserConfig } from "vitest/config";

/** The walks in a real VS Code; `npm run package` comes first. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/e2e/**/*.walk.ts"],
    globalSetup: "test/e2e/global-setup.ts",
    pool: "forks",
    // Windows share the server and the machine's cores.
    fileParallelism: false,
    hookTimeout: 60_000,
  },
});
export default config;
