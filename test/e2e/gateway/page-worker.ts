import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ShownPage {
  readonly title: string;
  readonly body: string;
  readonly lang?: string;
  readonly dir?: string;
  readonly tag?: string;
  readonly requireInteraction?: boolean;
  readonly data: unknown;
  readonly actions?: readonly { readonly action: string; readonly title: string }[];
  close(): void;
}
type Handler = (event: object) => void;

/** The console's service worker as a phone runs it, in this process; what it asks goes to the gateway at `url`. */
export class PageWorker {
  readonly shown: ShownPage[] = [];
  readonly asked: { readonly path: string; readonly status: number }[] = [];
  readonly opened: string[] = [];
  isOffline = false;
  private readonly handlers = new Map<string, Handler>();

  constructor(private readonly url: string) {
    const code = readFileSync(join(__dirname, '../../../apps/console/public/sw.js'), 'utf8');
    new Function('self', 'fetch', code)(this.scope(), (path: string, init: RequestInit) => this.fetch(path, init));
  }

  /** A browser without declarative push hands over the bytes. */
  push(payload: string): Promise<void> {
    const data = { json: () => JSON.parse(payload) as unknown, text: () => payload };
    return this.dispatch('push', { data });
  }

  /** One that knows it reads the message itself: the worker gets the proposed notification and no bytes (Push API, "receiving a push message"). */
  pushDeclared(payload: string): Promise<void> {
    const { notification } = JSON.parse(payload) as { notification: object };
    return this.dispatch('push', { data: null, notification });
  }

  tap(notification: ShownPage, action = ''): Promise<void> {
    return this.dispatch('notificationclick', { notification, action });
  }

  private async dispatch(type: string, event: object): Promise<void> {
    const work: Promise<unknown>[] = [];
    this.handlers.get(type)?.({ ...event, waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  }

  private scope(): object {
    return {
      addEventListener: (type: string, handler: Handler) => this.handlers.set(type, handler),
      location: new URL(this.url),
      registration: {
        showNotification: async (title: string, options: Omit<ShownPage, 'title' | 'close'>) => {
          this.shown.push({ ...structuredClone(options), title, close: () => undefined });
        },
      },
      clients: {
        matchAll: async () => [],
        openWindow: async (address: string) => this.opened.push(address),
      },
    };
  }

  private async fetch(path: string, { method, headers, body }: RequestInit): Promise<Response> {
    if (this.isOffline) throw new TypeError('Failed to fetch');
    // Browsers send the worker's own origin with every POST.
    const answer = await fetch(this.url + path, {
      method,
      headers: { ...(headers as Record<string, string>), origin: new URL(this.url).origin },
      ...(body ? { body } : {}),
    });
    this.asked.push({ path, status: answer.status });
    return answer;
  }
}
