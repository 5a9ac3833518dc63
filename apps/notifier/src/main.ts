import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { openPool, waitForSchema } from '@tocsin/store';
import { createLogger, createMetrics, onStop, serveHealth } from '@tocsin/telemetry';
import { Notifier, NotifierModule } from './notifier.module.js';

async function main(): Promise<void> {
  assertSoundRules();
  const settings = loadSettings('notifier');
  const log = createLogger('notifier', settings);
  const metrics = createMetrics('notifier');
  await whenSchemaIsReady(settings.databaseUrl);
  const app = await NestFactory.createApplicationContext(NotifierModule.of({ settings, log, metrics }), {
    logger: false,
  });
  const notifier = app.get(Notifier);
  const health = await serveHealth({
    port: settings.port,
    bind: settings.bindAddress,
    ready: () => notifier.isReady(),
    registry: metrics.registry,
  });
  onStop({
    logger: log,
    stop: async () => {
      await app.close();
      await health.close();
    },
  });
  log.info('notifier.started', { url: health.url });
}

async function whenSchemaIsReady(url: string): Promise<void> {
  const pool = openPool({ url, name: 'notifier.start', max: 1 });
  await waitForSchema(pool).finally(() => pool.end());
}

void main();
