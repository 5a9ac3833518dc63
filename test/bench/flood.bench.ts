/** Critical alerts, 20 a second, alone and during a flood of low ones: until they are merged, and until their page is out. */
import { until } from '@tocsin/testing';
import { alertArray, alertText, nextKey, oneAlert } from './load-alerts';
import { closedLoop, openLoop } from './load-client';
import { bench, percentile } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

interface Critical {
  readonly merged: readonly number[];
  readonly paged: readonly number[];
}

bench('Flood: critical alerts while low ones flood', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  const seconds = on.size(15, 4);
  try {
    await critical(bench, sink, 2);
    const alone = await critical(bench, sink, seconds);
    const ms = (seconds + 1) * 1_000;
    const flood = [
      closedLoop({
        door: bench.door,
        connections: 4,
        each: 100,
        body: alertArray({ incident: 'group', severity: 'low' }, 100),
        ms,
      }),
      closedLoop({
        door: bench.door,
        connections: 10,
        body: oneAlert({ incident: 'own', severity: 'low', page: 'webhook' }),
        ms,
      }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 500));
    const flooded = await critical(bench, sink, seconds);
    const floods = await Promise.all(flood);
    const note = `${Math.round(floods.reduce((sum, { perS }) => sum + perS, 0))} low/s accepted meanwhile`;
    for (const share of [0.5, 0.99]) {
      const floor = share === 0.99 ? { floor: 200 } : {};
      on.row({
        name: `critical accepted -> merged in a flood, p${share * 100}`,
        value: percentile(flooded.merged, share),
        unit: 'ms',
        better: 'less',
        ...floor,
        baseline: { name: 'without the flood', value: percentile(alone.merged, share) },
        note,
      });
      on.row({
        name: `critical sent -> webhook in a flood, p${share * 100}`,
        value: percentile(flooded.paged, share),
        unit: 'ms',
        better: 'less',
        ...floor,
        baseline: { name: 'without the flood', value: percentile(alone.paged, share) },
      });
    }
    on.say(
      `  the flood was merged ${Math.round(((await bench.merged()) - (floods[0]?.beganAt ?? 0)) / 1_000 - seconds)} s later`,
    );
  } finally {
    await bench.stop();
    sink.close();
  }
});

async function critical(bench: BenchSystem, sink: Sink, seconds: number): Promise<Critical> {
  const keys: string[] = [];
  const sent: number[] = [];
  const note = (n: number, at: number): void => {
    keys[n] = nextKey();
    sent[n] = at;
  };
  const { refused } = await openLoop({
    door: bench.door,
    perSecond: 20,
    seconds,
    body: (n) => alertText(keys[n] ?? '', { incident: 'own', severity: 'critical', page: 'webhook' }),
    sentAt: note,
  });
  if (refused > 0) throw new Error(`${refused} critical alerts were refused`);
  await until(() => keys.every((key) => sink.firstAt.has(key)), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: 'every critical page',
  });
  const { rows } = await bench.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM merged_at - accepted_at) * 1000)::float8 AS ms FROM alert WHERE key = ANY($1) AND merged_at IS NOT NULL`,
    [keys],
  );
  if (rows.length !== keys.length) throw new Error(`${rows.length} of ${keys.length} were merged`);
  return {
    merged: rows.map(({ ms }) => ms),
    paged: keys.map((key, n) => (sink.firstAt.get(key) ?? Number.NaN) - (sent[n] ?? 0)),
  };
}
