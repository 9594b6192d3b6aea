// Prints how long `import "samrefiner"` takes in a fresh process: median of 9, in milliseconds.
import { execFileSync } from "node:child_process";

const program = `const started = performance.now();
await import("samrefiner");
console.log(performance.now() - started);`;
const root = new URL("..", import.meta.url);
const times = Array.from({ length: 9 }, () =>
  Number(execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: root })),
).sort((a, b) => a - b);
console.log(
  `import "samrefiner": ${times[4].toFixed(0)} ms (${times[0].toFixed(0)} to ${times[8].toFixed(0)})`,
);
