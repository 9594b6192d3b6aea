// Runs a program in this process group, and ends the whole group as soon as stdin closes: also when whoever started it
// was killed. Start it detached. VS Code's extension hosts outlive their server otherwise.
import { spawn } from "node:child_process";

const GRACE = 800;
const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  process.on("SIGTERM", () => {});
  process.kill(0, "SIGTERM");
  setTimeout(() => process.kill(0, "SIGKILL"), GRACE);
}

child.on("error", end);
child.on("exit", end);
process.stdin.on("close", end).on("error", end).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
