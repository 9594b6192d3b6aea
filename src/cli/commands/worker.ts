/** `samrefiner worker`: photos from a queue, refined on this machine. */
import type { Command } from "commander";
import { type DeviceName, deviceNames, type WorkerEvent, workOnQueue } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { choice } from "../options/choice.ts";
import {
  addPlaceOptions,
  addQueueOption,
  type PlaceFlags,
  type QueueFlag,
  queueAddress,
} from "../options/queue-options.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { counted, duration } from "../units.ts";

interface WorkerFlags extends QueueFlag, PlaceFlags, Voice {
  readonly device: "auto" | DeviceName;
  readonly threads?: number;
  readonly concurrency?: number;
  readonly lostAfter?: number;
  readonly grace?: number;
  readonly name?: string;
}

const devices = ["auto", ...deviceNames] as const;

const help = `
Start one on each device of any number of machines, and a run anywhere: "samrefiner run … --queue". The run says
what its photos are refined with. Ctrl-C or SIGTERM lets the worker finish its photo, or hand it back; a worker
that is lost is found out, and its photo is done by another one. docs/scale.md has more.

Examples:
  $ samrefiner worker --queue redis://queue:6379 --root /mnt/shared
  $ SAMREFINER_QUEUE_URL=rediss://:password@queue:6380 samrefiner worker --store s3://bucket/refining --device cuda`;

/** Adds the command to the program. */
export function addWorker(program: Command, context: Context): void {
  const command = program.command("worker").description("refine photos of a queue, until it is stopped");
  addPlaceOptions(addQueueOption(command, "the queue"))
    .option("--device <name>", `${devices.join(", ")}`, choice("device", devices), "auto")
    .option("--threads <n>", "CPU threads (default: all cores)", wholeNumber("--threads", 1, 1024))
    .option("--concurrency <n>", "photos at a time (default: 1)", wholeNumber("--concurrency", 1, 64))
    .option(
      "--lost-after <s>",
      "seconds without a sign of life after which a worker counts as lost (default: 120)",
      wholeNumber("--lost-after", 1, 86_400),
    )
    .option(
      "--grace <s>",
      "seconds to finish a photo when stopped, before it is handed back (default: 20)",
      wholeNumber("--grace", 0, 86_400),
    )
    .option(
      "--name <name>",
      "what this worker is called (default: the machine's name and the process number)",
    )
    .option("--quiet", "print errors only")
    .addHelpText("after", help)
    .action((flags: WorkerFlags) => work(flags, context));
}

async function work(flags: WorkerFlags, { io }: Context): Promise<void> {
  const terminal = new Terminal(io, flags);
  let photos = 0;
  const onEvent = (event: WorkerEvent): void => {
    if (event.kind === "photo") photos++;
    tell(event, terminal);
  };
  const { root, store, device, threads, concurrency, lostAfter, grace, name } = flags;
  await workOnQueue({
    queue: queueAddress(flags),
    ...{ root, store, device, threads, concurrency, lostAfter, grace, name },
    ...{ signal: io.signal, onEvent },
  });
  terminal.line(`stopped after ${counted(photos, "photo")}`);
}

function tell(event: WorkerEvent, terminal: Terminal): void {
  if (event.kind === "ready") terminal.line(`${event.worker} works on ${event.queue}`);
  else if (event.kind === "photo")
    terminal.line(`${event.key}: ${counted(event.regions, "region")} in ${duration(event.ms)}`);
  else if (event.kind === "fetch") terminal.note(`fetching the model ${event.model}`);
  else if (event.kind === "waiting") terminal.error(`the queue is out of reach (${event.reason}): waiting`);
  else if (event.kind === "refused") terminal.error(`${event.key} goes back to the queue: ${event.reason}`);
  else terminal.error(`${event.key} failed: ${event.reason}`);
}
