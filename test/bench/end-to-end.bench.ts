/**
 * From the first request until all of it is done: merged into their incidents, or, where each alert opens an incident
 * of its own with a webhook, until the sink has every page. Alertmanager's rate on the same work beside it.
 */
import { until } from '@tocsin/testing';
import { alertArray, alertmanagerArray, type AlertKind, oneAlert } from './load-alerts';
import { BareAlertmanager, hasAlertmanager } from './load-alertmanager';
import { CpuAccount } from './load-cpu';
import { closedLoop, type ClosedLoop } from './load-client';
import { type Bench, bench } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

bench('End to end: alerts per second until they are merged, or their pages are out', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  try {
    await warmUp(bench, sink);
    const alone = await pagesOfAlertmanager(on, sink);
    await merges(on, bench, {
      name: 'single alerts that join groups, until merged',
      each: 1,
      connections: 50,
      floor: 2_000,
      total: on.size(30_000, 3_000),
    });
    await merges(on, bench, {
      name: 'arrays of 100 that join groups, until merged',
      each: 100,
      connections: 10,
      total: on.size(60_000, 6_000),
    });
    await merges(on, bench, {
      name: 'single alerts, each an incident of its own, until merged',
      each: 1,
      connections: 50,
      total: on.size(20_000, 2_000),
      kind: { incident: 'own' },
    });
    const total = on.size(20_000, 2_000);
    sink.clear();
    const cpu = await CpuAccount.open(bench);
    const perS = await pages(
      sink,
      { door: bench.door, connections: 50, body: oneAlert({ incident: 'own', page: 'webhook' }) },
      total,
    );
    on.row({
      name: 'single alerts, each its own incident and webhook, until the sink has it',
      value: perS,
      unit: '/s',
      better: 'more',
      floor: 1_000,
      ...(alone ? { baseline: { name: 'Alertmanager', value: alone } } : {}),
      note: `${sink.doubles} sent twice`,
    });
    on.say(`  ${cpu.text(total)}`);
    on.say(`  left waiting: ${await bench.count(`SELECT count(*) AS n FROM notification WHERE state = 'waiting'`)}`);
  } finally {
    await bench.stop();
    sink.close();
  }
});

async function warmUp(bench: BenchSystem, sink: Sink): Promise<void> {
  await closedLoop({ door: bench.door, connections: 20, body: oneAlert({ incident: 'group' }), requests: 2_000 });
  await pages(sink, { door: bench.door, connections: 20, body: oneAlert({ incident: 'own', page: 'webhook' }) }, 1_000);
  await bench.merged();
}

interface Merge {
  readonly name: string;
  readonly each: number;
  readonly connections: number;
  readonly total: number;
  readonly floor?: number;
  readonly kind?: AlertKind;
}

async function merges(
  on: Bench,
  bench: BenchSystem,
  { name, each, connections, total, floor, kind = { incident: 'group' } }: Merge,
): Promise<void> {
  const body = each === 1 ? oneAlert(kind) : alertArray(kind, each);
  const cpu = await CpuAccount.open(bench);
  const accepted = await closedLoop({ door: bench.door, connections, each, body, requests: total / each });
  const mergedAt = await bench.merged();
  const value = accepted.accepted / ((mergedAt - accepted.beganAt) / 1_000);
  on.row({
    name,
    value,
    unit: '/s',
    better: 'more',
    floor,
    baseline: { name: 'accepted meanwhile', value: accepted.perS },
    note: accepted.refused > 0 ? `${accepted.refused} REFUSED` : undefined,
  });
  on.say(`  ${cpu.text(accepted.accepted)}`);
}

/** Pages per second from the first request until the sink has had one for each. */
async function pages(sink: Sink, load: Omit<ClosedLoop, 'requests'>, total: number): Promise<number> {
  const before = sink.firstAt.size;
  const { accepted, beganAt } = await closedLoop({ ...load, requests: total });
  await until(() => sink.firstAt.size >= before + accepted, {
    timeoutMs: 180_000,
    everyMs: 5,
    what: `${accepted} pages`,
  });
  return accepted / ((sink.lastAt - beganAt) / 1_000);
}

async function pagesOfAlertmanager(on: Bench, sink: Sink): Promise<number | null> {
  if (!hasAlertmanager) return null;
  const manager = await BareAlertmanager.start(sink.url);
  const perS = await pages(
    sink,
    { door: manager.door, connections: 50, body: alertmanagerArray(1) },
    on.size(20_000, 2_000),
  );
  await manager.stop();
  return perS;
}
