/**
 * Alerts accepted, answered after COMMIT: with engine and notifier stopped, with all running, and with a webhook for
 * each. Beside it in the same run: a bare insert of the same rows, and Debian's Alertmanager, which keeps them in memory.
 */
import { alertArray, alertmanagerArray, type AlertKind, oneAlert } from './load-alerts';
import { BareAlertmanager, hasAlertmanager } from './load-alertmanager';
import { bareInsert } from './load-bare-insert';
import { closedLoop, type Door, type LoadResult } from './load-client';
import { CpuAccount } from './load-cpu';
import { type Bench, bench } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

interface Case {
  readonly name: string;
  readonly connections: number;
  readonly each: number;
}
const cases: readonly Case[] = [
  { name: 'singles, 1 connection', connections: 1, each: 1 },
  { name: 'singles, 10 connections', connections: 10, each: 1 },
  { name: 'singles, 50 connections', connections: 50, each: 1 },
  { name: 'arrays of 100, 10 connections', connections: 10, each: 100 },
];
/** The ones that are repeated with everything running. */
const [, , singles50, arrays100] = cases as [Case, Case, Case, Case];
type Rates = Map<string, number>;

bench('Intake: alerts accepted per second', async (on) => {
  const sink = await Sink.open();
  const ms = on.size(5_000, 1_000);
  const bench = await BenchSystem.start({ sink });
  try {
    await closedLoop({
      door: bench.door,
      connections: 10,
      body: oneAlert({ incident: 'group' }),
      ms: on.size(4_000, 1_000),
    });
    await bench.merged();
    const inMemory = await ofAlertmanager(on, null, cases, ms);
    const bare = await bareRates(on, bench);
    for (const one of cases) {
      const result = await paused(bench, one, ms);
      // Seen alive between two pauses, or the supervisor would end what it takes for dead.
      await new Promise((resolve) => setTimeout(resolve, on.size(6_000, 0)));
      const floor = one === singles50 ? 0.3 : undefined;
      if (one !== arrays100)
        on.row({
          name: `accepted, ${one.name}, engine paused`,
          value: result.perS,
          unit: '/s',
          better: 'more',
          floor,
          floorOf: 'ratio',
          ...against('Alertmanager in memory', inMemory.get(one.name)),
          note: detail(result),
        });
      else
        on.row({
          name: `accepted, ${one.name}, engine paused, against Alertmanager`,
          value: result.perS,
          unit: '/s',
          better: 'more',
          ...against('Alertmanager in memory', inMemory.get(one.name)),
          note: detail(result),
        });
      on.row({
        name: `accepted, ${one.name}, engine paused, against the bare insert`,
        value: result.perS,
        unit: '/s',
        better: 'more',
        ...against(`bare insert of ${one.each} a commit`, bare.get(one.name)),
        ...(one === arrays100 ? { floor: 0.5, floorOf: 'ratio' as const } : {}),
      });
    }
    await running(on, bench, { kind: { incident: 'group' }, label: 'all running, no page', rates: inMemory, ms });
    const withWebhook = await ofAlertmanager(on, sink, [singles50, arrays100], ms);
    await running(on, bench, {
      kind: { incident: 'own', page: 'webhook' },
      label: 'all running, a webhook each',
      rates: withWebhook,
      ms,
    });
  } finally {
    await bench.stop();
    sink.close();
  }
});

const against = (name: string, value: number | undefined) => (value === undefined ? {} : { baseline: { name, value } });
const bodyOf = (kind: AlertKind, { each }: Case): (() => string) =>
  each === 1 ? oneAlert(kind) : alertArray(kind, each);

function load(door: Door, { connections, each }: Case, body: () => string, ms: number): Promise<LoadResult> {
  return closedLoop({ door, connections, each, body, ms });
}

function detail({ p50Ms, p99Ms, refused }: LoadResult): string {
  return `p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(1)} ms${refused > 0 ? `, ${refused} REFUSED` : ''}`;
}

async function paused(bench: BenchSystem, one: Case, ms: number): Promise<LoadResult> {
  await bench.merged();
  await bench.pauseLanes();
  try {
    await bench.forgetAlerts();
    const cpu = await CpuAccount.open(bench);
    const result = await load(bench.door, one, bodyOf({ incident: 'group' }, one), ms);
    console.log(`     ${cpu.text(result.accepted)}`);
    await bench.forgetAlerts();
    return result;
  } finally {
    bench.resumeLanes();
  }
}

interface Running {
  readonly kind: AlertKind;
  readonly label: string;
  readonly rates: Rates;
  readonly ms: number;
}

async function running(on: Bench, bench: BenchSystem, { kind, label, rates, ms }: Running): Promise<void> {
  for (const one of [singles50, arrays100]) {
    const cpu = await CpuAccount.open(bench);
    const result = await load(bench.door, one, bodyOf(kind, one), ms);
    on.row({
      name: `accepted, ${one.name}, ${label}`,
      value: result.perS,
      unit: '/s',
      better: 'more',
      ...against('Alertmanager on the same work', rates.get(one.name)),
      note: detail(result),
    });
    const mergedAt = await bench.merged();
    on.say(
      `  merged at ${Math.round(result.accepted / ((mergedAt - result.beganAt) / 1_000))}/s; ${cpu.text(result.accepted)}`,
    );
  }
}

/** With a sink: a webhook for each alert, at once. Without: its dispatcher only groups. */
async function ofAlertmanager(on: Bench, sink: Sink | null, chosen: readonly Case[], ms: number): Promise<Rates> {
  const rates: Rates = new Map();
  if (!hasAlertmanager) {
    on.say('no baseline: prometheus-alertmanager is not installed');
    return rates;
  }
  // A fresh one for each case: it keeps all that it was sent.
  for (const one of chosen) {
    const manager = await BareAlertmanager.start(sink?.url ?? null);
    rates.set(one.name, (await load(manager.door, one, alertmanagerArray(one.each), ms)).perS);
    await manager.stop();
  }
  return rates;
}

async function bareRates(on: Bench, bench: BenchSystem): Promise<Rates> {
  const rates: Rates = new Map();
  for (const { name, connections, each } of cases) {
    const rows = on.size(each === 1 ? 20_000 : 100_000, each === 1 ? 1_000 : 10_000);
    // Of the array insert the best of 2 and 4 connections: more are slower on two cores.
    const tries = each === 1 ? [connections] : [2, 4];
    const measured: number[] = [];
    for (const at of tries) {
      const load = { size: each, connections: at, rows, ms: on.size(5_000, 1_000) };
      measured.push(await bareInsert(bench.system.run.postgres, load));
    }
    rates.set(name, Math.max(...measured));
  }
  return rates;
}
