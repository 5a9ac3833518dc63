import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environmentOf, identify, listProcesses, parseStat } from './process-table.js';
import { untilGone } from './run-process.js';

describe('process table', () => {
  test('a process name with spaces and brackets does not shift the fields', () => {
    const stat = `42 (a) b (c) S 1 42 42 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 987654 1000 2000 18446744073709551615`;
    expect(parseStat(stat)).toEqual({ state: 'S', startTicks: '987654' });
    expect(parseStat('')).toBeNull();
  });

  test('a process is known by pid and start time, and is gone when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a mark'], { env: { MARK: 'here' } });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const found = identify(pid);
    expect(found).toMatchObject({ pid, command: expect.stringContaining('a mark') });
    expect(identify(pid)?.startTime).toBe(found?.startTime);
    expect(identify(process.pid)?.startTime).not.toBe(found?.startTime);
    expect(listProcesses().map((one) => one.pid)).toContain(pid);
    if (process.platform === 'linux') expect(environmentOf(pid, 'MARK')).toBe('here');
    expect(await untilGone({ pid, startTime: found?.startTime ?? '' }, 0)).toBe(false);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await untilGone({ pid, startTime: found?.startTime ?? '' }, 2_000)).toBe(true);
    expect(identify(pid)).toBeNull();
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 22 + 1])('%p is no process', (pid) => {
    expect(identify(pid)).toBeNull();
  });
});
