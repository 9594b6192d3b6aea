// How many photos a second a run carries on a queue, by the number of workers, and what is the limit: a simulation of the
// stages that bench/queue.mjs measured. node bench/queue-capacity.mjs [figures.json]
import { readFileSync } from "node:fs";

const path = process.argv[2] ?? new URL("results/queue.json", import.meta.url);
const { bytes, paced, rows } = JSON.parse(readFileSync(path, "utf8"));
const PHOTOS = 4000;
/** At least two jobs a worker, as docs/scale.md says. */
const window = (workers) => Math.max(128, 2 * workers);
/** Bytes a second of the link that all results and photos pass. */
const LINK = 125e6;
/** What workers take for a photo, milliseconds: two cores with one mask a photo, as measured; and a device assumed to be faster. */
const WORKERS = [
  ["1.3 s a photo: CPU", 1300],
  ["0.1 s a photo: an assumed GPU", 100],
];
const COUNTS = [1, 4, 16, 64, 256];

// The ceiling that was measured is that of the process which writes results and journal.
const coordinator = Math.min(...rows.map(({ msPerPhoto }) => msPerPhoto));
const redis = Math.max(...rows.map(({ redisCpuMs }) => redisCpuMs));
const network = ((bytes.photo + 2 * bytes.mask + rows[0].redisBytes) / LINK) * 1000;
const stages = { worker: undefined, network, redis, run: coordinator };

console.log(
  `a photo: run ${coordinator.toFixed(1)} ms, Redis ${redis.toFixed(2)} ms, network ${network.toFixed(2)} ms, a worker's overhead ${paced.overheadMs.toFixed(1)} ms`,
);
console.log("| workers | a worker | photos/s | limit | 118,000 photos |\n|---|---|---|---|---|");
for (const [name, ms] of WORKERS)
  for (const count of COUNTS) {
    const { perSecond, busiest } = simulate(count, ms + paced.overheadMs);
    console.log(
      `| ${count} | ${name} | ${perSecond.toFixed(1)} | ${busiest} | ${hours(118_000 / perSecond)} |`,
    );
  }

/**
 * Photos pass a worker, and one after the other network, Redis and the run; at most a window of them is under way.
 * Times vary by a third around their mean, the same way each time.
 */
function simulate(count, workerMs) {
  const random = generator(1);
  const most = window(count);
  const free = Array(count).fill(0);
  const busy = { worker: 0, network: 0, redis: 0, run: 0 };
  const until = { network: 0, redis: 0, run: 0 };
  const ends = [];
  for (let photo = 0; photo < PHOTOS; photo++) {
    const sent = photo < most ? 0 : ends[photo - most];
    const worker = free.indexOf(Math.min(...free));
    const spent = workerMs * (0.67 + 0.66 * random());
    let at = Math.max(sent, free[worker]) + spent;
    free[worker] = at;
    busy.worker += spent / count;
    for (const stage of ["network", "redis", "run"]) {
      at = Math.max(at, until[stage]) + stages[stage];
      until[stage] = at;
      busy[stage] += stages[stage];
    }
    ends.push(at);
  }
  const wall = Math.max(...ends);
  const [busiest] = Object.entries(busy).sort(([, a], [, b]) => b - a)[0];
  return { perSecond: (PHOTOS / wall) * 1000, busiest };
}

/** Numbers from 0 to 1, always the same. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function hours(seconds) {
  return seconds < 3600 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
