import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { cloneDir } from '@tocsin/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parts } from './parts.js';

const dist = join(cloneDir, 'apps', 'console', 'dist');
/** Vite puts a hash of the content in the names of these: a name never changes what it means. */
const hashed = `${sep}assets${sep}`;

/** The console's files at `/`; every page of it is the one index.html. Without a build, 404 in words. */
export async function serveConsole(app: NestFastifyApplication, { log }: Pick<Parts, 'log'>): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  if (!existsSync(join(dist, 'index.html'))) {
    log.warn('console.missing', { path: 'apps/console/dist' });
    fastify.get('/', (_request: FastifyRequest, reply: FastifyReply) => {
      void reply.status(404).type('text/plain; charset=utf-8').send('The console has not been built: npm run build.\n');
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: dist,
    index: 'index.html',
    redirect: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', path.includes(hashed) ? 'public, max-age=31536000, immutable' : path.endsWith('.html') ? 'no-store' : 'no-cache');
    },
  });
  // Addresses inside the console, opened anew: index.html finds its way.
  for (const page of ['/incidents/*', '/phone', '/phone/*', '/review', '/review/*', '/wall', '/teams', '/sign-in']) {
    fastify.get(page, (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile('index.html'));
  }
}
