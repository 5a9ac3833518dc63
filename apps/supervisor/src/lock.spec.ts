import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLock, takeLock } from './lock.js';
import { identify } from './process-table.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (content: unknown): void => writeFileSync(join(dir, 'supervisor.lock'), JSON.stringify(content));

async function withOther<T>(
  work: (holder: { pid: number; startTime: string }, end: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  const end = (): Promise<unknown> => {
    child.kill('SIGKILL');
    return exited;
  };
  try {
    return await work({ pid: child.pid ?? 0, startTime: identify(child.pid ?? 0)?.startTime ?? '' }, end);
  } finally {
    await end();
  }
}

describe('lock of TOCSIN_DATA', () => {
  test.each(['', '{', 'null', '{"pid":"1"}', '{"pid":1}', '[]'])('%p was written by no supervisor', (text) => {
    expect(parseLock(text)).toBeNull();
  });

  test('an unknown state counts as running', () => {
    expect(parseLock('{"pid":1,"startTime":"a","state":"?"}')).toEqual({ pid: 1, startTime: 'a', state: 'running' });
  });

  test('is taken, private, given back, and leaves no drafts', async () => {
    const answer = await takeLock(dir);
    if (!answer.ok) throw new Error('refused');
    const file = join(dir, 'supervisor.lock');
    expect(parseLock(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, state: 'running' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    answer.lock.stopping();
    expect(parseLock(readFileSync(file, 'utf8'))).toMatchObject({ state: 'stopping' });
    answer.lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  test('of a living one is refused at once', () =>
    withOther(async (holder) => {
      write({ ...holder, state: 'running' });
      expect(await takeLock(dir)).toEqual({ ok: false, refusal: 'in-use', holder: { ...holder, state: 'running' } });
    }));

  test('of a stopping one is waited for, and had when that ends', () =>
    withOther(async (holder, end) => {
      write({ ...holder, state: 'stopping' });
      const waiting = takeLock(dir);
      await end();
      expect((await waiting).ok).toBe(true);
    }));

  test('of a stopping one that does not end is refused in the end', () =>
    withOther(async (holder) => {
      write({ ...holder, state: 'stopping' });
      expect((await takeLock(dir, { waitMs: 250 })).ok).toBe(false);
    }));

  test.each([
    ['a dead holder', { pid: 2 ** 22 - 1, startTime: 'x', state: 'running' }],
    ['a holder whose pid another process has now', { pid: process.pid, startTime: 'earlier', state: 'running' }],
    ['half a file', 'x'],
  ])('of %s is taken over', async (_, content) => {
    write(content);
    expect((await takeLock(dir)).ok).toBe(true);
    expect(readdirSync(dir)).toEqual(['supervisor.lock']);
  });

  test('of two at once one is refused', async () => {
    write({ pid: 2 ** 22 - 1, startTime: 'x', state: 'running' });
    const answers = await Promise.all([takeLock(dir), takeLock(dir)]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
});
