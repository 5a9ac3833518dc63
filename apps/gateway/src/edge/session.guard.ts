import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Sight } from '@tocsin/contracts';
import type { ConfigDocument } from '@tocsin/domain';
import { type Person, seesAnything, sessionOfToken, sightOf } from '@tocsin/operations';
import type { SessionRow } from '@tocsin/store';
import type { FastifyRequest } from 'fastify';
import { Parts } from '../parts.js';
import { readCookie } from './cookies.js';
import { Refused } from './refused.js';

export const sessionCookie = 'tocsin_session';

/** Who asks, what he may read, and the configuration by which that was decided. */
export interface Who {
  readonly session: SessionRow;
  readonly person: Person;
  readonly sight: Sight;
  readonly config: ConfigDocument;
}

const isPublic = 'tocsin:public';
/** A door that needs no session. A foreign origin is still refused. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(isPublic, true);

const needsNoRights = 'tocsin:needs-no-rights';
/** A door for every session, also of somebody whose rights were taken away: his own affairs. */
export const OwnAffair = (): MethodDecorator & ClassDecorator => SetMetadata(needsNoRights, true);

type WithWho = FastifyRequest & { who?: Who };
export const CurrentWho = createParamDecorator((_: unknown, context: ExecutionContext): Who => {
  const who = context.switchToHttp().getRequest<WithWho>().who;
  if (who === undefined) throw new Refused('no-session');
  return who;
});

/**
 * Session and origin (decisions.md section 8): a foreign Origin is refused whatever it carries; a write by cookie needs
 * an allowed Origin; a bearer token needs none. A bad bearer never falls back to the cookie.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly parts: Parts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<WithWho>();
    const { origin, authorization } = request.headers;
    if (origin !== undefined && !this.parts.origins.allows(origin)) throw new Refused('foreign-origin');
    if (this.is(isPublic, context)) return true;
    const cookie = authorization === undefined ? readCookie(request, sessionCookie) : undefined;
    if (cookie !== undefined && origin === undefined && request.method !== 'GET' && request.method !== 'HEAD') {
      throw new Refused('foreign-origin', { message: 'A write by cookie needs the Origin of this service.' });
    }
    const token = authorization === undefined ? cookie : bearerOf(authorization);
    request.who = await this.whoOf(token);
    if (!seesAnything(request.who.sight) && !this.is(needsNoRights, context)) throw new Refused('forbidden');
    return true;
  }

  private is(mark: string, context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(mark, places) === true;
  }

  private async whoOf(token: string | undefined): Promise<Who> {
    const session = token === undefined ? null : await sessionOfToken(this.parts.pool, token);
    if (session === null) throw new Refused('no-session');
    const { document } = await this.parts.context.config.current();
    const person: Person = { id: session.id, agency: session.agency, grants: session.grants };
    return { session, person, sight: sightOf(person, document.sites), config: document };
  }
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(authorization)?.[1];
}
