import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkReady, createLogger, createMetrics, type HealthServer, serveHealth } from './index.js';

describe('logger', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('notifier', { logLevel: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  beforeEach(() => lines.splice(0));

  it('writes one line per event with its name, level, time and fields', () => {
    log.info('page.sent', { deliveryId: 'd1', durationMs: 12 });
    log.debug('page.weighed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      app: 'notifier',
      event: 'page.sent',
      deliveryId: 'd1',
      durationMs: 12,
    });
    expect(lines[0]?.['at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('keeps the fields of a child and prints secrets as ***', () => {
    log
      .child({ lane: 'critical' })
      .warn('page.retried', { token: 'abc', settings: { password: 'x' }, reason: 'timeout' });
    expect(lines[0]).toMatchObject({
      lane: 'critical',
      token: '***',
      settings: { password: '***' },
      reason: 'timeout',
    });
  });

  it('says what an exception was', () => {
    log.error('lane.failed', { error: new Error('boom') });
    expect(lines[0]?.['error']).toMatchObject({ message: 'boom' });
  });
});

describe('metrics', () => {
  it('gives the same metric for the same name', async () => {
    const metrics = createMetrics('engine', { processMetrics: false });
    metrics.counter('pages_total', 'Pages', ['channel']).inc({ channel: 'push' });
    metrics.counter('pages_total', 'Pages', ['channel']).inc({ channel: 'push' }, 2);
    expect(await metrics.registry.metrics()).toContain('tocsin_pages_total{channel="push",app="engine"} 3');
  });
});

describe('health', () => {
  let server: HealthServer;
  let ready = { ready: false, reason: 'no database' };
  beforeAll(async () => {
    const { registry } = createMetrics('engine', { processMetrics: false });
    server = await serveHealth({ port: 0, bind: '127.0.0.1', ready: () => ready, registry });
  });
  afterAll(() => server.close());

  it('is live whatever else, ready when the process says so', async () => {
    expect((await fetch(`${server.url}/healthz/live`)).status).toBe(200);
    const refused = await fetch(`${server.url}/healthz/ready`);
    expect([refused.status, await refused.json()]).toEqual([503, { status: 'not-ready', reason: 'no database' }]);
    ready = { ready: true, reason: '' };
    expect((await fetch(`${server.url}/healthz/ready`)).status).toBe(200);
  });

  it('serves metrics, and nothing else', async () => {
    expect((await fetch(`${server.url}/metrics`)).headers.get('content-type')).toContain('text/plain');
    expect((await fetch(`${server.url}/etc/passwd`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('counts a check that throws as not ready', async () => {
    expect(await checkReady(() => Promise.reject(new Error('pool is closed')))).toEqual({
      ready: false,
      reason: 'pool is closed',
    });
  });
});

describe('onStop', () => {
  // A real process, because the subject is signals and exit codes. It runs the built lib: `npm test` builds first.
  const run = (body: string) => {
    const script = `const { onStop, createLogger } = require(${JSON.stringify(require.resolve('../dist/index.js'))});
      const logger = createLogger('t'); setInterval(() => {}, 1000); ${body}; console.log('up')`;
    return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  };

  it('stops once, however often it is told', async () => {
    const child = run(
      `onStop({ logger, stop: async () => { console.log('STOP'); await new Promise((r) => setTimeout(r, 50)) } })`,
    );
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect([code, output.match(/STOP/g)?.length]).toEqual([0, 1]);
  });

  it('ends a stop that hangs', async () => {
    const child = run('onStop({ logger, deadlineMs: 50, stop: () => new Promise(() => {}) })');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(1);
  });
});
