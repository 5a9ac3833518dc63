import 'reflect-metadata';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { openPool, waitForSchema } from '@tocsin/store';
import { createLogger, createMetrics, onStop } from '@tocsin/telemetry';
import { startGateway } from './start-gateway.js';

async function main(): Promise<void> {
  assertSoundRules();
  const settings = loadSettings('gateway');
  const log = createLogger('gateway', settings);
  const metrics = createMetrics('gateway');
  const pool = openPool({ url: settings.databaseUrl, name: 'gateway.start', max: 1 });
  await waitForSchema(pool);
  await pool.end();
  const gateway = await startGateway(settings, { log, metrics });
  onStop({ logger: log, stop: () => gateway.close() });
  log.info('gateway.started', { url: gateway.url });
}

void main();
