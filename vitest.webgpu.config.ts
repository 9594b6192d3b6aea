import { defineConfig, type ViteUserConfig } from "vitest/config";

/** WebGPU for real, on a software GPU that takes every core for a minute: apart from all other tests. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/webgpu/**/*.gpu.ts"],
    pool: "forks",
    testTimeout: 400_000,
    hookTimeout: 60_000,
  },
});
export default config;
