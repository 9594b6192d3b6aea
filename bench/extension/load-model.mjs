// Prints how many milliseconds a process that has just begun takes to open the model: load-model.mjs <cache folder>
const started = performance.now();
const { createRefiner } = await import("../../dist/sdk.js");
const refiner = await createRefiner({ cacheDir: process.argv[2] });
console.log(performance.now() - started);
await refiner.close();
