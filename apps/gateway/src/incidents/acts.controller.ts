import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { type ActBody, actBodies, OpenIncidentBody } from '@tocsin/contracts';
import type { Act, ActName } from '@tocsin/domain';
import { type ActAnswer, idempotentRequest, openByHand, performAct } from '@tocsin/operations';
import type { FastifyReply } from 'fastify';
import { Refused } from '../edge/refused.js';
import { CurrentWho, type Who } from '../edge/session.guard.js';
import { validBody } from '../edge/validated.js';
import { Parts } from '../parts.js';
import { knownForm } from './incidents.controller.js';

/** Everything that changes an incident comes through here: one door, one check of rights. */
@Controller('v1/incidents')
export class ActsController {
  constructor(private readonly parts: Parts) {}

  @Post()
  @HttpCode(201)
  async open(
    @Body() given: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @CurrentWho() who: Who,
    @Res() reply: FastifyReply,
  ) {
    const body = validBody(OpenIncidentBody, given);
    const idempotency = idempotentRequest(who.person, 'POST /v1/incidents', validKey(key), body);
    send(reply, await openByHand(this.parts.context, { person: who.person, sight: who.sight, body, idempotency }));
  }

  @Post(':id/:act')
  @HttpCode(200)
  async act(
    @Param() { id, act }: { id: string; act: string },
    @Body() given: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @CurrentWho() who: Who,
    @Res() reply: FastifyReply,
  ) {
    if (!Object.hasOwn(actBodies, act)) throw new Refused('not-found');
    const incidentId = knownForm(id);
    const body = validBody(actBodies[act as ActName], given);
    const { expectedVersion, onBehalfOf, occurredAt, ...rest } = body as ActBody & Record<string, unknown>;
    const idempotency = idempotentRequest(who.person, `POST /v1/incidents/${incidentId}/${act}`, validKey(key), given);
    const { person, sight } = who;
    const request = {
      person,
      sight,
      incidentId,
      act: { act, ...rest } as unknown as Act,
      expectedVersion,
      onBehalfOf,
      occurredAt,
      idempotency,
    };
    send(reply, await performAct(this.parts.context, request));
  }
}

function validKey(key: string | undefined): string | undefined {
  if (key !== undefined && !/^[\x21-\x7e]{1,256}$/.test(key)) throw new Refused('bad-idempotency-key');
  return key;
}

/** The answer's bytes are those that were stored with the key. */
function send(reply: FastifyReply, answer: ActAnswer): void {
  if (!answer.ok) {
    const { incident, incidentId } = answer;
    const extra = {
      ...(incident === undefined ? {} : { incident }),
      ...(incidentId === undefined ? {} : { incidentId }),
    };
    // To a client, moving without having been sent is one more move that does not lead anywhere.
    throw new Refused(answer.code === 'not-assigned' ? 'illegal-move' : answer.code, {
      message: answer.message,
      extra,
    });
  }
  void reply.status(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.text);
}
