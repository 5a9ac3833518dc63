import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { Origins } from './origins.js';

/**
 * No script but our own files, nothing embedded anywhere, and connections only to ourselves. Styles may stand in the
 * page: the component library writes its variables there, and a style cannot act.
 */
export function contentSecurity(origins: Origins, publicUrl: string | null): FastifyHelmetOptions {
  const isHttps = publicUrl?.startsWith('https:') === true;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        // Some browsers do not count a websocket to the same place as 'self'.
        connectSrc: ["'self'", () => origins.sockets.join(' ')],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        mediaSrc: ["'self'", 'data:', 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}
