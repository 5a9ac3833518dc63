import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunFile } from '@tocsin/config';
import { keepRunFile } from './run-file.js';

const where = { postgres: 'postgres://owner@h/d', postgresApp: 'postgres://app@h/d', redis: null };
const urls = { intake: 'http://h:1', gateway: 'http://h:2' };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-run-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('run.json appears when every service has a process, private, and follows restarts', () => {
  const began = keepRunFile(dir, where, urls);
  began('intake', 11);
  expect(readRunFile(dir)).toBeNull();
  began('gateway', 12);
  expect(readRunFile(dir)).toEqual({
    ...where,
    services: { intake: { pid: 11, url: 'http://h:1' }, gateway: { pid: 12, url: 'http://h:2' } },
  });
  expect(statSync(join(dir, 'run.json')).mode & 0o777).toBe(0o600);
  began('intake', 13);
  expect(readRunFile(dir)?.services.intake?.pid).toBe(13);
});

test('a launch that failed changes nothing: pid 0 would be the reader itself', () => {
  const began = keepRunFile(dir, where, urls);
  began('intake', 11);
  began('gateway', 0);
  expect(readRunFile(dir)).toBeNull();
  began('gateway', 12);
  began('gateway', 0);
  expect(readRunFile(dir)?.services.gateway?.pid).toBe(12);
});
