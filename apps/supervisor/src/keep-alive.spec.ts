import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { KeptProcess, nextDelay } from './keep-alive.js';
import { identify } from './process-table.js';
import { type Running, run } from './run-process.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-keep-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const node = (script: string) => (): Running =>
  run(
    { file: process.execPath, args: ['-e', script] },
    { env: {}, cwd: dir, logFile: join(dir, 'log'), ownSession: true },
  );

async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await tick();
}

describe('back-off', () => {
  test('doubles up to its cap and begins anew after 5 s of life', () => {
    const delays = [null, 100, 200, 400, 3_200, 5_000].map((before) => nextDelay(before, 10, 5_000));
    expect(delays).toEqual([100, 200, 400, 800, 5_000, 5_000]);
    expect(nextDelay(5_000, 4_999, 5_000)).toBe(5_000);
    expect(nextDelay(5_000, 5_000, 5_000)).toBe(100);
  });
});

describe('a kept process', () => {
  test('is started again when it is killed, and not any more once it is stopped', async () => {
    const said: string[] = [];
    const began: number[] = [];
    const launch = node('setInterval(() => {}, 1000)');
    const kept = new KeptProcess({
      name: 'it',
      launch,
      say: (text) => said.push(text),
      began: ({ pid }) => began.push(pid),
    });
    await kept.start();
    process.kill(kept.pid, 'SIGKILL');
    await untilTrue(() => began.length === 2);
    expect(kept.pid).toBe(began[1]);
    expect(kept.deaths).toBe(1);
    expect(said).toEqual(['it was ended by SIGKILL; starting it again']);
    await kept.stop([
      ['SIGTERM', 2_000],
      ['SIGKILL', 2_000],
    ]);
    expect(identify(began[1] ?? 0)).toBeNull();
    expect(began).toHaveLength(2);
  });

  test('that ignores SIGTERM is ended by the next signal', async () => {
    const kept = new KeptProcess({
      name: 'it',
      launch: node('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'),
      say: () => undefined,
    });
    await kept.start();
    const { pid } = kept;
    await kept.stop([
      ['SIGTERM', 200],
      ['SIGKILL', 2_000],
    ]);
    expect(identify(pid)).toBeNull();
  });

  test('whose program is missing counts as ended, and stops at once', async () => {
    const missing = (): Running =>
      run({ file: join(dir, 'missing'), args: [] }, { env: {}, cwd: dir, logFile: join(dir, 'log'), ownSession: true });
    const kept = new KeptProcess({ name: 'it', launch: missing, say: () => undefined });
    await kept.start();
    await untilTrue(() => kept.deaths > 0);
    expect(kept.lastWords).toContain('could not be started');
    await kept.stop([['SIGTERM', 100]]);
  });
});
