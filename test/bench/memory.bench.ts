/** Resident memory of the five processes after a minute without work. Beside it: five Node processes that do nothing. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bench } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

bench('Memory: the five processes, idle', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  const bare = Array.from({ length: 5 }, () =>
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }),
  );
  try {
    await new Promise((resolve) => setTimeout(resolve, on.size(60_000, 5_000)));
    const { services } = bench.system.run;
    const pids = {
      supervisor: bench.system.pid,
      ...Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, pid])),
    };
    const each = Object.entries(pids).map(([name, pid]) => [name, residentMb(pid)] as const);
    const baseline = {
      name: 'five idle Node processes',
      value: bare.reduce((sum, { pid }) => sum + residentMb(pid ?? 0), 0),
    };
    on.row({
      name: 'resident memory of the five processes',
      value: each.reduce((sum, [, mb]) => sum + mb, 0),
      unit: 'MB',
      better: 'less',
      floor: 650,
      baseline,
      note: each.map(([name, mb]) => `${name} ${Math.round(mb)}`).join(', '),
    });
  } finally {
    for (const child of bare) child.kill('SIGKILL');
    await bench.stop();
    sink.close();
  }
});

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1_024;
}
