/** `samrefiner models fetch`. */
import type { Command } from "commander";
import { describeModel, type FetchProgress, fetchModel } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { Terminal } from "../terminal.ts";
import { bytes } from "../units.ts";

const help = `
Files come over HTTPS, through the proxy that HTTPS_PROXY and NO_PROXY name. A fetch that was interrupted goes on
where it ended. A model counts as there when its files are complete, their sha256 is right and its graphs open.`;

const STAGES: Readonly<Record<FetchProgress["stage"], string>> = {
  download: "fetching",
  unpack: "unpacking",
  inspect: "opening",
};

/** Adds the command to its group. */
export function addModelsFetch(models: Command, { io }: Context): void {
  models
    .command("fetch")
    .description("fetch a model into your folder of models; the embedded one comes with the install")
    .argument("<names...>", "models of the list")
    .addHelpText("after", help)
    .action(async (names: readonly string[]) => {
      for (const name of names) await fetchOne(name, new Terminal(io, {}), io.signal);
    });
}

async function fetchOne(name: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  try {
    const { fetched, pinned } = await fetchModel(name, { signal, onProgress: show(terminal) });
    for (const { file, sha256, confirmedByHost } of pinned) {
      const witness = confirmedByHost
        ? "only the host that sent it named its sha256"
        : "nobody had written down its sha256";
      terminal.note(`${file}: ${witness}, ${sha256}; from now on no other content is taken`);
    }
    const { source, size = 0 } = await describeModel(name);
    if (fetched) terminal.line(`${name}: fetched, ${bytes(size)}`);
    else if (source === "embedded")
      terminal.line(`${name}: came with the install, its files are complete; nothing to fetch`);
    else terminal.line(`${name}: is here, its files are complete; nothing to fetch`);
  } finally {
    terminal.clear();
  }
}

/** Mebibytes: a bar that counts bytes would be all digits. */
function show(terminal: Terminal): (progress: FetchProgress) => void {
  const mebibytes = (count: number): number => Math.floor(count / 2 ** 20);
  return ({ stage, file, done, total }) => {
    const counts = total === undefined ? {} : { done: mebibytes(done), total: mebibytes(total), unit: "MiB" };
    terminal.progress({ label: `${STAGES[stage]} ${file}`, ...counts });
  };
}
