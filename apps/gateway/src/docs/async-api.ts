import { consoleNamespace } from '@tocsin/contracts';
import { eventTypes } from '@tocsin/domain';
import { jsonSchemas, type Schema } from './json-schemas.js';

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const list = (name: string): Schema => ({ type: 'array', items: ref(name) });
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const cursor: Schema = { type: 'string', description: 'Opaque. Everything before it has been sent.' };

const messages: Readonly<Record<string, { summary: string; payload: Schema }>> = {
  subscribe: {
    summary: 'Sent once per connection; the acknowledgement is a snapshot, or events after `after`',
    payload: ref('SubscribeMessage'),
  },
  snapshot: {
    summary: 'Replaces all that the client holds',
    payload: object({
      cursor,
      snapshot: object({ incidents: list('IncidentView'), teams: list('TeamView'), sites: list('SiteView') }),
    }),
  },
  events: {
    summary: 'Per incident in order and without gaps; drop the (stream, seq) you hold',
    payload: object({ cursor, events: list('EventView'), incidents: list('IncidentView') }),
  },
  heartbeat: {
    summary: 'Every 2 s while the gateway can read',
    payload: object({ cursor, at: { type: 'string', format: 'date-time' } }),
  },
  revoked: {
    summary: 'The session ended; the socket is closed after it',
    payload: object({
      code: { type: 'string', enum: ['session-ended', 'session-expired', 'person-inactive', 'no-rights'] },
    }),
  },
};

/** AsyncAPI 3.0 of the console's socket. */
export function asyncApi(address: string): Schema {
  const channel = { $ref: '#/channels/console' };
  const message = (name: string) => ({ $ref: `#/channels/console/messages/${name}` });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tocsin, live',
      version: '1',
      description:
        'Socket.IO, transport websocket alone; `auth: { token }` is the session token or a ticket of POST /v1/session/socket-ticket. Acts go by REST.',
    },
    servers: { gateway: { host: new URL(address).host, protocol: 'ws', description: 'Path /socket.io/' } },
    channels: {
      console: {
        address: consoleNamespace,
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: {
      subscribe: {
        action: 'receive',
        channel,
        messages: [message('subscribe')],
        reply: { channel, messages: [message('snapshot'), message('events')] },
      },
      tell: { action: 'send', channel, messages: ['snapshot', 'events', 'heartbeat', 'revoked'].map(message) },
    },
    components: {
      messages: Object.fromEntries(
        Object.entries(messages).map(([name, { summary, payload }]) => [name, { name, summary, payload }]),
      ),
      schemas: { ...jsonSchemas(), EventType: { type: 'string', enum: [...eventTypes] } },
    },
  };
}
