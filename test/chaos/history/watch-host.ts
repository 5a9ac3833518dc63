import { readFileSync } from 'node:fs';
import type { Recorder } from './recorder';

const everyMs = 5_000;

/** Jiffies of all processors since the machine started. */
interface Spent {
  readonly all: number;
  readonly stolen: number;
}

/**
 * Writes down every 5 s what share of the processors' time the host of this virtual machine gave to others meanwhile.
 * Nothing where the kernel does not tell (proc_stat(5): `steal`).
 */
export function watchHost(recorder: Recorder): { stop(): void } {
  let before = spent();
  const timer = setInterval(() => {
    const now = spent();
    if (before !== undefined && now !== undefined && now.all > before.all)
      recorder.write({ f: 'stolen', ph: 'ok', share: (now.stolen - before.stolen) / (now.all - before.all) });
    before = now;
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

function spent(): Spent | undefined {
  try {
    // user nice system idle iowait irq softirq steal; guest times are within user and nice.
    const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').split(/ +/);
    const jiffies = fields.slice(0, 8).map(Number);
    return { all: jiffies.reduce((sum, one) => sum + one, 0), stolen: jiffies[7] ?? 0 };
  } catch {
    return undefined;
  }
}
