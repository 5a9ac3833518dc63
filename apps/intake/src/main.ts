import 'reflect-metadata';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { openPool, waitForSchema } from '@tocsin/store';
import { createLogger, createMetrics, onStop } from '@tocsin/telemetry';
import { serveIntake } from './serve.js';

async function main(): Promise<void> {
  assertSoundRules();
  const settings = loadSettings('intake');
  const log = createLogger('intake', { logLevel: settings.logLevel });
  const metrics = createMetrics('intake');
  const pool = openPool({ url: settings.databaseUrl, name: 'intake.start', max: 1 });
  await waitForSchema(pool).finally(() => pool.end());
  const served = await serveIntake({ settings, log, metrics }, { port: settings.port, bind: settings.bindAddress });
  onStop({ logger: log, stop: () => served.close() });
  log.info('intake.started', { url: served.url });
}

void main();
