/** `samrefiner queue`: looking at a queue and tidying it up. */
import type { Command } from "commander";
import { drainQueue, type QueueStatus, queueStatus, retryQueue } from "../../sdk/mod.ts";
import type { Context } from "../context.ts";
import { addQueueOption, type QueueFlag, queueAddress } from "../options/queue-options.ts";
import { Terminal, type Voice } from "../terminal.ts";
import { counted } from "../units.ts";

type QueueFlags = QueueFlag & Voice;

/** Adds the command to the program. */
export function addQueue(program: Command, context: Context): void {
  const queue = program.command("queue").description("look at the queue that runs and workers share");
  const add = (
    name: string,
    description: string,
    action: (flags: QueueFlags, terminal: Terminal) => Promise<void>,
  ): void => {
    addQueueOption(queue.command(name).description(description), "the queue")
      .option("--json", "print one JSON object")
      .action((flags: QueueFlags) => action(flags, new Terminal(context.io, flags)));
  };
  add("status", "what waits, what is being done, who works, and what failed for good", status);
  add("drain", "take out every job that no worker is at; runs end and can be resumed", drain);
  add("retry", "put back the jobs that failed for good", retry);
}

async function status(flags: QueueFlags, terminal: Terminal): Promise<void> {
  const found = await queueStatus(queueAddress(flags));
  if (flags.json === true) terminal.json(found);
  for (const line of statusLines(found)) terminal.line(line);
}

function statusLines(status: QueueStatus): string[] {
  const { queue, protocol, waiting, active, delayed, done, failed, workers, deadLetters } = status;
  return [
    `${queue}: ${protocol}`,
    `${counted(workers.length, "worker")}${workers.length === 0 ? "" : `: ${workers.join(", ")}`}`,
    `jobs: ${waiting} waiting, ${active} active, ${delayed} delayed, ${done} done and not taken, ${failed} failed for good`,
    ...deadLetters.map(({ key, reason, ended }) => `  ${key}: ${reason} (${ended})`),
  ];
}

async function drain(flags: QueueFlags, terminal: Terminal): Promise<void> {
  const drained = await drainQueue(queueAddress(flags));
  if (flags.json === true) terminal.json(drained);
  const { waiting, ended, active } = drained;
  terminal.line(`${counted(waiting, "job")} taken out, ${ended} that had ended; workers are at ${active}`);
}

async function retry(flags: QueueFlags, terminal: Terminal): Promise<void> {
  const jobs = await retryQueue(queueAddress(flags));
  if (flags.json === true) terminal.json({ jobs });
  terminal.line(`${counted(jobs, "job")} put back`);
}
