// Runs in the extension host: which packages ran, which native modules are mapped and which processes were started,
// first after activation, then after the engine was used.
const { readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { Session } = require("node:inspector/promises");
const { join, resolve } = require("node:path");
const vscode = require("vscode");

const ROOT = resolve(__dirname, "../..");

exports.run = async () => {
  const inspector = new Session();
  inspector.connect();
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await vscode.extensions.getExtension("samrefiner.samrefiner").activate();
  // What was put off by activation must not count as not loaded.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const ran = new Set();
  const activated = await look(inspector, ran);
  await vscode.commands.executeCommand("samrefiner.restartEngine");
  const used = await look(inspector, ran);
  const file = join(vscode.workspace.workspaceFolders[0].uri.fsPath, "told.json");
  writeFileSync(`${file}.part`, JSON.stringify({ activated, used }));
  renameSync(`${file}.part`, file);
};

async function look(inspector, ran) {
  const { result } = await inspector.post("Profiler.takePreciseCoverage");
  // The bundle wraps each file in a function with the file's path for a name.
  for (const { url, functions } of result)
    if (url.endsWith("/dist/extension.cjs"))
      for (const { functionName, ranges } of functions) if (ranges[0].count > 0) ran.add(functionName);
  const packages = [...ran].flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []);
  return { packages: [...new Set(packages)], native: native(), processes: children() };
}

function native() {
  const mapped = readFileSync("/proc/self/maps", "utf8").match(/\/\S+\.(node|so)\S*$/gm) ?? [];
  return [...new Set(mapped)].filter((path) => path.startsWith(ROOT) && !path.includes("/vscode-host/"));
}

/** Our own programs among the host's processes; VS Code starts others. */
function children() {
  const ours = (pid) =>
    parentOf(pid) === process.pid &&
    /\/dist\/(engine|kernel)\.js/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && ours(pid)).length;
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[1]);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
