import 'reflect-metadata';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { whenSchemaIsReady } from '@tocsin/store';
import { compileEarly, createLogger, createMetrics, onStop } from '@tocsin/telemetry';
import { serveIntake } from './serve.js';

async function main(): Promise<void> {
  compileEarly();
  assertSoundRules();
  const settings = loadSettings('intake');
  const log = createLogger('intake', { logLevel: settings.logLevel });
  const metrics = createMetrics('intake');
  await whenSchemaIsReady(settings.databaseUrl, 'intake');
  const served = await serveIntake({ settings, log, metrics }, { port: settings.port, bind: settings.bindAddress });
  onStop({ logger: log, stop: () => served.close() });
  log.info('intake.started', { url: served.url });
}

void main();
