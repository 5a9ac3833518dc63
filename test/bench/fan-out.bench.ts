/**
 * Frames to 500 consoles: the gateway, which reads them from the log, beside a bare Socket.IO server that is handed the
 * same bytes. Both begin from a full stop with everything ready to be sent; the clock runs from the first arrival to
 * the last. The consoles only count.
 */
import { alertArray } from './load-alerts';
import { BarePipeline } from './load-bare-child';
import { closedLoop } from './load-client';
import { Consoles } from './load-consoles';
import { cpuMicros } from './load-cpu';
import { type Bench, bench, percentile } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';
import { Person } from '../system/people';
import { until } from '@tocsin/testing';

interface Round {
  readonly perS: number;
  readonly cpuMicros: number;
  readonly bytes: number;
  readonly frames: readonly string[];
}

bench('Fan-out: bytes per second to many consoles', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  const many = on.size(500, 100);
  const consoles = new Consoles(bench.system.gateway, (await Person.signIn(bench.system, 'operator')).token);
  const bare = await BarePipeline.start(bench.system.run.postgres);
  const listeners = new Consoles(bare.url, '');
  try {
    await consoles.open(many);
    await listeners.open(many);
    const rounds: { ours: Round; theirs: Round }[] = [];
    for (let round = 0; round < on.size(7, 3); round += 1) {
      const ours = await ofGateway(bench, consoles, many);
      rounds.push({ ours, theirs: await ofBare(bare, listeners, ours, many) });
    }
    // The first round warms both up.
    tell(on, rounds.slice(1), many);
    if (consoles.lost + listeners.lost > 0) on.say(`  ${consoles.lost} and ${listeners.lost} consoles were cut`);
  } finally {
    consoles.close();
    listeners.close();
    await bare.stop();
    await bench.stop();
    sink.close();
  }
});

function tell(on: Bench, rounds: readonly { ours: Round; theirs: Round }[], many: number): void {
  const median = (of: (round: { ours: Round; theirs: Round }) => number): number => percentile(rounds.map(of), 0.5);
  on.row({
    name: `fan-out to ${many} consoles`,
    value: median(({ ours }) => ours.perS) / 1e6,
    unit: 'MB/s',
    better: 'more',
    baseline: { name: 'bare Socket.IO, same bytes', value: median(({ theirs }) => theirs.perS) / 1e6 },
    floor: 0.8,
    floorOf: 'ratio',
    note: `median of ${rounds.length} rounds of ${(median(({ ours }) => ours.bytes) / 1e6).toFixed(1)} MB`,
  });
  on.row({
    name: 'CPU of the sending process per MB sent',
    value: median(({ ours }) => ours.cpuMicros / (ours.bytes / 1e6)) / 1_000,
    unit: 'ms',
    better: 'less',
    baseline: {
      name: 'bare Socket.IO',
      value: median(({ theirs }) => theirs.cpuMicros / (theirs.bytes / 1e6)) / 1_000,
    },
  });
}

/** The gateway is stopped while alerts are merged, then goes on with all of them to tell at once. */
async function ofGateway(bench: BenchSystem, consoles: Consoles, many: number): Promise<Round> {
  await quiet(consoles);
  consoles.reset();
  bench.signal('gateway', 'SIGSTOP');
  await closedLoop({
    door: bench.door,
    connections: 2,
    each: 100,
    body: alertArray({ incident: 'group' }, 100),
    requests: 8,
  });
  await bench.merged();
  const { pid } = bench.system.run.services.gateway;
  const before = cpuMicros(pid);
  bench.signal('gateway', 'SIGCONT');
  await quiet(consoles);
  const frames = [...consoles.kept];
  if (consoles.frames !== frames.length * many)
    throw new Error(`${consoles.frames} frames arrived, not ${frames.length} for each of ${many}`);
  return { perS: rate(consoles), cpuMicros: cpuMicros(pid) - before, bytes: consoles.bytes, frames };
}

async function ofBare(bare: BarePipeline, listeners: Consoles, { frames }: Round, many: number): Promise<Round> {
  listeners.reset();
  const before = cpuMicros(bare.pid);
  bare.broadcast(frames);
  await until(() => listeners.frames === frames.length * many, {
    timeoutMs: 60_000,
    what: 'every frame at every listener',
  });
  return { perS: rate(listeners), cpuMicros: cpuMicros(bare.pid) - before, bytes: listeners.bytes, frames };
}

const rate = ({ bytes, firstAt, lastAt }: Consoles): number => bytes / Math.max(0.000_1, (lastAt - firstAt) / 1_000);

/** Nothing has arrived for a second. */
async function quiet(consoles: Consoles): Promise<void> {
  const since = performance.now();
  await until(() => performance.now() - Math.max(since, consoles.lastAt) > 1_000, {
    timeoutMs: 60_000,
    what: 'a quiet second',
  });
}
