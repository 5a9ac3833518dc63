import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { cloneDir } from '@tocsin/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parts } from './parts.js';

export const consoleDist = join(cloneDir, 'apps', 'console', 'dist');
/** Vite puts a hash of the content in the names of these: a name never changes what it means. */
const hashed = `${sep}assets${sep}`;

/** The console's files at `/`. Without a build, 404 in words: everything else works all the same. */
export async function serveConsole(
  app: NestFastifyApplication,
  { log }: Pick<Parts, 'log'>,
  dir: string,
): Promise<void> {
  if (!existsSync(join(dir, 'index.html'))) {
    log.warn('console.missing', { dir });
    app.getHttpAdapter().get('/', (_request: FastifyRequest, reply: FastifyReply) => {
      void reply.status(404).type('text/plain; charset=utf-8').send('The console has not been built: npm run build.\n');
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: dir,
    index: 'index.html',
    redirect: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.header(
        'cache-control',
        path.includes(hashed)
          ? 'public, max-age=31536000, immutable'
          : path.endsWith('.html')
            ? 'no-store'
            : 'no-cache',
      );
    },
  });
}
