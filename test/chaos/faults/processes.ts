import { setTimeout as wait } from 'node:timers/promises';
import { between, type Random } from '../history/random';
import { type ServiceName, services } from '../servers/system';
import type { Family, Fault, World } from './world';

/** The supervisor waits at most 5 s before it starts again what keeps dying. */
const restartWithinMs = 8_000;

/** SIGKILL, stalls, and an event loop that turns in jerks, of each service. */
export const processFaults: Family = () =>
  services.flatMap((service) => [kill(service), stall(service), jerks(service)]);

const kill = (service: ServiceName): Fault => ({
  kind: 'kill',
  target: service,
  inflict: async ({ system }) => {
    const pid = system.pidOf(service);
    process.kill(pid, 'SIGKILL');
    await restarted(system, service, pid);
    return `SIGKILL of ${pid}`;
  },
});

/** Over when the supervisor has launched it again; what it then takes to serve is the service's own. */
export async function restarted(system: World['system'], service: ServiceName, deadPid: number): Promise<void> {
  const deadline = performance.now() + restartWithinMs;
  while (system.pidOf(service) === deadPid && performance.now() < deadline) await wait(20);
}

const stall = (service: ServiceName): Fault => ({
  kind: 'stall',
  target: service,
  inflict: async ({ system }, random) => {
    const ms = stallMs(random);
    await stopFor(system.pidOf(service), ms);
    return `SIGSTOP for ${Math.round(ms)} ms`;
  },
});

/** 0.2 to 12 s, short ones as often as long ones: each power of two has the same share. */
const stallMs = (random: Random): number => 200 * 60 ** random();

const jerks = (service: ServiceName): Fault => ({
  kind: 'loop-stall',
  target: service,
  inflict: async ({ system }, random) => {
    const pid = system.pidOf(service);
    const count = Math.round(between(random, 10, 30));
    for (let n = 0; n < count; n += 1) {
      await stopFor(pid, between(random, 50, 400));
      await wait(between(random, 10, 100));
    }
    return `${count} stops of 50 to 400 ms`;
  },
});

export async function stopFor(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await wait(ms);
  try {
    process.kill(pid, 'SIGCONT');
  } catch (error) {
    // Another fault may have killed it meanwhile, or a watchdog.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
