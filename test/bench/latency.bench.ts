/**
 * From the sending of an alert to a console, to a webhook and to a mail server, at 100/s and with 50 always under way.
 * Each alert opens an incident of its own. Sent -> arrived, so accepting it is in it.
 */
import { until } from '@tocsin/testing';
import { io } from 'socket.io-client';
import { Console, Person } from '../system/people';
import { alertmanagerText, type AlertKind, alertText, nextKey } from './load-alerts';
import { BareAlertmanager, hasAlertmanager } from './load-alertmanager';
import { BarePipeline } from './load-bare-child';
import { CpuAccount } from './load-cpu';
import { type Door, openLoop, Wire } from './load-client';
import { type Bench, bench, percentile } from './load-report';
import { type Arrivals, MailSink, Sink } from './load-sink';
import { BenchSystem } from './load-system';

interface Ms {
  readonly p50: number;
  readonly p99: number;
}
type Sent = Map<string, number>;

bench('Latency: from an alert to the console and to its page', async (on) => {
  const [sink, mail] = [await Sink.open(), await MailSink.open()];
  const bench = await BenchSystem.start({ sink, mail });
  const console = new Console(await Person.signIn(bench.system, 'operator'));
  const seconds = on.size(20, 4);
  try {
    await until(() => console.connected, { what: 'console' });
    // A control room's services are warm; cold ones are three times as slow.
    await paced(bench.door, { incident: 'own', page: 'webhook' }, on.size(15, 3));
    const bare = await bareConsole(bench, seconds);
    const alone = await bareWebhook(sink, seconds);
    const cpu = await CpuAccount.open(bench);
    const sent = await paced(bench.door, { incident: 'own', page: 'webhook' }, seconds);
    await arrived(sent, sink);
    on.say(`  ${cpu.text(sent.size)}`);
    tell(
      on,
      'alert -> console, 100/s',
      await onConsole(sent, console),
      { p50: 10, p99: 50 },
      { name: 'bare insert and Socket.IO', ms: bare },
    );
    tell(
      on,
      'alert -> webhook, 100/s',
      await ofArrivals(sent, sink),
      { p50: 20, p99: 200 },
      { name: 'Alertmanager', ms: alone },
    );
    const mailed = await paced(bench.door, { incident: 'own', page: 'mail' }, seconds);
    await arrived(mailed, mail);
    tell(on, 'alert -> mail, 100/s', await ofArrivals(mailed, mail), { p50: 20, p99: 200 });
    const busy = await saturated(bench.door, sink, { inFlight: 50, total: on.size(8_000, 800) });
    tell(on, `alert -> webhook, 50 always under way (${Math.round(busy.perS)}/s)`, await ofArrivals(busy.sent, sink));
    tell(on, `alert -> console, 50 always under way (${Math.round(busy.perS)}/s)`, await onConsole(busy.sent, console));
  } finally {
    console.close();
    await bench.stop();
    sink.close();
    await mail.close();
  }
});

function tell(on: Bench, name: string, ms: Ms, floor?: Ms, baseline?: { name: string; ms: Ms | null }): void {
  for (const share of ['p50', 'p99'] as const) {
    const beside = baseline?.ms ? { baseline: { name: baseline.name, value: baseline.ms[share] } } : {};
    on.row({
      name: `${name}, ${share}`,
      value: ms[share],
      unit: 'ms',
      better: 'less',
      ...(floor ? { floor: floor[share] } : {}),
      ...beside,
    });
  }
}

/** 100 alerts a second, each with a key of its own. @returns when each was sent. */
async function paced(
  door: Door,
  kind: AlertKind,
  seconds: number,
  text = (key: string): string => alertText(key, kind),
): Promise<Sent> {
  const sent: Sent = new Map();
  const keys: string[] = [];
  const { refused } = await openLoop({
    door,
    perSecond: 100,
    seconds,
    body: (n) => text(keys[n] ?? ''),
    sentAt: (n, at) => void sent.set((keys[n] = nextKey()), at),
  });
  if (refused > 0) throw new Error(`${refused} alerts were refused`);
  return sent;
}

const arrived = (sent: Sent, at: Arrivals): Promise<true> =>
  until(() => ([...sent.keys()].every((key) => at.firstAt.has(key)) ? true : undefined), {
    timeoutMs: 60_000,
    everyMs: 50,
    what: 'every page',
  });

const spread = (values: readonly number[]): Ms => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });

async function ofArrivals(sent: Sent, at: Arrivals): Promise<Ms> {
  await arrived(sent, at);
  return spread([...sent].map(([key, sentAt]) => (at.firstAt.get(key) ?? Number.NaN) - sentAt));
}

async function onConsole(sent: Sent, console: Console): Promise<Ms> {
  const shown = (): Map<string, number> => {
    const of = new Map<string, number>();
    for (const { at, event } of console.arrivals)
      if (event.type === 'alert.accepted') of.set(String(event.data['key']), at);
    return of;
  };
  const at = await until(
    () => {
      const now = shown();
      return [...sent.keys()].every((key) => now.has(key)) ? now : undefined;
    },
    { timeoutMs: 60_000, everyMs: 100, what: 'every alert on the console' },
  );
  if (console.gaps.length > 0) throw new Error(`holes: ${console.gaps.slice(0, 3).join(', ')}`);
  return spread([...sent].map(([key, sentAt]) => (at.get(key) ?? Number.NaN) - sentAt));
}

/** Each of `inFlight` connections sends its next alert when the page of its last one has arrived. */
async function saturated(
  door: Door,
  sink: Sink,
  { inFlight, total }: { inFlight: number; total: number },
): Promise<{ sent: Sent; perS: number }> {
  const sent: Sent = new Map();
  const waiting = new Map<string, () => void>();
  sink.onFirst = (title) => {
    waiting.get(title)?.();
    waiting.delete(title);
  };
  const one = async (wire: Wire): Promise<void> => {
    while (sent.size < total) {
      const key = nextKey();
      await new Promise<void>((resolve) => {
        waiting.set(key, resolve);
        sent.set(key, performance.now());
        wire.send(alertText(key, { incident: 'own', page: 'webhook' }), (status) => {
          if (status !== 202) throw new Error(`answered ${status}`);
        });
      });
    }
    wire.close();
  };
  const beganAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, () => one(new Wire(door))));
  sink.onFirst = undefined;
  return { sent, perS: sent.size / ((performance.now() - beganAt) / 1_000) };
}

async function bareConsole(bench: BenchSystem, seconds: number): Promise<Ms> {
  const bare = await BarePipeline.start(bench.system.run.postgres);
  const socket = io(`${bare.url}/console`, { transports: ['websocket'] });
  const shownAt = new Map<string, number>();
  socket.on('events', ({ events }: { events: { data: { key: string } }[] }) => {
    for (const { data } of events) shownAt.set(data.key, performance.now());
  });
  await new Promise<void>((resolve) => socket.on('connect', () => socket.emit('subscribe', {}, () => resolve())));
  try {
    const sent = await paced({ url: bare.url, path: '/' }, { incident: 'own' }, Math.min(seconds, 10));
    await until(() => shownAt.size >= sent.size, { timeoutMs: 10_000, what: 'every alert at the bare console' });
    return spread([...sent].map(([key, sentAt]) => (shownAt.get(key) ?? Number.NaN) - sentAt));
  } finally {
    socket.close();
    await bare.stop();
  }
}

async function bareWebhook(sink: Sink, seconds: number): Promise<Ms | null> {
  if (!hasAlertmanager) return null;
  const manager = await BareAlertmanager.start(sink.url);
  try {
    return await ofArrivals(
      await paced(manager.door, { incident: 'own' }, Math.min(seconds, 10), alertmanagerText),
      sink,
    );
  } finally {
    await manager.stop();
  }
}
