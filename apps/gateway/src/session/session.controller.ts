import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { SignInBody, type UserView } from '@tocsin/contracts';
import { instantText } from '@tocsin/domain';
import { actsOf, endSession, issueTicket, rolesOf, sessionAtMostS, sightOf } from '@tocsin/operations';
import type { UserRow } from '@tocsin/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readCookie, setCookie } from '../edge/cookies.js';
import { Refused } from '../edge/refused.js';
import { CurrentWho, OwnAffair, Public, sessionCookie, type Who } from '../edge/session.guard.js';
import { validBody } from '../edge/validated.js';
import { Parts } from '../parts.js';
import { DeviceCookie, deviceCookie } from './device-cookie.js';

@OwnAffair()
@Controller('v1/session')
export class SessionController {
  private readonly devices: DeviceCookie;

  constructor(private readonly parts: Parts) {
    this.devices = new DeviceCookie(parts.settings.secret);
  }

  @Public()
  @Post()
  @HttpCode(201)
  async signIn(
    @Body() given: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { username, password } = validBody(SignInBody, given);
    const device = this.devices.read(readCookie(request, deviceCookie), username);
    const outcome = await this.parts.signIn.attempt({ account: username, address: request.ip, device }, password);
    if (!outcome.ok)
      throw outcome.code === 'too-many-attempts'
        ? new Refused(outcome.code, { retryAfterS: outcome.retryAfterS })
        : new Refused(outcome.code);
    const { session, user } = outcome;
    setCookie(reply, sessionCookie, session.token, { path: '/', maxAgeS: sessionAtMostS, secure: this.isSecure });
    setCookie(reply, deviceCookie, this.devices.make(username, device), {
      path: '/v1/session',
      maxAgeS: 365 * 86_400,
      secure: this.isSecure,
    });
    const { document } = await this.parts.context.config.current();
    return {
      token: session.token,
      expiresAt: instantText(session.expiresAt),
      user: userView(user, sightOf(user, document.sites)),
    };
  }

  @Get()
  whoAmI(@CurrentWho() { session, sight }: Who) {
    return { user: userView(session, sight), expiresAt: instantText(session.expiresAt) };
  }

  @Delete()
  @HttpCode(204)
  async signOut(@CurrentWho() { session }: Who, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await endSession(this.parts.context, session, 'signed-out');
    setCookie(reply, sessionCookie, '', { path: '/', maxAgeS: 0, secure: this.isSecure });
  }

  @Post('socket-ticket')
  @HttpCode(201)
  async ticket(@CurrentWho() { session }: Who) {
    const token = await issueTicket(this.parts.pool, session);
    return { token, ticket: token, expiresInS: 30 };
  }

  private get isSecure(): boolean {
    return this.parts.settings.publicUrl?.startsWith('https:') === true;
  }
}

function userView(user: UserRow, sight: { all: boolean; sites: readonly string[] }): UserView {
  const { id, slug, username, name, language, grants } = user;
  return {
    id,
    slug,
    username,
    name,
    language,
    roles: rolesOf(grants),
    grants,
    sites: sight.all ? null : sight.sites,
    acts: actsOf(grants),
  };
}
