import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Deno runs these itself.
    exclude: ["test/deno/**"],
    setupFiles: ["test/helpers/fast-equality.ts"],
    pool: "forks",
    // One more than vitest would take on two cores: many tests wait for a process or a page.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
export default config;
