#!/usr/bin/env node
/** The process of the command line tool. */
import { processIo } from "./io.ts";
import { main } from "./main.ts";
import { stopOnSignals } from "./stop.ts";

const signal = stopOnSignals();
process.exitCode = await main(process.argv.slice(2), processIo(signal));
// Work that cannot be aborted may still run: nobody waits for it.
if (signal.aborted) process.stdout.write("", () => process.stderr.write("", () => process.exit()));
